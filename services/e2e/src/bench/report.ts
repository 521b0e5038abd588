import type { Row } from './measure.js';
import type { Report } from './run.js';
import type { Spread } from './statistics.js';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const decimals = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
const spreadOf = ({ median, min, max }: Spread, show: (value: number) => string): string => `${show(median)} (${show(min)}–${show(max)})`;

const cells = ({ contender, rate, p50Ms, p99Ms, ours }: Row): string[] => [
  contender, spreadOf(rate, whole), p50Ms ? spreadOf(p50Ms, decimals) : '', p99Ms ? spreadOf(p99Ms, decimals) : '', ours ? spreadOf(ours, decimals) : '',
];

const groups = (rows: readonly Row[]): [string, readonly Row[]][] => [...Map.groupBy(rows, ({ area, what }) => `${area}: ${what}`)];

function conditions({ date, machine, load, node, postgres, options }: Report): string[] {
  return [
    `Measured ${date.slice(0, 16).replace('T', ' ')} UTC`,
    `Machine: ${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}; load average ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after`,
    `Node ${node.slice(1)}, PostgreSQL ${postgres.version} (fsync ${postgres.fsync}, synchronous_commit ${postgres.synchronousCommit}), server and clients on this machine`,
    `${options.rounds} rounds, ${options.durationMs / 1_000} s a contender and round, one more round first to warm up; median (min–max) over the rounds`,
  ];
}

/** For a terminal. */
export function asText(report: Report): string {
  const lines = groups(report.rows).flatMap(([what, rows]) => {
    const table = [['', rows[0]?.unit ?? '', 'p50 ms', 'p99 ms', 'ours ÷ this'], ...rows.map(cells)];
    const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
    return ['', what, ...table.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())];
  });
  return `${[...conditions(report), ...lines].join('\n')}\n`;
}

const MEANING = `## What is compared

- **append**: one event of about 200 bytes an append, each writer on a stream of its own. Ours also records the command with its
  answer and its context, checks the stream's version and numbers the log without gaps. Plain \`pg\` inserts into a table with the same
  columns and uniqueness, numbered by an identity column, by a prepared statement, one transaction a row on as many connections. The rows
  gathered by hand are an upper bound: somebody has them all before the first is written.
- **replay**: ours reads the log through its feed: pages, holes looked for, body and metadata parsed, ciphertext looked for. Plain \`pg\`
  reads the same rows and parses nothing. Folding: ours is a read model from zero, its rows and checkpoint in one transaction a
  page; the plain one keeps everything in memory and writes once, so it could not go on after a crash.
- **http**: ours is the control service as it runs: signed token, permission, validation, recorded command, facts of other streams,
  decision, claim of the number, flush; read models and reactions follow at the same time. The plain one validates a DTO
  with class-validator and saves one row; it checks no token and keeps no history. The client is a thread of the same process.

A ratio above 1 means that ours was faster. It is taken round by round, since contenders of one round met the same machine.
`;

/** Load average below which nothing else of weight ran before we began. */
const IDLE_LOAD = 0.5;
const SHARED = ` The machine was shared: other
work ran on it at the same time, so the ratios, taken within the same round, say more than the rates.`;

/** For docs/reference. */
export function asMarkdown(report: Report): string {
  const tables = groups(report.rows).map(([what, rows]) => {
    const head = ['', rows[0]?.unit ?? '', 'p50 ms', 'p99 ms', 'ours ÷ this'];
    const table = [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows.map(cells)];
    return `### ${what}\n\n${table.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`;
  });
  return `# Benchmarks

Written by \`npm run bench -- --write\`; run it on your own machine before you rely on any of it.${report.load.before < IDLE_LOAD ? '' : SHARED}

${conditions(report).map((line) => `- ${line}`).join('\n')}

${MEANING}
## Results

${tables.join('\n')}`;
}
