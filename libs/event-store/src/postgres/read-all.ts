import type pg from 'pg';
import type { StoredCommand, StoredEvent } from '../store.js';
import { HoleInLog } from '../store.js';
import type { Uuid } from '@touchstone/kernel';
import { GatheredCalls } from './gathered-calls.js';

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

interface WantedStream {
  readonly stream: string;
  readonly afterVersion: number;
}

/** Reads of streams that are asked for while one is under way go together in the next: many commands at once cost few round trips. */
export class StreamReads {
  private readonly reads: GatheredCalls<WantedStream, StoredEvent[]>;

  constructor(private readonly pool: pg.Pool) {
    this.reads = new GatheredCalls<WantedStream, StoredEvent[]>((wanted) => this.call(wanted));
  }

  /** The stream's events after a version, in order; a gap can only mean damage. */
  read(stream: string, afterVersion: number): Promise<StoredEvent[]> {
    return this.reads.ask({ stream, afterVersion });
  }

  private call(wanted: readonly WantedStream[]): Promise<(StoredEvent[] | HoleInLog)[]> {
    const [one] = wanted;
    return wanted.length === 1 && one ? this.readOne(one) : this.readMany(wanted);
  }

  private async readOne(wanted: WantedStream): Promise<(StoredEvent[] | HoleInLog)[]> {
    const { rows } = await this.pool.query<StoredEvent>({
      name: 'read-stream',
      text: `select ${COLUMNS} from event where stream = $1 and version > $2 order by version`,
      values: [wanted.stream, wanted.afterVersion],
    });
    return [withoutGap(wanted, rows)];
  }

  private async readMany(wanted: readonly WantedStream[]): Promise<(StoredEvent[] | HoleInLog)[]> {
    // The arrays stand in subqueries: who sees how long they are plans anew each time, which takes longer than the reading.
    const { rows } = await this.pool.query<StoredEvent & { place: number }>({
      name: 'read-streams',
      text: `select w.place, e.* from unnest((select $1::text[]), (select $2::int[])) with ordinality as w (stream, after, place)
        cross join lateral (select ${COLUMNS} from event where event.stream = w.stream and event.version > w.after order by version) e`,
      values: [wanted.map(({ stream }) => stream), wanted.map(({ afterVersion }) => afterVersion)],
    });
    const streams = wanted.map((): StoredEvent[] => []);
    for (const { place, seq, id, stream, version, type, body, meta } of rows) streams[place - 1]?.push({ seq, id, stream, version, type, body, meta });
    return wanted.map((one, index) => withoutGap(one, streams[index] ?? []));
  }
}

export function withoutGap<E extends { readonly version: number }>({ stream, afterVersion }: WantedStream, events: E[]): E[] | HoleInLog {
  const gap = events.findIndex(({ version }, index) => version !== afterVersion + index + 1);
  return gap < 0 ? events : new HoleInLog(`${stream}: expected version ${afterVersion + gap + 1}, found ${events[gap]?.version ?? 0}`);
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

export async function findClaim(pool: pg.Pool, names: readonly string[]): Promise<string | undefined> {
  const { rows } = await pool.query<{ name: string }>('select name from claim where name = any($1) limit 1', [names]);
  return rows[0]?.name;
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
