import type pg from 'pg';
import type { Uuid } from '@touchstone/kernel';
import { CodedError } from './answer.js';
import type { ParkedEvent, ParkedStream, ParkedVerdict, Parking } from './parking.js';

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

/**
 * What a person decides about parked events. An event is marked as replayed after its consumer has taken it, and before anything
 * else goes on with its stream: who dies in between does it again, and taking twice changes nothing.
 */
export class ParkedDecisions {
  /** One at a time: each holds a connection while its consumer uses others. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly parking: Parking, private readonly consumerOf: (name: string) => ParkingConsumer | undefined) {}

  /** The consumer takes the stream, from its first parked event on, until one fails or none is left: then the stream flows again. */
  replay(target: ParkedTarget, by: string, reason: string): Promise<DecidedParked> {
    return this.inTurn(async () => {
      const { consumer, stream } = await this.toReplay(target);
      const eventIds: Uuid[] = [];
      for (;;) {
        const { taken, failed } = await this.parking.withStream(stream, (client) => this.step(client, consumer, stream, AT_MOST - eventIds.length, { state: 'replayed', by, reason }));
        eventIds.push(...taken);
        if (failed && eventIds.length === 0) {
          throw new ParkedStillFails(`event ${failed.eventId} fails still: ${failed.error}`, { ...stream, failed, left: await this.parking.left(stream) });
        }
        if (failed || taken.length === 0 || eventIds.length >= AT_MOST) {
          return { ...stream, decision: 'replayed', eventIds, ...(failed && { failed }), left: await this.parking.left(stream) };
        }
      }
    });
  }

  /** Nobody takes these events, ever: one of them, or all that are parked of the stream. What follows may be replayed. */
  discard(target: ParkedTarget, by: string, reason: string): Promise<DecidedParked> {
    return this.inTurn(async () => {
      const stream = streamOf(await this.named(target));
      const eventIds = await this.parking.withStream(stream, async (client) => {
        const ids = target.eventId === undefined ? (await this.parking.first(stream, AT_MOST, client)).map(({ eventId }) => eventId) : [target.eventId];
        await this.parking.decide(client, stream, ids, { state: 'discarded', by, reason });
        return ids;
      });
      return { ...stream, decision: 'discarded', eventIds, left: await this.parking.left(stream) };
    });
  }

  /** What would come of it; nothing is changed, and no attempt counted. */
  async dryRun(decision: DecidedParked['decision'], target: ParkedTarget): Promise<DecidedParked> {
    const { consumer, stream } = decision === 'replayed' ? await this.toReplay(target) : { consumer: undefined, stream: streamOf(await this.named(target)) };
    const first = await this.parking.first(stream, AT_MOST);
    const meant = consumer || target.eventId === undefined ? first : first.filter(({ eventId }) => eventId === target.eventId);
    const { taken, error } = consumer ? await consumer.tryRetake(meant) : { taken: meant.length };
    const failing = error === undefined ? undefined : meant[taken];
    return {
      ...stream, decision, eventIds: meant.slice(0, taken).map(({ eventId }) => eventId),
      ...(failing && { failed: { eventId: failing.eventId, error: error ?? '' } }), left: (await this.parking.left(stream)) - taken,
    };
  }

  private async step(client: pg.PoolClient, consumer: ParkingConsumer, stream: ParkedStream, atMost: number, verdict: ParkedVerdict) {
    const first = await this.parking.first(stream, Math.min(consumer.atOnce, atMost), client);
    const { taken: count, error } = first.length === 0 ? { taken: 0 } : await consumer.retake(first);
    const taken = first.slice(0, count).map(({ eventId }) => eventId);
    await this.parking.decide(client, stream, taken, verdict);
    const next = error === undefined ? undefined : first[count];
    if (next) await this.parking.failedAgain(client, next, error ?? '');
    return { taken, ...(next && { failed: { eventId: next.eventId, error: error ?? '' } }) };
  }

  private async toReplay(target: ParkedTarget): Promise<{ consumer: ParkingConsumer; stream: ParkedStream }> {
    const named = await this.named(target);
    const consumer = this.consumerOf(target.consumer);
    if (!consumer) throw new NothingParked(`${target.consumer} is no consumer of this service any more: what it parked can only be discarded`);
    const [first] = target.eventId === undefined ? [named] : await this.parking.first(named, 1);
    if (first && first.eventId !== named.eventId) {
      throw new NotFirstParked(`${first.eventId} is parked before ${named.eventId} on ${named.stream}: replay or discard it first, or name the stream`);
    }
    return { consumer, stream: streamOf(named) };
  }

  /** The event that is named, or the first of the stream. */
  private async named({ consumer, stream, eventId }: ParkedTarget): Promise<ParkedEvent> {
    const [found] = await this.parking.list({ consumer, ...(stream !== undefined && { stream }), ...(eventId !== undefined && { eventId }), state: 'parked', limit: 1 });
    if (!found) throw new NothingParked(`nothing of ${eventId ?? stream ?? 'it'} is parked for ${consumer}`);
    return found;
  }

  private inTurn<T>(job: () => Promise<T>): Promise<T> {
    const mine = this.last.then(job, job);
    this.last = mine.catch(() => undefined);
    return mine;
  }
}

const streamOf = ({ consumer, stream }: ParkedEvent): ParkedStream => ({ consumer, stream });
