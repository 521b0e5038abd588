import type { Row } from './measure.js';
import type { Report } from './run.js';
import type { Spread } from './statistics.js';
import type { Verdict } from './targets.js';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const decimals = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
const spreadOf = ({ median, min, max }: Spread, show: (value: number) => string): string => `${show(median)} (${show(min)}–${show(max)})`;

interface Column {
  readonly head: (rows: readonly Row[]) => string;
  readonly cell: (row: Row) => string | undefined;
}

const optional = (head: string, of: (row: Row) => Spread | undefined, show: (value: number) => string): Column => ({
  head: () => head,
  cell: (row) => {
    const value = of(row);
    return value && spreadOf(value, show);
  },
});

const columns: readonly Column[] = [
  { head: () => '', cell: ({ contender }) => contender },
  { head: ([row]) => row?.unit ?? '', cell: ({ rate }) => spreadOf(rate, whole) },
  optional('p50 ms', ({ p50Ms }) => p50Ms, decimals), optional('p99 ms', ({ p99Ms }) => p99Ms, decimals), optional('max ms', ({ maxMs }) => maxMs, decimals),
  optional('CPU µs each', ({ cpuUs }) => cpuUs, decimals), optional('of it the service', ({ serviceCpuUs }) => serviceCpuUs, decimals), optional('memory MiB', ({ memoryMiB }) => memoryMiB, decimals),
  optional('ours ÷ this', ({ ours }) => ours, decimals),
];

/** Heads and cells; a column that nobody has a value for is left out. */
function tableOf(rows: readonly Row[]): string[][] {
  const shown = columns.filter(({ cell }) => rows.some((row) => cell(row) !== undefined));
  return [shown.map(({ head }) => head(rows)), ...rows.map((row) => shown.map(({ cell }) => cell(row) ?? ''))];
}

const groups = (rows: readonly Row[]): [string, readonly Row[]][] => [...Map.groupBy(rows, ({ area, what }) => `${area}: ${what}`)];

/** When and on what it was measured. */
export const surroundings = ({ date, machine, load, node, postgres }: Pick<Report, 'date' | 'machine' | 'load' | 'node' | 'postgres'>): string[] => [
  `Measured ${date.slice(0, 16).replace('T', ' ')} UTC`,
  `Machine: ${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}; load average ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after`,
  `Node ${node.slice(1)}, PostgreSQL ${postgres.version} (fsync ${postgres.fsync}, synchronous_commit ${postgres.synchronousCommit}), server and clients on this machine`,
];

function conditions(report: Report): string[] {
  const { peers, options } = report;
  return [
    ...surroundings(report),
    `Peers: ${peers.join(', ')}`,
    `${options.rounds} rounds, ${options.durationMs / 1_000} s a contender and round, one more round first to warm up; median (min–max) over the rounds`,
  ];
}

const FIGURES: Readonly<Record<Verdict['state'], string>> = { reached: 'reached', missed: 'MISSED', 'not measured': 'not measured' };

const verdictCells = ({ contest, asked, value, state }: Verdict): string[] => [contest, asked, value === undefined ? '' : decimals(value), FIGURES[state]];

/** What was found, for a terminal. */
export function foundAsText({ rows, verdicts, notes }: Pick<Report, 'rows' | 'verdicts' | 'notes'>): string[] {
  const aligned = (table: readonly (readonly string[])[]): string[] => {
    const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
    return table.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
  };
  const lines = groups(rows).flatMap(([what, of]) => ['', what, ...aligned(tableOf(of))]);
  const targets = verdicts.length > 0 ? ['', 'Targets', ...aligned(verdicts.map(verdictCells))] : [];
  return [...lines, ...targets, ...(notes.length > 0 ? ['', ...notes] : [])];
}

/** For a terminal. */
export const asText = (report: Report): string => `${[...conditions(report), ...foundAsText(report)].join('\n')}\n`;

