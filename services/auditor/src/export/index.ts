import { Option } from 'commander';
import type { Command } from 'commander';
import { Unusable } from '../api.js';
import { grouped } from '../import/progress.js';
import { printable, table } from '../terminal.js';
import type { ExportResult, ExportSurroundings } from './run-export.js';

export interface ExportDesk extends ExportSurroundings {
  readonly width: number;
  readonly stdin: AsyncIterable<Uint8Array>;
}

interface Given {
  readonly out?: string;
  readonly service?: string;
  readonly from?: string;
  readonly to?: string;
  readonly format: 'parquet' | 'jsonl';
  readonly follow?: boolean;
  readonly every: string;
  readonly database?: readonly string[];
  readonly data?: string;
  readonly json?: boolean;
}

/** `touchstone export` and `touchstone sql`: the public events for those who analyse them. */
export function addExport(program: Command, desk: ExportDesk): void {
  program.command('export').description('write the public events of the logs to a folder of Parquet files, or as lines of CloudEvents; goes on where it ended')
    .option('--out <folder>', 'folder to bring up to the logs; with --format jsonl a file, or - for standard output')
    .option('--service <names>', 'only these, separated by commas; all when left out')
    .option('--from <day>', 'only what was recorded from this day on, in UTC').option('--to <day>', 'only what was recorded up to this day, in UTC')
    .addOption(new Option('--format <format>', 'what to write').choices(['parquet', 'jsonl']).default('parquet'))
    .option('--follow', 'go on with what comes, until it is stopped').option('--every <seconds>', 'with --follow: look so often; each time adds a file a type', '60')
    .option('--database <service=address...>', 'PostgreSQL of a service, by a role that may select (or TOUCHSTONE_DATABASE_URL_<SERVICE> in the environment)')
    .action(async (_options: unknown, command: Command) => {
      const given = command.optsWithGlobals<Given>();
      const { json, format, out } = given;
      const request = checked(given);
      const result = await (await import('./run-export.js')).runExport(request, desk);
      if (format === 'jsonl' && (out === undefined || out === '-')) return;
      desk.stdout.write(json ? `${JSON.stringify({ out, services: result }, undefined, 2)}\n` : exportText(result, out ?? '', desk.width));
    });
  program.command('sql').description('ask an exported folder in SQL (DuckDB); its views are there: docs/reference/analytics-views.md').argument('<folder>', 'that touchstone export wrote')
    .argument('[query]', 'standard input when left out')
    .action(async (folder: string, query: string | undefined, _options: unknown, command: Command) => {
      const { json } = command.optsWithGlobals<Given>();
      const { ask } = await import('./ask.js');
      const { columns, rows } = await ask(folder, query ?? (await readAll(desk.stdin)));
      const named = () => rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
      desk.stdout.write(json ? `${JSON.stringify(named(), undefined, 2)}\n` : answerText(columns, rows, desk.width));
    });
}

function checked({ out, service, from, to, format, follow, every, database, data, json }: Given) {
  const toStandardOutput = out === undefined || out === '-';
  if (format === 'parquet' && toStandardOutput) throw new Unusable('--out must name a folder');
  if (format === 'jsonl' && follow) throw new Unusable('--follow writes Parquet only: lines are followed on the topics');
  if (format === 'jsonl' && json && toStandardOutput) throw new Unusable('--json and lines cannot both go to standard output: give --out <file>');
  for (const [name, day] of [['--from', from], ['--to', to]] as const) {
    if (day !== undefined && !isDay(day)) throw new Unusable(`${name} must be a day such as 2026-03-02`);
  }
  if (from !== undefined && to !== undefined && from > to) throw new Unusable('--from is after --to');
  if (!/^[1-9]\d{0,5}$/.test(every)) throw new Unusable('--every must be a whole number of seconds from 1');
  return {
    format, ...(out !== undefined && { out }), ...(service !== undefined && { service }), ...(from !== undefined && { from }), ...(to !== undefined && { to }),
    ...(follow && { followEveryMs: Number(every) * 1_000 }), ...(database !== undefined && { database }), ...(data !== undefined && { data }),
  };
}

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;

async function readAll(stdin: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function exportText(result: ExportResult, out: string, width: number): string {
  const columns = [{ heading: 'service' }, ...['place', 'events added', 'files added', 'events in all'].map((heading) => ({ heading, align: 'right' as const }))];
  const rows = result.map(({ service, place, events, files, total }) => [service, ...[place, events, files, total].map(grouped)]);
  return `${table(columns, rows, width)}${printable(out)} is up to these places; ask it with: touchstone sql ${printable(out)} "select count(*) from events"\n`;
}

function answerText(columns: readonly string[], rows: readonly (readonly unknown[])[], width: number): string {
  const cell = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));
  return table(columns.map((heading) => ({ heading })), rows.map((row) => row.map(cell)), width);
}
