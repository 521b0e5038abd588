import type pg from 'pg';
import type { Uuid } from '@touchstone/kernel';
import { CodedError } from './answer.js';
import type { ParkedEvent, Parking, ToPark } from './parking.js';
import { PARKED_COLUMNS } from './parking.js';

/** How many of the events a consumer has taken, in their order, and why not the next one. */
export interface Retaken {
  readonly taken: number;
  readonly error?: string;
}

/** Who has parked events, and can take them after all. */
export interface ParkingConsumer {
  /** So many at once. */
  readonly atOnce: number;
  /** Takes events of one stream, the oldest first, up to the first that fails. Safe to repeat: what was taken before changes nothing. */
  retake(events: readonly ParkedEvent[]): Promise<Retaken>;
  /** As far as can be told without doing it. */
  tryRetake(events: readonly ParkedEvent[]): Promise<Retaken>;
}

/** What a person decides about: a stream of a consumer, or one event of it. */
export interface ParkedTarget {
  readonly consumer: string;
  readonly stream?: string;
  readonly eventId?: Uuid;
}

export interface DecidedParked {
  readonly consumer: string;
  readonly stream: string;
  readonly decision: 'replayed' | 'discarded';
  /** What was decided, in order; what would be, in a dry run. */
  readonly eventIds: readonly Uuid[];
  /** The event at which it stopped; it is parked still. */
  readonly failed?: { readonly eventId: Uuid; readonly error: string };
  /** How many events of the stream are parked still. */
  readonly left: number;
}

export class NothingParked extends CodedError {
  readonly code = 'NOT_FOUND';
  readonly status = 404;
}

/** Order on a stream is kept: what is parked before comes first. */
export class NotFirstParked extends CodedError {
  readonly code = 'NOT_FIRST_PARKED';
  readonly status = 409;
}

/** The first event failed as it did before: nothing has changed but the count of attempts. */
export class ParkedStillFails extends CodedError {
  readonly code = 'PARKED_STILL_FAILS';
  readonly status = 422;
  constructor(message: string, override readonly details: Readonly<Record<string, unknown>>) {
    super(message);
  }
}

/** Of one request. Who has more to decide asks again. */
const AT_MOST = 1_000;
const FIRST = `select ${PARKED_COLUMNS} from parked
  where consumer = $1 and stream = $2 and state = 'parked' order by position, event_id limit $3`;
const DECIDE = `update parked set state = $4, decided_by = $5, reason = $6 where consumer = $1 and stream = $2 and event_id = any($3) and state = 'parked'`;
const FAILED_AGAIN = `update parked set error = $3, attempts = attempts + 1 where consumer = $1 and event_id = $2`;

/**
 * What a person decides about parked events. An event is marked as replayed after its consumer has taken it, and before anything
 * else goes on with its stream: who dies in between does it again, and taking twice changes nothing.
 */
export class ParkedDecisions {
  /** One at a time: each holds a connection while its consumer uses others. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly pool: pg.Pool, private readonly parking: Parking, private readonly consumerOf: (name: string) => ParkingConsumer | undefined) {}

  /** The consumer takes the stream, from its first parked event on, until one fails or none is left: then the stream flows again. */
  replay(target: ParkedTarget, by: string, reason: string): Promise<DecidedParked> {
    return this.inTurn(async () => {
      const { consumer, stream, name } = await this.firstOf(target);
      const eventIds: Uuid[] = [];
      for (let failed: DecidedParked['failed']; ; ) {
        const step = await this.parking.withStream(name, stream, (client) => this.step(client, consumer, { consumer: name, stream }, AT_MOST - eventIds.length, [by, reason]));
        eventIds.push(...step.eventIds);
        failed = step.failed;
        if (failed && eventIds.length === 0) {
          throw new ParkedStillFails(`event ${failed.eventId} fails still: ${failed.error}`, { consumer: name, stream, failed, left: await this.left(name, stream) });
        }
        if (failed || step.eventIds.length === 0 || eventIds.length >= AT_MOST) {
          return { consumer: name, stream, decision: 'replayed', eventIds, ...(failed && { failed }), left: await this.left(name, stream) };
        }
      }
    });
  }

