import type { Outcome } from './store/grounds.js';
import type { Plan } from './store/plan.js';
import { betweenSteps } from './store/plan.js';
import type { ChaosReport } from './store/run.js';

const MOST_VIOLATIONS = 20;

/** The plan, a line a point: the same for the same seed. */
export function planAsText({ seed, faults, kills, cuts, stalls }: Plan): string {
  const lines = [`seed ${seed}: ${faults.join(', ')}`];
  if (faults.includes('kill')) lines.push(...kills.map(({ step, moment, nth, victim, delayMicroseconds }, index) => `kill ${index + 1}: ${victim} ${delayMicroseconds > 0 ? `${delayMicroseconds} µs ` : ''}${moment} ${step} ${nth}`));
  if (faults.includes('cut')) lines.push(...cuts.map(({ statement, cut, nth }) => `cut: ${cut} of ${statement} ${nth}`));
  if (faults.includes('stall')) lines.push(...stalls.map(({ statement, cut, nth }) => `stall: ${cut} of ${statement} ${nth}`));
  return `${lines.join('\n')}\n`;
}

interface Row {
  readonly fault: string;
  readonly what: string;
  readonly figures: readonly string[];
}

const heads = ['points', 'logs', 'acknowledged', 'unknown', 'resolved', 'found', 'seconds'] as const;

function rowOf(outcome: Outcome): Row {
  const { fault, points, trials, acknowledged, unknown, resolved, violations, planted, notRun, durationMs } = outcome;
  const what = `${outcome.what}${fault === 'disk-full' ? ` (${Object.entries(outcome.reached).map(([how, times]) => `${how}: ${times}`).join('; ')})` : ''}`;
  if (notRun !== undefined) return { fault, what: `${what} (not run: ${notRun})`, figures: ['–', '–', '–', '–', '–', 'not run', '–'] };
  const found = planted ? (planted.found.length > 0 ? 'found, as it must be' : 'NOT FOUND') : String(violations.length);
  return { fault: planted ? `planted ${planted.bug}` : fault, what, figures: [points, trials, acknowledged, unknown, resolved, found, Math.round(durationMs / 1_000)].map(String) };
}

const found = ({ outcomes }: ChaosReport): string[] => outcomes.filter(({ planted }) => !planted).flatMap(({ violations }) => violations);

export function asText(report: ChaosReport): string {
  const rows = report.outcomes.map(rowOf);
  const table = [['', ...heads], ...rows.map(({ fault, figures }) => [fault, ...figures])];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '));
  const violations = found(report);
  const told = violations.slice(0, MOST_VIOLATIONS).map((what) => `  ${what}`);
  const missed = report.outcomes.flatMap(({ missed: places }) => places);
  return [
    ...lines, '', `${Math.round(report.durationMs / 1_000)} s; ${violations.length} violations${violations.length > 0 ? ':' : ''}`, ...told,
    ...(violations.length > told.length ? [`  … and ${violations.length - told.length} more (--json has all)`] : []),
    ...(missed.length > 0 ? [`not reached in time, killed or cut all the same: ${missed.join(', ')}`] : []), '',
  ].join('\n');
}

/** docs/reference/chaos.md. */
export function asMarkdown(report: ChaosReport): string {
  const rows = report.outcomes.map(rowOf);
  const kill = report.outcomes.find(({ fault }) => fault === 'kill');
  return [
    '# Chaos', '',
    'Written by `npm run chaos -- --write`. Faults are let loose on the event store under load; after each, what clients were told,',
    'what readers saw and what subscribers acted on goes through the history checker of `libs/testing`, whoever was not answered asks',
    'again under the id of its command, and every read model is compared with its rebuild.', '',
    `Seed ${report.seed}, ${report.points} kill points, ${Math.round(report.durationMs / 1_000)} s, on ${report.machine}, PostgreSQL ${report.postgres};`,
    `the load average was ${report.loadAverage} at the end. fsync is off:`,
    'what is killed are processes, not the machine, and in most logs nothing is flushed in the background (`wal_writer_delay`).', '',
    `| Fault | ${heads.join(' | ')} |`, `| --- | ${heads.map(() => '---:').join(' | ')} |`,
    ...rows.map(({ fault, figures }) => `| ${fault} | ${figures.join(' | ')} |`), '',
    '`logs`: each with a service, its read models, reactions, deadlines and subscribers, and one to three more writers. `unknown`: commands',
    'that were not answered when the fault came. `resolved`: those of them that had an answer in the end. A planted bug must be found.', '',
    '## What is done', '', ...rows.map(({ fault, what }) => `- **${fault}**: ${what}`), '',
    ...(kill ? coverage(kill) : []),
    '## What was found', '', ...(found(report).length === 0 ? ['Nothing but what was planted.'] : found(report).map((what) => `- ${what}`)), '',
  ].join('\n');
}

/** How often somebody was killed between which two steps. */
function coverage({ reached }: Outcome): string[] {
  const steps = [...new Set(betweenSteps.map(({ step }) => step))];
  const cell = (step: string, moment: string) => String(reached[`${step} ${moment}`] ?? (betweenSteps.some((place) => place.step === step && place.moment === moment) ? 0 : '–'));
  return [
    '## Kills between every two steps', '',
    'Before a statement is sent, when it has been handed to the kernel (and up to 2 ms later), and when its answer has come and nobody',
    'has been told.', '', '| Step | before | sent | after |', '| --- | ---: | ---: | ---: |',
    ...steps.map((step) => `| ${step} | ${cell(step, 'before')} | ${cell(step, 'sent')} | ${cell(step, 'after')} |`), '',
  ];
}
