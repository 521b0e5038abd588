import type { DomainEvent } from '@touchstone/kernel';
import { isUuid } from '@touchstone/kernel';
import type { ForeignEvent, ParkedEvent, Parking, ParkingConsumer, PostgresStore, Retaken } from '@touchstone/event-store';
import { requireCapabilities } from '@touchstone/event-store';
import type { Delivered } from './deliver.js';
import { KnownMessages } from './known-messages.js';
import { consumerOf } from './log-holder.js';
import { MAX_KEY_LENGTH, messageIn, parkedMessage } from './parked-message.js';
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
 * contract is parked with all that follows on its stream until a person decides, an unknown type is kept as received, an event
 * that is in the log or was parked already is a duplicate. A reading of new interests begins at the topic's beginning.
 */
export class Ingest implements Pick<Consumer, 'takenFrom'>, ParkingConsumer {
  readonly atOnce = PAGE;
  private readonly taken = new Map<string, number>();
  private readonly catchingUp = new Map<string, number>();

  constructor(private readonly options: IngestOptions) {
    requireCapabilities(options.store, ['ingest-by-id', 'durable-flush'], 'ingest');
  }

  async takenFrom(topic: string): Promise<number> {
    const { store } = this.options;
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
    for (let at = 0; at < originals.length; at += PAGE) {
      const page = originals.slice(at, at + PAGE);
      if (!(await this.takeWhole(topic, page))) await this.takePage(topic, page);
    }
    const last = Math.max(taken, ...fresh.map(({ offset }) => offset));
    this.taken.set(topic, last);
    if (last < (this.catchingUp.get(topic) ?? Infinity)) return;
    this.catchingUp.delete(topic);
    await this.options.store.pool.query('insert into checkpoint values ($1, 0) on conflict do nothing', [this.markOf(topic)]);
  }

  /**
   * What was parked, once more: by its contract of today, in the order of its stream, under its own ids. It notes no place: of what
   * came before it in the topic, on other streams, some may be on its way into the log still.
   */
  async retake(events: readonly ParkedEvent[]): Promise<Retaken> {
    const { good, error } = await this.readAgain(events);
    const results = await this.options.store.ingest(good);
    const conflicting = results.indexOf('incident');
    return conflicting < 0 ? { taken: good.length, ...(error !== undefined && { error }) } : { taken: conflicting, error: incident(good[conflicting]?.id ?? '') };
  }

  async tryRetake(events: readonly ParkedEvent[]): Promise<Retaken> {
    const { good, error } = await this.readAgain(events);
    return { taken: good.length, ...(error !== undefined && { error }) };
  }

  private async readAgain(parked: readonly ParkedEvent[]): Promise<{ good: ForeignEvent[]; error?: string }> {
    const all = parked.map(messageIn);
    const [first] = all;
    if (!first) return { good: [] };
    const known = await this.known(first.lane, all.map(({ message }) => message));
    const good: ForeignEvent[] = [];
    for (const { lane, message } of all) {
      const event = this.read(lane, message, known);
      if (typeof event === 'string') return { good, error: event };
      const { offset: _, ...placeless } = event;
      good.push(placeless);
    }
    return { good };
  }

  /** The way of nearly all pages: in one call, when all of it is good and new, and nothing that it would have to wait for is parked. */
  private async takeWhole(topic: string, messages: readonly Message[]): Promise<boolean> {
    const events = messages.map((message) => this.read(topic, message));
    return events.every((event) => typeof event !== 'string') && this.options.store.ingestNew(events, consumerOf(topicIn(topic)));
  }

  /**
   * In order: what cannot be taken in is parked when all before it is in the log, and all that was to be parked before what is appended
   * is parked. What only waits behind it on its stream may be parked before what comes before it in the topic is in the log.
   */
  private async takePage(topic: string, messages: readonly Message[]): Promise<void> {
    const known = await this.known(topic, messages);
    let good: { message: Message; event: ForeignEvent }[] = [];
    const append = async () => {
      const page = good;
      good = [];
      const results = await this.options.store.ingest(page.map(({ event }) => event));
      for (const [index, result] of results.entries()) {
        const message = page[index]?.message;
        if (result === 'incident' && message) await this.park(topic, message, incident(message.headers.ce_id), known);
      }
    };
    for (const message of messages) {
      if ((await known.wasParked(message)) || (known.waits(message) && (await this.parkBehind(topic, message, known)))) continue;
      const event = this.read(topic, message, known);
      if (typeof event === 'string') {
        await append();
        await this.park(topic, message, event, known);
      } else {
        good.push({ message, event });
        known.events.set(event.id, event);
      }
    }
    await append();
  }

  private known(topic: string, messages: readonly Message[]): Promise<KnownMessages> {
    return KnownMessages.of(this.options, consumerOf(topicIn(topic)), messages);
  }

  /** Behind what waits on its stream; false when that was decided since. */
  private async parkBehind(topic: string, message: Message, known: KnownMessages): Promise<boolean> {
    const state = await this.options.parking.parkBehind(consumerOf(topicIn(topic)), parkedMessage(topic, message, known.freeId(message)), 1);
    if (state === undefined) known.flows(message);
    return state !== undefined;
  }

  /** The event, or why it cannot be taken in. */
  private read(topic: string, { key, offset, value, headers }: Message, known?: KnownMessages): ForeignEvent | string {
    try {
      if (key.length > MAX_KEY_LENGTH || headers.ce_type.length > MAX_KEY_LENGTH) return `its key or its type has more than ${MAX_KEY_LENGTH} characters`;
      if (key.includes('\0') || headers.ce_type.includes('\0')) return 'its key or its type holds the character U+0000';
      this.options.check({ type: headers.ce_type, data: JSON.parse(value) });
      const { causationId, correlationId } = JSON.parse(headers.touchstone_meta) as Record<string, unknown>;
      if (![headers.ce_id, causationId, correlationId].every(isUuid)) return 'its id, or that of its cause, is no UUID';
      const stream = `${producerOf(topic)}/${key}`;
      const before = known?.events.get(headers.ce_id);
      if (before && (before.stream !== stream || before.body !== value || before.meta !== headers.touchstone_meta)) return incident(headers.ce_id);
      return { stream, id: headers.ce_id, type: headers.ce_type, body: value, meta: headers.touchstone_meta, topic, offset };
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  private async park(topic: string, message: Message, why: string, known: KnownMessages): Promise<void> {
    const eventId = known.freeId(message);
    await this.options.parking.park(consumerOf(topicIn(topic)), parkedMessage(topic, message, eventId), why, 1);
    known.nowParked(message, eventId);
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
