import pg from 'pg';
import type { Lineage } from '../epoch/lineage.js';
import { openPool } from './connect.js';

interface Row {
  readonly epoch: number;
  readonly log_id: string;
  readonly fork_seq: number;
  readonly created_at: string;
  readonly started_by: string | null;
  readonly reason: string | null;
}

/** The epochs of the log in this database, oldest first; none when it has no log yet. */
export async function readLineage(pool: Pick<pg.Pool, 'query'>): Promise<Lineage> {
  const { rows } = await pool.query<Row>(
    `select epoch, log_id, fork_seq, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as created_at, started_by, reason
     from log_identity order by epoch`,
  );
  return rows.map(({ epoch, log_id: logId, fork_seq: forkSeq, created_at: startedAt, started_by: startedBy, reason }) =>
    ({ epoch, logId, forkSeq, startedAt, ...(startedBy !== null && { startedBy }), ...(reason !== null && { reason }) }));
}

/** Those of `ids` that are in no event of this log. */
export async function unknownIds(pool: pg.Pool, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>('select i.id::text as id from unnest($1::uuid[]) as i (id) where not exists (select from event where event.id = i.id)', [ids]);
  return new Set(rows.map(({ id }) => id));
}

export interface NewEpoch {
  readonly epoch: number;
  readonly logId: string;
  readonly startedBy: string;
  readonly reason: string;
}

/**
 * Starts an epoch at the head of the log, for all processes of the service. No append can pass meanwhile, as the turnstile's lock
 * is held; and every other session of this role is ended before it is given back, so whoever appends afterwards has connected
 * since, and was told the log's new name.
 */
export async function startLogEpoch(url: string, { epoch, logId, startedBy, reason }: NewEpoch): Promise<void> {
  const pool = openPool({ url }, 1);
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock(7305491)');
    await client.query('select start_log_epoch($1, $2, $3, $4)', [epoch, logId, startedBy, reason]);
    for (const end of ['pg_terminate_backend(pid)', 'pg_terminate_backend(pid, 10000)']) { // all are told; then each is waited for
      await client.query(`select ${end} from pg_stat_activity where datname = current_database() and usename = current_user and backend_type = 'client backend' and pid <> pg_backend_pid()`);
    }
  } finally {
    client.release(true); // and the lock with it
    await pool.end();
  }
}
