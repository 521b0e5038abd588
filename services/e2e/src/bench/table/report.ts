import type { Spread } from '../statistics.js';
import type { Cell, Figures } from './cells.js';
import { nameOf } from './cells.js';
import type { Point } from './curve.js';
import type { TableReport } from './run.js';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const decimals = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
const shown = ({ median, min, max }: Spread, show: (value: number) => string): string => `${show(median)} (${show(min)}–${show(max)})`;

function conditions({ date, machine, load, node, postgres, options }: TableReport): string[] {
  return [
    `Measured ${date.slice(0, 16).replace('T', ' ')} UTC`,
    `Machine: ${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}; load average ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after`,
    `Node ${node.slice(1)}, PostgreSQL ${postgres.version} (fsync ${postgres.fsync}, synchronous_commit ${postgres.synchronousCommit}), server and writers on this machine`,
    `${options.rounds} rounds, ${options.durationMs / 1_000} s a contender and round, warmed up first; median (min–max) over the rounds, ratios round by round`,
  ];
}

const HEAD = ['contender', 'events/s', 'p50 ms', 'p99 ms', 'client µs an event'];
const figures = ({ contender, eventsPerSecond, p50Ms, p99Ms, clientUs }: Figures): string[] => [
  contender, shown(eventsPerSecond, whole), shown(p50Ms, decimals), shown(p99Ms, decimals), decimals(clientUs.median),
];
const ratios = ({ rateRatio, p99Ratio }: Cell): string => `events/s ${shown(rateRatio, decimals)} × plain inserts, p99 ${shown(p99Ratio, decimals)} ×`;

const CURVE_HEAD = ['events in the log, before → after', 'µs an append, 64 writers', '÷ shortest', 'WAL bytes an event', 'p50 ms, 1 writer', ''];
const BAR = 12;
/** The bar is the ratio, so that a cost that grows is seen without reading. */
const point = ({ length, lengthAfter, costUs, ratio, walBytes, aloneP50Ms }: Point): string[] => [
  `${whole(length)} → ${whole(lengthAfter)}`, shown(costUs, decimals), shown(ratio, decimals), whole(walBytes.median), shown(aloneP50Ms, decimals), '█'.repeat(Math.max(1, Math.round(ratio.median * BAR))),
];

const aligned = (rows: readonly (readonly string[])[]): string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
};

/** For a terminal. */
export function asText(report: TableReport): string {
  const { cells, curve, verdicts, notes } = report;
  return `${[
    ...conditions(report),
    ...cells.flatMap((cell) => ['', nameOf(cell), ...aligned([HEAD, ...cell.contenders.map(figures)]), `  ours: ${ratios(cell)}`]),
    ...(curve.length > 0 ? ['', 'cost of an append by the length of the log', ...aligned([CURVE_HEAD, ...curve.map(point)])] : []),
    '', 'asked', ...aligned(verdicts.map(({ state, asked, found }) => [state, asked, found])),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n')}\n`;
}

const MEANING = `## What is compared

One event of about 200 bytes an append, each writer on a stream of its own, \`processes × writers\`. A writer appends again as soon as it
is answered. A process of writers is an operating-system process of its own, as an instance of a service is.

- **this store**: the event, its command and answer and its context are recorded, the stream's version is checked, the log is
  numbered without gaps in order of commit. A process gathers what its writers append while a call is in flight.
- **plain inserts**: a table with the event's own columns and uniqueness, numbered by an identity column; a prepared statement, one
  transaction a row, a connection a writer. No command is recorded, and a reader of the numbers can miss rows.
- **lock over fsync**: this store's tables, rows and checks, gathered in the same way, but the lock is kept until the commit is on
  disk. The simpler design, and what this store would be without its shared flush.

The slowed disk is this disk with \`infra/slow-fsync\` preloaded into the server: each fsync takes 3 ms longer, as on a disk behind a
network. The curve appends to logs that were filled with rows as the store leaves them: every index, a command an event, ids without
order. Ids without order touch pages all over an index; the first touch after a checkpoint writes the whole page ahead (WAL), so
the longer the log, the more a single event writes.
`;

const table = (rows: readonly (readonly string[])[]): string =>
  [rows[0] ?? [], (rows[0] ?? []).map((_, column) => (column === 0 ? '---' : '---:')), ...rows.slice(1)].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** For docs/reference. */
export function asMarkdown(report: TableReport): string {
  const { cells, curve, verdicts, notes } = report;
  const cellTables = cells.map((cell) => `### ${nameOf(cell)}\n\n${table([HEAD, ...cell.contenders.map(figures)])}\n\nOurs: ${ratios(cell)}.\n`);
  const curveTable = curve.length > 0 ? [`## The curve\n\n${table([[...CURVE_HEAD.slice(0, -1), 'ratio drawn'], ...curve.map(point)])}\n`] : [];
  return [
    `# Benchmarks of the append path\n\nWritten by \`npm run bench -- append-table --write\`; run it on your own machine before you rely on any of it. Ratios,\ntaken within the same round, say more than rates.\n`,
    `${conditions(report).map((line) => `- ${line}`).join('\n')}\n`, MEANING,
    `## What was asked\n\n${table([['asked', 'found', ''], ...verdicts.map(({ asked, found, state }) => [asked, found, state])])}\n`,
    ...(notes.length > 0 ? [`${notes.map((note) => `- ${note}`).join('\n')}\n`] : []),
    `## The table\n\n${cellTables.join('\n')}`, ...curveTable,
  ].join('\n');
}
