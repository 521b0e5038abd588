import type pg from 'pg';
import type { StoredCommand, StoredEvent } from '../store.js';
import { HoleInLog } from '../store.js';
import type { Uuid } from '@touchstone/kernel';

const COLUMNS = 'seq, id, stream, version, type, body, meta';

/**
 * The log from `seq` on. Commit order is the order of `seq`, so a reader just follows it: nothing can appear behind him.
 * A gap can only mean damage, so it stops the reader instead of being skipped.
 */
export async function readAll(pool: pg.Pool, seq: number, limit: number): Promise<StoredEvent[]> {
  const { rows } = await pool.query<StoredEvent>({
    name: 'read-all',
    text: `select ${COLUMNS} from event where seq > $1 order by seq limit $2`,
    values: [seq, limit],
  });
  rows.forEach((row, index) => {
    if (row.seq !== seq + index + 1) throw new HoleInLog(`expected event ${seq + index + 1} after ${seq + index}, found ${row.seq}`);
  });
  return rows;
}

export async function readStream(pool: pg.Pool, stream: string, afterVersion: number): Promise<StoredEvent[]> {
  const { rows } = await pool.query<StoredEvent>({
    name: 'read-stream',
    text: `select ${COLUMNS} from event where stream = $1 and version > $2 order by version`,
    values: [stream, afterVersion],
  });
  rows.forEach((row, index) => {
    if (row.version !== afterVersion + index + 1) throw new HoleInLog(`${stream}: expected version ${afterVersion + index + 1}, found ${row.version}`);
  });
  return rows;
}

export async function findEvent(pool: pg.Pool, id: Uuid): Promise<StoredEvent | undefined> {
  const { rows } = await pool.query<StoredEvent>(`select ${COLUMNS} from event where id = $1`, [id]);
  return rows[0];
}

export async function findCommand(pool: pg.Pool, id: Uuid): Promise<StoredCommand | undefined> {
  const { rows } = await pool.query<StoredCommand>({
    name: 'find-command',
    text: 'select id, stream, seq, body_hash as "bodyHash", answer, record from command where id = $1',
    values: [id],
  });
  return rows[0];
}

export async function head(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ head: number }>('select coalesce(max(seq), 0) as head from event');
  return rows[0]?.head ?? 0;
}

export async function takenFrom(pool: pg.Pool, topic: string): Promise<number> {
  const { rows } = await pool.query<{ taken: number }>('select coalesce(max(topic_offset), 0) as taken from event where topic = $1', [topic]);
  return rows[0]?.taken ?? 0;
}

/** Events of this log that name `eventId` as their cause: what reactions and deadlines made of it. */
export async function findCausedBy(pool: pg.Pool, eventId: Uuid, limit = 500): Promise<StoredEvent[]> {
  const { rows } = await pool.query<StoredEvent>(`select ${COLUMNS} from event where causation_id = $1 order by seq limit $2`, [eventId, limit]);
  return rows;
}
