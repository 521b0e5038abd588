// `npm run bench -- export`: the export of a log to Parquet, against DuckDB's own COPY of the same rows from a CSV file.
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { askFolder, exportFolder, LogSource } from '@touchstone/analytics/export';
import type { PostgresStore } from '@touchstone/event-store';
import { openPostgresStore } from '@touchstone/event-store';
import type { BenchDatabase } from '../database.js';
import { startBenchServer } from '../database.js';
import { fillLog } from '../fill-log.js';
import { ratioOf, spread } from '../statistics.js';

const everything = { isPublic: (): boolean => true };
const COLUMNS = `{type: 'varchar', day: 'date', seq: 'bigint', id: 'varchar', stream: 'varchar', version: 'integer', recorded_at: 'timestamptz', occurred_at: 'timestamptz', actor: 'varchar',
  causation_id: 'varchar', correlation_id: 'varchar', body: 'varchar', meta: 'varchar'}`;

interface Numbers {
  readonly events: number;
  readonly rounds: number;
}

/** Numbers behind `--events` and `--rounds`; 200,000 events, five rounds. */
function numbersIn(args: readonly string[]): Numbers {
  const behind = (name: string, usual: number): number => {
    const at = args.indexOf(name);
    const value = at < 0 ? usual : Number(args[at + 1]);
    if (!Number.isInteger(value) || value < 1) throw Object.assign(new Error(`${name} must be a whole number from 1`), { code: 'BAD_OPTION' });
    return value;
  };
  return { events: behind('--events', 200_000), rounds: behind('--rounds', 5) };
}

export async function exportMain(args: readonly string[]): Promise<void> {
  const numbers = numbersIn(args);
  const server = await startBenchServer();
  try {
    const database = await server.database('export');
    await fillLog(database.ownerUrl, { from: 1, to: numbers.events, eventsAStream: 20, onlyReadInOrder: true });
    const store = await openPostgresStore({ url: database.url });
    try {
      process.stdout.write(await compared(database, store, numbers));
    } finally {
      await store.close();
    }
  } finally {
    await server.remove();
  }
}

async function compared({ folder }: BenchDatabase, store: PostgresStore, { events, rounds }: Numbers): Promise<string> {
  const [lake, plain, csv] = ['lake', 'plain', 'rows.csv'].map((name) => join(folder, name)) as [string, string, string];
  const ours = () => {
    rmSync(lake, { recursive: true, force: true });
    return timed(events, () => exportFolder({ folder: lake, sources: [new LogSource('bench', store, everything)] }));
  };
  await ours(); // to warm up, and for the rows of the other
  await askFolder(lake, `copy (select * exclude (service) replace (body::varchar as body, meta::varchar as meta) from events order by seq) to '${csv}' (header false)`);
  const theirs = (name: string, options: string) => async () => {
    rmSync(plain, { recursive: true, force: true });
    mkdirSync(plain);
    return timed(events, () => askFolder(lake, `copy (select * from read_csv('${csv}', header = false, columns = ${COLUMNS})) to '${join(plain, name)}' (format parquet, compression zstd${options})`));
  };
  const contenders = [ours, theirs('one.parquet', ''), theirs('parts', ', partition_by (type, day)')];
  const rates = contenders.map((): number[] => []);
  for (let round = 1; round <= rounds; round += 1) {
    for (const [index, run] of contenders.entries()) rates[index]?.push(await run());
  }
  const [own = [], one = [], parts = []] = rates;
  const line = (name: string, each: readonly number[], ratio?: readonly number[]): string => {
    const { median, min, max } = spread(each);
    return `${name.padEnd(44)}${[median, min, max].map((rate) => Math.round(rate).toLocaleString('en').padStart(10)).join('')}${ratio ? ratioOf(own, ratio).median.toFixed(2).padStart(8) : ''}\n`;
  };
  return `${events.toLocaleString('en')} events, ${rounds} rounds, interleaved; ${(statSync(csv).size / 2 ** 20).toFixed(0)} MiB as CSV, ${(sizeOf(lake) / 2 ** 20).toFixed(0)} MiB as Parquet
${'events/s'.padEnd(44)}    median       min       max    ours
${line('touchstone export, from PostgreSQL', own)}${line('COPY from CSV, one file', one, one)}${line('COPY from CSV, by type and day', parts, parts)}most memory of the process: ${Math.round(process.resourceUsage().maxRSS / 1_024)} MiB
`;
}

async function timed(events: number, job: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await job();
  return (events * 1_000) / (performance.now() - began);
}

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
