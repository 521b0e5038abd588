import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { askFolder, exportFolder, LogSource } from '@touchstone/analytics/export';
import type { PostgresStore } from '@touchstone/event-store';
import type { Contender, Contest } from '../measure.js';
import { once } from '../measure.js';
import { atLeast, timesAsFastAs } from '../targets.js';

const everything = { isPublic: (): boolean => true };
const COLUMNS = `{type: 'varchar', day: 'date', seq: 'bigint', id: 'varchar', stream: 'varchar', version: 'integer', recorded_at: 'timestamptz', occurred_at: 'timestamptz', actor: 'varchar',
  causation_id: 'varchar', correlation_id: 'varchar', body: 'varchar', meta: 'varchar'}`;

export interface OpenedExport {
  readonly contest: Contest;
  readonly csvBytes: number;
  readonly parquetBytes: number;
}

/** The export of a log to Parquet in `folder`, against DuckDB's own COPY of the same rows from a CSV file. */
export async function exportContest(folder: string, store: PostgresStore, events: number): Promise<OpenedExport> {
  const [lake = '', plain = '', csv = ''] = ['lake', 'plain', 'rows.csv'].map((name) => join(folder, name));
  const ours = () => exportFolder({ folder: lake, sources: [new LogSource('bench', store, everything)] });
  const run = (folderOfIts: string, job: () => Promise<unknown>) => () => {
    rmSync(folderOfIts, { recursive: true, force: true });
    return once(async () => {
      await job();
      return events;
    });
  };
  await ours(); // for the rows of the other
  await askFolder(lake, `copy (select * exclude (service) replace (body::varchar as body, meta::varchar as meta) from events order by seq) to '${csv}' (header false)`);
  const copying = (name: string, file: string, options: string): Contender => ({
    name,
    run: run(plain, () => {
      mkdirSync(plain);
      return askFolder(lake, `copy (select * from read_csv('${csv}', header = false, columns = ${COLUMNS})) to '${join(plain, file)}' (format parquet, compression zstd${options})`);
    }),
  });
  return {
    csvBytes: statSync(csv).size, parquetBytes: sizeOf(lake),
    contest: {
      area: 'export', what: `${events.toLocaleString('en-US')} events to Parquet`, unit: 'events/s',
      contenders: [
        { name: 'touchstone export, from PostgreSQL', run: run(lake, ours) },
        copying('COPY from CSV, one file', 'one.parquet', ''), copying('COPY from CSV, by type and day', 'parts', ', partition_by (type, day)'),
      ],
      targets: [atLeast(0.5, "≥ 0.5 × DuckDB's own COPY of the same rows from a CSV", timesAsFastAs('COPY from CSV, one file'))],
    },
  };
}

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
