import type { Moment } from '../store/steps.js';
import type { KafkaOutcome } from './grounds.js';
import type { KafkaChaosReport } from './run.js';
import type { KafkaStep } from './steps.js';
import { ingestSteps, momentsOf, relaySteps, replaySteps } from './steps.js';

const MOST_VIOLATIONS = 20;
const heads = ['points', 'trials', 'published', 'again', 'taken in', 'parked', 'found', 'seconds'] as const;

interface Row {
  readonly fault: string;
  readonly what: string;
  readonly figures: readonly string[];
}

function rowOf({ fault, what, points, trials, published, duplicates, takenIn, parked, violations, planted, notRun, durationMs }: KafkaOutcome): Row {
  if (notRun !== undefined) return { fault, what: `not run: ${notRun}`, figures: heads.map((head) => (head === 'found' ? 'not run' : '–')) };
  const found = planted ? (planted.found.length > 0 ? 'found, as it must be' : 'NOT FOUND') : String(violations.length);
  return { fault: planted ? `planted ${planted.bug}` : fault, what, figures: [points, trials, published, duplicates, takenIn, parked, found, Math.round(durationMs / 1_000)].map(String) };
}

const found = ({ outcomes }: KafkaChaosReport): string[] => outcomes.filter(({ planted }) => !planted).flatMap(({ violations }) => violations);

export function kafkaReportAsText(report: KafkaChaosReport): string {
  const table = [['', ...heads], ...report.outcomes.map(rowOf).map(({ fault, figures }) => [fault, ...figures])];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '));
  const violations = found(report);
  const told = violations.slice(0, MOST_VIOLATIONS).map((what) => `  ${what}`);
  const missed = report.outcomes.flatMap(({ missed: places }) => places);
  const notRun = report.outcomes.find(({ notRun: why }) => why !== undefined)?.notRun;
  return [
    ...lines, '', `${Math.round(report.durationMs / 1_000)} s; ${violations.length} violations${violations.length > 0 ? ':' : ''}`, ...told,
    ...(violations.length > told.length ? [`  … and ${violations.length - told.length} more (--json has all)`] : []),
    ...(missed.length > 0 ? [`not reached in time, killed or cut all the same: ${missed.join(', ')}`] : []),
    ...(notRun === undefined ? [] : [`not run: ${notRun}`]), '',
  ].join('\n');
}

/** docs/reference/chaos-kafka.md. */
export function kafkaReportAsMarkdown(report: KafkaChaosReport): string {
  const rows = report.outcomes.map(rowOf);
  const reached = report.outcomes.flatMap((outcome) => (outcome.planted ? [] : Object.entries(outcome.reached)));
  return [
    '# Chaos over Kafka', '',
    'Written by `npm run chaos -- kafka --write`. Two services, each with a database of its own, publish over a real broker and take in',
    'what the other says, as processes of their own that are killed; after each fault `checkDelivery` of `libs/testing` compares what',
    'clients were told with the logs, the topics, what is parked, what reactions did, and read models with their rebuild.', '',
    `Seed ${report.seed}, ${Math.round(report.durationMs / 1_000)} s, on ${report.machine}, Kafka ${report.kafka} with one node;`,
    `the load average was ${report.loadAverage} at the end. What is killed are processes, not the machine.`, '',
    `| Fault | ${heads.join(' | ')} |`, `| --- | ${heads.map(() => '---:').join(' | ')} |`,
    ...rows.map(({ fault, figures }) => `| ${fault} | ${figures.join(' | ')} |`), '',
    '`published`: public events of both logs. `again`: records on the topics beyond one for each of them. `taken in`: foreign events in both',
    'logs. `parked`: the poisoned ones (1 % and more) and what follows them on their streams, exactly, that nobody has decided about. A',
    'planted bug must be found.', '',
    '## What is done', '', ...rows.map(({ fault, what }) => `- **${fault}**: ${what}`), '',
    ...(reached.length > 0 ? coverage(new Map(reached)) : []),
    '## What was found', '', ...(found(report).length === 0 ? ['Nothing but what was planted.'] : found(report).map((what) => `- ${what}`)), '',
  ].join('\n');
}

/** How often a process was killed between which two steps. */
function coverage(reached: ReadonlyMap<string, number>): string[] {
  const cell = (step: KafkaStep, moment: Moment) => (momentsOf(step).includes(moment) ? String(reached.get(`${step} ${moment}`) ?? 0) : '–');
  const rows = (who: string, steps: readonly KafkaStep[]) => steps.map((step) => `| ${who} | ${step} | ${cell(step, 'before')} | ${cell(step, 'sent')} | ${cell(step, 'after')} |`);
  return [
    '## Kills between every two steps', '', 'Before it is asked for, when that is on its way, and when the answer has come and nothing has followed from it.', '',
    '| Of | Step | before | sent | after |', '| --- | --- | ---: | ---: | ---: |', ...rows('relay', relaySteps), ...rows('ingest', ingestSteps), ...rows('replay', replaySteps), '',
  ];
}
