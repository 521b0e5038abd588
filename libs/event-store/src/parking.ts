import type pg from 'pg';
import type { Clock, Uuid } from '@touchstone/kernel';

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
  readonly state: 'parked' | 'replayed' | 'discarded';
}

/** The parking table of one service: poison neither blocks nor vanishes. */
export class Parking {
  constructor(private readonly pool: pg.Pool, private readonly clock: Clock) {}

  /** Safe to repeat. */
  async park(consumer: string, event: { stream: string; eventId: Uuid; position: number; event: string }, error: string, attempts: number): Promise<void> {
    await this.pool.query(
      `insert into parked (consumer, stream, event_id, position, event, error, attempts, first_seen, state)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 'parked') on conflict do nothing`,
      [consumer, event.stream, event.eventId, event.position, event.event, error, attempts, this.clock.now()],
    );
  }

  /** Streams that a consumer may not go on with. */
  async streams(consumer: string): Promise<Set<string>> {
    const { rows } = await this.pool.query<{ stream: string }>(`select distinct stream from parked where consumer = $1 and state = 'parked'`, [consumer]);
    return new Set(rows.map(({ stream }) => stream));
  }

  async list(state: ParkedEvent['state'] = 'parked', limit = 200): Promise<ParkedEvent[]> {
    const { rows } = await this.pool.query<ParkedEvent>(
      `select consumer, stream, event_id as "eventId", position, event, error, attempts, first_seen as "firstSeen", state
       from parked where state = $1 order by consumer, position limit $2`,
      [state, limit],
    );
    return rows;
  }

  /** How many wait for a person, by consumer. */
  async counts(): Promise<{ consumer: string; count: number }[]> {
    const { rows } = await this.pool.query<{ consumer: string; count: number }>(`select consumer, count(*) as count from parked where state = 'parked' group by consumer order by consumer`);
    return rows;
  }

  /** What became of it, by whom and why. */
  async decide(consumer: string, eventId: Uuid, state: 'replayed' | 'discarded', by: string, reason: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `update parked set state = $3, decided_by = $4, reason = $5 where consumer = $1 and event_id = $2 and state = 'parked'`,
      [consumer, eventId, state, by, reason],
    );
    return rowCount === 1;
  }
}
