import type pg from 'pg';
import type { Clock, Uuid } from '@touchstone/kernel';
import { inTransaction } from './postgres/transaction.js';

export const PARKED_STATES = ['parked', 'replayed', 'discarded'] as const;
export type ParkedState = (typeof PARKED_STATES)[number];

/** An event that a consumer could not take. It waits, with what follows on its stream, until a person replays or discards it. */
export interface ParkedEvent {
  readonly consumer: string;
  readonly stream: string;
  readonly eventId: Uuid;
  /** Order within the consumer: seq of our log, or offset of the topic. */
  readonly position: number;
  /** As received, JSON text. */
  readonly event: string;
  readonly error: string;
  readonly attempts: number;
  readonly firstSeen: string;
  readonly state: ParkedState;
  /** Who decided, when by the service's clock, and why; null until somebody has. */
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly reason: string | null;
}

export type ToPark = Pick<ParkedEvent, 'stream' | 'eventId' | 'position' | 'event'>;

export type ParkedStream = Pick<ParkedEvent, 'consumer' | 'stream'>;

export interface ParkedVerdict {
  readonly state: Exclude<ParkedState, 'parked'>;
  readonly by: string;
  readonly reason: string;
}

export interface ParkedFilter {
  readonly consumer?: string;
  readonly stream?: string;
  readonly eventId?: Uuid;
  readonly state?: ParkedState;
  /** The last one of the page before. */
  readonly after?: ParkedPlace;
  readonly limit?: number;
}

/** By it the list is ordered. */
export type ParkedPlace = Pick<ParkedEvent, 'consumer' | 'position' | 'eventId'>;

export interface ParkedCount {
  readonly consumer: string;
  readonly state: ParkedState;
  readonly count: number;
  readonly streams: number;
  readonly oldest: string;
}

export const WAITS = 'waits for what is parked before it on its stream';

