import type { Type } from '@nestjs/common';
import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { DomainEvent } from '@touchstone/kernel';
import type { ForeignEvent, Parking, PostgresStore } from '@touchstone/event-store';
import type { Delivered } from './in-process.js';
import type { Consumer, Message } from './transport.js';
import { producerOf } from './transport.js';

export interface IngestOptions {
  readonly store: PostgresStore;
  readonly parking: Parking;
  /** Stream categories of other services, `<service>/<category>`: whole ones, so that a later handler finds its streams complete. */
  readonly interests: readonly string[];
  readonly check: (event: DomainEvent) => void;
}

const PAGE = 500;

/**
 * Takes foreign events into the service's own log before anything acts on them; that append is the inbox. What breaks its
 * contract is parked with all that follows on its stream, an unknown type is kept as received, an event already in the log is
 * a duplicate. A reading of new interests begins at the topic's beginning.
 */
export class Ingest implements Consumer {
  private readonly taken = new Map<string, number>();
  private readonly catchingUp = new Map<string, number>();
  private readonly parked = new Map<string, Set<string>>();

  constructor(private readonly options: IngestOptions) {}

  async takenFrom(topic: string): Promise<number> {
    const { store, parking } = this.options;
    this.parked.set(topic, await parking.streams(consumerOf(topic)));
    const { rowCount } = await store.pool.query('select from checkpoint where name = $1', [this.markOf(topic)]);
    const noted = await store.takenFrom(topic);
    if (rowCount === 0) this.catchingUp.set(topic, noted);
    this.taken.set(topic, rowCount === 0 ? 0 : noted);
    return this.taken.get(topic) ?? 0;
  }

  async take({ topic, messages }: Delivered): Promise<void> {
    const taken = this.taken.get(topic) ?? (await this.takenFrom(topic));
    const fresh = messages.filter(({ offset }) => offset > taken);
    for (let at = 0; at < fresh.length; at += PAGE) await this.takePage(topic, fresh.slice(at, at + PAGE));
    const last = Math.max(taken, ...fresh.map(({ offset }) => offset));
    this.taken.set(topic, last);
    if (last < (this.catchingUp.get(topic) ?? Infinity)) return;
    this.catchingUp.delete(topic);
    await this.options.store.pool.query('insert into checkpoint values ($1, 0) on conflict do nothing', [this.markOf(topic)]);
  }

  private async takePage(topic: string, messages: readonly Message[]): Promise<void> {
    const good: { message: Message; event: ForeignEvent }[] = [];
    for (const message of messages) {
      const event = this.read(topic, message);
      if (typeof event === 'string') await this.park(topic, message, event);
      else good.push({ message, event });
    }
    const results = await this.options.store.ingest(good.map(({ event }) => event));
    for (const [index, result] of results.entries()) {
      const message = good[index]?.message;
      if (result === 'incident' && message) await this.park(topic, message, `the id ${message.headers.ce_id} is in the log with another content`);
    }
  }

  /** The event, or why it cannot be taken in. */
  private read(topic: string, { key, offset, value, headers }: Message): ForeignEvent | string {
    if (this.parked.get(topic)?.has(key)) return 'waits for what is parked before it on its stream';
    try {
      this.options.check({ type: headers.ce_type, data: JSON.parse(value) });
      JSON.parse(headers.touchstone_meta);
      return { stream: `${producerOf(topic)}/${key}`, id: headers.ce_id, type: headers.ce_type, body: value, meta: headers.touchstone_meta, topic, offset };
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  private async park(topic: string, message: Message, why: string): Promise<void> {
    const { key, offset, headers } = message;
    const set = this.parked.get(topic) ?? new Set();
    this.parked.set(topic, set.add(key));
    await this.options.parking.park(consumerOf(topic), { stream: key, eventId: headers.ce_id, position: offset, event: JSON.stringify(message) }, why, 1);
  }

  /** Written once all of the topic has been read with these interests; others have another mark. */
  private markOf(topic: string): string {
    const producer = producerOf(topic);
    const mine = this.options.interests.filter((interest) => interest.startsWith(`${producer}/`)).toSorted();
    return `ingest:${mine.join(',')}`;
  }
}

const consumerOf = (topic: string): string => `ingest:${topic}`;

/** The Nest controller that hands what arrives to {@link Ingest}. */
export function ingestController(interests: readonly string[]): Type {
  @Controller()
  class IngestController {
    constructor(private readonly ingest: Ingest) {}

    @EventPattern([...interests])
    async take(@Payload() delivered: Delivered): Promise<void> {
      await this.ingest.take(delivered);
    }
  }
  Reflect.defineMetadata('design:paramtypes', [Ingest], IngestController);
  return IngestController;
}