const MEANING = `## What is compared

All run on one PostgreSQL with its default settings for durability, one after the other within each round. Where we make the table of a
contender, it has the columns and indexes of our log, numbered by an identity column; libraries have their own schema as they ship it.
A ratio above 1 means that ours was faster. It is taken round by round, since contenders of one round met the same machine.

- **append**: one event of about 200 bytes an append, each writer on a stream of its own. Ours also records the command with its
  answer and its context, checks the stream's version and numbers the log without gaps. Plain \`pg\` inserts by a prepared statement, a
  transaction a row, on as many connections; \`pgbench\` does so too and is written in C. Emmett, evtstore and castore append with their
  own check of the version, on the best of three sizes of pool (see the notes). Rows gathered by hand are an upper bound: somebody
  has them all before the first is written.
- **batches**: a hundred events of one stream an append, against the same rows by one insert or one COPY.
- **commands**: read, fold, decide, append, with one decider for all, on streams that grow to ten events. Ours records the command
  with what it was decided on, signs its content and folds on from the state it kept; the second line reads the stream each time.
  Emmett has \`CommandHandler\`, evtstore \`createCommands\` with its cache; with castore we call getAggregate and pushEvent.
- **load**: what a command does whose stream is not kept in memory: read, checked for gaps, decoded, folded. Metadata, which no
  decider sees, stay in the database; plain \`pg\` reads whole rows. The snapshot is used as it is used 63 times of 64; the other
  time the stream is folded again from its beginning, to check it.
- **replay**: readAll gives the stored events in pages and looks for holes; the feed decodes them as well. Plain \`pg\` reads the same
  rows and parses nothing. Catching up, ours is a read model from zero that counts, its row and checkpoint in one transaction a page.
  Emmett's consumer gets all its events in one batch, so that it never waits; it stores a checkpoint after every message.
  The log is filled by one SQL statement with the bytes that the store's own path writes.
- **memory**: one process for each length of the log, which reads it page by page: by how much it grew at most from what it
  held before, libraries loaded. One round, since memory varies little. That log is unlogged and has no other index than its order's.
- **lag**: appends are sent at their times, at half the rate that was measured as most, whether the ones before are answered or not.
  From each answer until the subscriber is given the event; zero when that came first. The first subscriber lives in the
  process that appends, as read models do; another process has to ask the database for news.
- **cpu**: a process that holds the store and is asked line by line through a pipe; counted are that process and all of PostgreSQL,
  not the process that asks. Linux only.
- **http**: ours is the control service as it runs: signed token, permission, validation, recorded command, facts of other streams,
  decision, claim of the number, flush; read models and reactions follow at the same time. The plain one checks the same token,
  validates a DTO with class-validator and saves one row; it keeps no history. Each server and the client are processes of their own.
`;

/** A page of docs/reference: how it came about, the targets, what is compared, the results. */
export function pageOf(title: string, command: string, lines: readonly string[], meaning: string, { rows, verdicts, notes }: Pick<Report, 'rows' | 'verdicts' | 'notes'>): string {
  const table = ([head = [], ...cells]: readonly (readonly string[])[]): string =>
    `${[head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`;
  const tables = groups(rows).map(([what, of]) => `### ${what}\n\n${table(tableOf(of))}`);
  const targets = verdicts.length > 0 ? `## Targets\n\n${table([['contest', 'asked', 'measured', ''], ...verdicts.map(verdictCells)])}\n` : '';
  const said = notes.length > 0 ? `\n## Notes\n\n${notes.map((note) => `- ${note}`).join('\n')}\n` : '';
  return `# ${title}

Written by \`${command}\`; run it on your own machine before you rely on any of it. Ratios,
taken within the same round, say more than rates.

${lines.map((line) => `- ${line}`).join('\n')}

${targets}${meaning}
## Results

${tables.join('\n')}${said}`;
}

/** For docs/reference. */
export const asMarkdown = (report: Report): string => pageOf('Benchmarks', 'npm run bench -- --write', conditions(report), MEANING, report);
