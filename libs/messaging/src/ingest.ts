import type { RpcExceptionFilter, Type } from '@nestjs/common';
import { Catch, Controller, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { throwError } from 'rxjs';
import type { DomainEvent } from '@touchstone/kernel';
import { derivedId, isUuid } from '@touchstone/kernel';
import type { ForeignEvent, Parking, PostgresStore, StoredEvent } from '@touchstone/event-store';
import { requireCapabilities } from '@touchstone/event-store';
import type { Delivered } from './deliver.js';
import { consumerOf } from './log-holder.js';
import type { Consumer, Message } from './transport.js';
import { producerOf, topicIn } from './transport.js';

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
export class Ingest implements Pick<Consumer, 'takenFrom'> {
  private readonly taken = new Map<string, number>();
  private readonly catchingUp = new Map<string, number>();
  /** By topic and stream, the offset from which on nothing goes on. What lies before it may be delivered again, and is a duplicate. */
  private readonly parked = new Map<string, Map<string, number>>();

  constructor(private readonly options: IngestOptions) {
    requireCapabilities(options.store, ['ingest-by-id', 'durable-flush'], 'ingest');
  }

  async takenFrom(topic: string): Promise<number> {
    const { store } = this.options;
    const parked = await store.pool.query<{ stream: string; position: number }>(
      `select stream, min(position) as position from parked where consumer = $1 and state = 'parked' group by stream`, [consumerOf(topicIn(topic))],
    );
    this.parked.set(topic, new Map(parked.rows.map(({ stream, position }) => [stream, position])));
    const { rowCount } = await store.pool.query('select from checkpoint where name = $1', [this.markOf(topic)]);
    const noted = await store.takenFrom(topic);
    if (rowCount === 0) this.catchingUp.set(topic, noted);
    this.taken.set(topic, rowCount === 0 ? 0 : noted);
    return this.taken.get(topic) ?? 0;
  }

  async notedAt(topic: string, offset: number): Promise<string | undefined> {
    const { rows } = await this.options.store.pool.query<{ id: string }>('select id from event where topic = $1 and topic_offset = $2', [topic, offset]);
    return rows[0]?.id;
  }

  startOver(topic: string): void {
    this.taken.set(topic, 0);
  }

  async take({ topic, messages }: Delivered): Promise<void> {
    const taken = this.taken.get(topic) ?? (await this.takenFrom(topic));
    const fresh = messages.filter(({ offset }) => offset > taken);
    const originals = fresh.filter(({ headers }) => headers.touchstone_derived_from === undefined); // an older version says nothing new
    for (let at = 0; at < originals.length; at += PAGE) await this.takePage(topic, originals.slice(at, at + PAGE));
    const last = Math.max(taken, ...fresh.map(({ offset }) => offset));
    this.taken.set(topic, last);
    if (last < (this.catchingUp.get(topic) ?? Infinity)) return;
    this.catchingUp.delete(topic);
    await this.options.store.pool.query('insert into checkpoint values ($1, 0) on conflict do nothing', [this.markOf(topic)]);
  }

  private async takePage(topic: string, messages: readonly Message[]): Promise<void> {
    const good: { message: Message; event: ForeignEvent }[] = [];
    const known = await this.known(messages);
    for (const message of messages) {
      const event = this.read(topic, message, known);
      if (typeof event === 'string') await this.park(topic, message, event);
      else good.push({ message, event });
    }
    const results = await this.options.store.ingest(good.map(({ event }) => event));
    for (const [index, result] of results.entries()) {
      const message = good[index]?.message;
      if (result === 'incident' && message) await this.park(topic, message, incident(message.headers.ce_id));
    }
  }

  /** What the log holds under these ids: asked before the append, so that an incident also stops what follows it in the same page. */
  private async known(messages: readonly Message[]): Promise<ReadonlyMap<string, StoredEvent>> {
    const ids = messages.map(({ headers }) => headers.ce_id).filter(isUuid);
    const { rows } = await this.options.store.pool.query<StoredEvent>('select id, stream, body, meta from event where id = any($1)', [ids]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** The event, or why it cannot be taken in. */
  private read(topic: string, { key, offset, value, headers }: Message, known: ReadonlyMap<string, StoredEvent>): ForeignEvent | string {
    if (offset >= (this.parked.get(topic)?.get(key) ?? Infinity)) return 'waits for what is parked before it on its stream';
    try {
      this.options.check({ type: headers.ce_type, data: JSON.parse(value) });
      const { causationId, correlationId } = JSON.parse(headers.touchstone_meta) as Record<string, unknown>;
      if (![headers.ce_id, causationId, correlationId].every(isUuid)) return 'its id, or that of its cause, is no UUID';
      const stream = `${producerOf(topic)}/${key}`;
      const before = known.get(headers.ce_id);
      if (before && (before.stream !== stream || before.body !== value || before.meta !== headers.touchstone_meta)) return incident(headers.ce_id);
      return { stream, id: headers.ce_id, type: headers.ce_type, body: value, meta: headers.touchstone_meta, topic, offset };
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  private async park(topic: string, message: Message, why: string): Promise<void> {
    const { key, offset, headers } = message;
    const streams = this.parked.get(topic) ?? new Map<string, number>();
    this.parked.set(topic, streams.set(key, Math.min(offset, streams.get(key) ?? offset)));
    const eventId = isUuid(headers.ce_id) ? headers.ce_id : derivedId(topic, offset);
    await this.options.parking.park(consumerOf(topicIn(topic)), { stream: key, eventId, position: offset, event: JSON.stringify(message) }, why, 1);
  }

  /** Written once all of the topic has been read with these interests; others have another mark. */
  private markOf(topic: string): string {
    const producer = producerOf(topic);
    const mine = this.options.interests.filter((interest) => interest.startsWith(`${producer}/`)).toSorted();
    // Each partition is read from its beginning by itself, so each has its own mark.
    return `ingest:${topic.includes('/') ? `${topic}:` : ''}${mine.join(',')}`;
  }
}

const incident = (id: string): string => `the id ${id} is in the log with another content`;

/** Nest would hide what failed behind "Internal server error"; the relay that waits for us should say it. */
@Catch()
class AsItIs implements RpcExceptionFilter {
  catch(error: unknown) {
    return throwError(() => error);
  }
}

/** The Nest controller that hands what arrives to {@link Ingest}. */
export function ingestController(interests: readonly string[]): Type {
  @Controller()
  @UseFilters(AsItIs)
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