const iso = (instant: string): string => `to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const COLUMNS = `consumer, stream, event_id as "eventId", position, event, error, attempts, ${iso('first_seen')} as "firstSeen", state, decided_by as "decidedBy", ${iso('decided_at')} as "decidedAt", reason`;
const PARK = `insert into parked (consumer, stream, event_id, position, event, error, attempts, first_seen, state)
  values ($1, $2, $3, $4, $5, $6, $7, $8, 'parked') on conflict do nothing`;
const DECIDE = `update parked set state = $4, decided_by = $5, decided_at = $6, reason = $7 where consumer = $1 and stream = $2 and event_id = any($3) and state = 'parked'`;
const FAILED_AGAIN = `update parked set error = $3, attempts = attempts + 1 where consumer = $1 and event_id = $2`;
const OPEN = `select from parked where consumer = $1 and stream = $2 and state = 'parked' limit 1`;
const STATE = 'select state from parked where consumer = $1 and event_id = $2';

/** A text that PostgreSQL can keep, whatever a message held. */
export const keepable = (text: string): string => text.replaceAll('\0', '\ufffd');

/** The parking table of one service: poison neither blocks nor vanishes. What is decided about a stream, and what comes behind it, go one after the other. */
export class Parking {
  constructor(private readonly pool: pg.Pool, private readonly clock: Clock) {}

  /** The first of its stream. Safe to repeat. */
  async park(consumer: string, event: ToPark, error: string, attempts: number): Promise<void> {
    await this.pool.query(PARK, this.row(consumer, event, error, attempts));
  }

  /** Behind what is parked of its stream. Tells what is known of the event then: nothing, when nothing is parked any more and it may go on. */
  async parkBehind(consumer: string, event: ToPark, attempts: number): Promise<ParkedState | undefined> {
    return this.withStream({ consumer, stream: event.stream }, async (client) => {
      const { rowCount } = await client.query(OPEN, [consumer, event.stream]);
      if (rowCount !== 0) await client.query(PARK, this.row(consumer, event, WAITS, attempts));
      const { rows } = await client.query<{ state: ParkedState }>(STATE, [consumer, event.eventId]);
      return rows[0]?.state;
    });
  }

  /** In a transaction, while nobody else decides about the stream or parks behind it, in any process. */
  async withStream<T>({ consumer, stream }: ParkedStream, job: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return inTransaction(this.pool, async (client) => {
      await client.query(`select pg_advisory_xact_lock(hashtextextended('touchstone.parked:' || $1::text || ' ' || $2::text, 0))`, [consumer, stream]);
      return job(client);
    });
  }

  /** Streams that a consumer may not go on with. */
  async streams(consumer: string): Promise<Set<string>> {
    const { rows } = await this.pool.query<{ stream: string }>(`select distinct stream from parked where consumer = $1 and state = 'parked'`, [consumer]);
    return new Set(rows.map(({ stream }) => stream));
  }

  /** What a person has decided about beyond a position: it is not handled again. */
  async decided(consumer: string, position: number): Promise<Set<Uuid>> {
    const { rows } = await this.pool.query<{ id: Uuid }>(`select event_id as id from parked where consumer = $1 and position > $2 and state <> 'parked'`, [consumer, position]);
    return new Set(rows.map(({ id }) => id));
  }

  /** In order of consumer and position, at most `limit`; 200, when left out. */
  async list({ consumer, stream, eventId, state, after, limit = 200 }: ParkedFilter = { state: 'parked' }, client: Pick<pg.ClientBase, 'query'> = this.pool): Promise<ParkedEvent[]> {
    const { rows } = await client.query<ParkedEvent>(
      `select ${COLUMNS} from parked
       where ($1::text is null or consumer = $1) and ($2::text is null or stream = $2) and ($3::uuid is null or event_id = $3) and ($4::text is null or state = $4)
         and ($5::text is null or (consumer, position, event_id) > ($5, $6::bigint, $7::uuid))
       order by consumer, position, event_id limit $8`,
      [consumer, stream, eventId, state, after?.consumer, after?.position, after?.eventId, limit],
    );
    return rows;
  }

  /** What waits of a stream, the oldest first. */
  first({ consumer, stream }: ParkedStream, limit: number, client?: pg.PoolClient): Promise<ParkedEvent[]> {
    return this.list({ consumer, stream, state: 'parked', limit }, client);
  }

  /** What a person has decided about events of a stream, in the transaction of `withStream`. What was decided before stays as it was. */
  async decide(client: pg.PoolClient, { consumer, stream }: ParkedStream, eventIds: readonly Uuid[], { state, by, reason }: ParkedVerdict): Promise<void> {
    await client.query(DECIDE, [consumer, stream, eventIds, state, by, this.clock.now(), reason]);
  }

  async failedAgain(client: pg.PoolClient, { consumer, eventId }: Pick<ParkedEvent, 'consumer' | 'eventId'>, error: string): Promise<void> {
    await client.query(FAILED_AGAIN, [consumer, eventId, error]);
  }

  /** How many of the stream wait still. */
  async left({ consumer, stream }: ParkedStream): Promise<number> {
    const { rows } = await this.pool.query<{ left: number }>(`select count(*) as left from parked where consumer = $1 and stream = $2 and state = 'parked'`, [consumer, stream]);
    return rows[0]?.left ?? 0;
  }

  async counts(): Promise<ParkedCount[]> {
    const { rows } = await this.pool.query<ParkedCount>(
      `select consumer, state, count(*) as count, count(distinct stream) as streams, ${iso('min(first_seen)')} as oldest from parked group by consumer, state order by consumer, state`,
    );
    return rows;
  }

  private row(consumer: string, { stream, eventId, position, event }: ToPark, error: string, attempts: number): unknown[] {
    return [consumer, stream, eventId, position, event, keepable(error), attempts, this.clock.now()];
  }
}
