// Ready tables over an exported folder. Each follows from the files alone; specs hold them against the services' read models.
import { complaints, customers, deliveries, exposures, loyalty, loyaltyOverTime, purchases } from './customers.js';
import { lots } from './lots.js';
import type { View } from './view.js';

export type { View } from './view.js';

export const events: View = {
  name: 'events',
  meaning: 'Every public event, as it was recorded.',
  columns: {
    service: 'that recorded it (a folder)', type: 'with its version (a folder)', day: 'of recorded_at, in UTC (a folder)', seq: 'place in the log of the service', id: 'of the event', stream: 'what it happened to',
    version: 'place in the stream, from 1', recorded_at: 'known from', occurred_at: 'true from', actor: 'id of who, or what, did it', causation_id: 'the event or command that it follows from',
    correlation_id: 'the first command of the chain', body: 'JSON as stored; decimals are text, personal fields are encrypted', meta: 'JSON as stored',
  },
  select: `select service, type, day, seq, id, stream, version, recorded_at, occurred_at, actor, causation_id, correlation_id, body::json as body, meta::json as meta
    from read_parquet('service=*/type=*/day=*/*.parquet', hive_partitioning = true, hive_types = {'service': varchar, 'type': varchar, 'day': date})`,
};

export const views: readonly View[] = [events, customers, purchases, lots, deliveries, exposures, complaints, loyaltyOverTime, loyalty];

/** A script for any DuckDB that stands in the folder: `duckdb -init views.sql`. */
export const viewsSql = (): string =>
  [
    '-- Ready tables over the exported events. Run it in this folder, e.g. by: duckdb -init views.sql', "set timezone = 'UTC';", '',
    ...views.flatMap(({ name, meaning, columns, select }) => [
      `-- ${meaning}`, ...Object.entries(columns).map(([column, what]) => `--   ${column}: ${what}`), `create or replace temp view ${name} as${select.startsWith('\n') ? '' : ' '}${select};`, '',
    ]),
  ].join('\n');