  /** Nobody takes these events, ever: one of them, or all that are parked of the stream. What follows may be replayed. */
  discard(target: ParkedTarget, by: string, reason: string): Promise<DecidedParked> {
    return this.inTurn(async () => {
      const { name, stream } = await this.streamOf(target);
      const eventIds = await this.parking.withStream(name, stream, async (client) => {
        const ids = target.eventId === undefined ? (await client.query<ParkedEvent>(FIRST, [name, stream, AT_MOST])).rows.map(({ eventId }) => eventId) : [target.eventId];
        await client.query(DECIDE, [name, stream, ids, 'discarded', by, reason]);
        return ids;
      });
      return { consumer: name, stream, decision: 'discarded', eventIds, left: await this.left(name, stream) };
    });
  }

  /** What would come of it; nothing is changed, and no attempt counted. */
  async dryRun(decision: DecidedParked['decision'], target: ParkedTarget): Promise<DecidedParked> {
    const { consumer, stream, name } = decision === 'replayed' ? await this.firstOf(target) : { consumer: undefined, ...(await this.streamOf(target)) };
    const { rows } = await this.pool.query<ParkedEvent>(FIRST, [name, stream, AT_MOST]);
    const meant = consumer || target.eventId === undefined ? rows : rows.filter(({ eventId }) => eventId === target.eventId);
    const { taken, error } = consumer ? await consumer.tryRetake(meant) : { taken: meant.length };
    const failing = error === undefined ? undefined : meant[taken];
    return {
      consumer: name, stream, decision, eventIds: meant.slice(0, taken).map(({ eventId }) => eventId),
      ...(failing && { failed: { eventId: failing.eventId, error: error ?? '' } }), left: (await this.left(name, stream)) - taken,
    };
  }

  private async step(client: pg.PoolClient, consumer: ParkingConsumer, { consumer: name, stream }: { consumer: string; stream: string }, atMost: number, by: readonly [string, string]) {
    const { rows } = await client.query<ParkedEvent>(FIRST, [name, stream, Math.min(consumer.atOnce, atMost)]);
    const { taken, error } = rows.length === 0 ? { taken: 0 } : await consumer.retake(rows);
    const eventIds = rows.slice(0, taken).map(({ eventId }) => eventId);
    await client.query(DECIDE, [name, stream, eventIds, 'replayed', ...by]);
    const next = error === undefined ? undefined : rows[taken];
    if (next) await client.query(FAILED_AGAIN, [name, next.eventId, error]);
    return { eventIds, ...(next && { failed: { eventId: next.eventId, error: error ?? '' } }) };
  }

  private async firstOf(target: ParkedTarget): Promise<{ consumer: ParkingConsumer; name: string; stream: string }> {
    const found = await this.streamOf(target);
    const consumer = this.consumerOf(target.consumer);
    if (!consumer) throw new NothingParked(`${target.consumer} is no consumer of this service any more: what it parked can only be discarded`);
    const { rows: [first] } = await this.pool.query<ToPark>(FIRST, [found.name, found.stream, 1]);
    if (target.eventId !== undefined && first && first.eventId !== target.eventId) {
      throw new NotFirstParked(`${first.eventId} is parked before ${target.eventId} on ${found.stream}: replay or discard it first, or name the stream`);
    }
    return { consumer, ...found };
  }

  private async streamOf({ consumer, stream, eventId }: ParkedTarget): Promise<{ name: string; stream: string }> {
    const [found] = await this.parking.list({ consumer, ...(stream !== undefined && { stream }), ...(eventId !== undefined && { eventId }), state: 'parked', limit: 1 });
    if (!found) throw new NothingParked(`nothing of ${eventId ?? stream ?? 'it'} is parked for ${consumer}`);
    return { name: consumer, stream: found.stream };
  }

  private async left(consumer: string, stream: string): Promise<number> {
    const { rows } = await this.pool.query<{ left: number }>(`select count(*) as left from parked where consumer = $1 and stream = $2 and state = 'parked'`, [consumer, stream]);
    return rows[0]?.left ?? 0;
  }

  private inTurn<T>(job: () => Promise<T>): Promise<T> {
    const mine = this.last.then(job, job);
    this.last = mine.catch(() => undefined);
    return mine;
  }
}
