import type { Parking, PostgresStore, StoredEvent } from '@touchstone/event-store';
import type { Uuid } from '@touchstone/kernel';
import { contentId, idOf, messageIn, sameContent, streamOf } from './parked-message.js';
import type { Message } from './transport.js';

/** One statement a page, through indexes. Streams are asked as they are parked: see `streamOf`. */
const KNOWN = `select 'event' as kind, id::text, stream, body as text, meta from event where id = any($1)
  union all select 'parked', event_id::text, stream, event, null from parked where consumer = $2 and event_id = any($1)
  union all select distinct 'waiting', null, stream, null, null from parked where consumer = $2 and state = 'parked' and stream = any($3)`;

/** What the log and the parking hold of a page of messages, and what is added to them while it is taken. */
export class KnownMessages {
  private constructor(
    private readonly parking: Parking, private readonly consumer: string,
    /** In the log, by id: asked before the append, so that an incident also stops what follows it in the same page. */
    readonly events: Map<Uuid, Pick<StoredEvent, 'id' | 'stream' | 'body' | 'meta'>>,
    private readonly parked: Map<Uuid, Message>,
    /** Streams on which something waits for a person. */
    private readonly waiting: Set<string>,
  ) {}

  static async of({ store, parking }: { store: PostgresStore; parking: Parking }, consumer: string, messages: readonly Message[]): Promise<KnownMessages> {
    const { rows } = await store.pool.query<{ kind: string; id: Uuid; stream: string; text: string; meta: string }>(KNOWN, [messages.map(idOf), consumer, [...new Set(messages.map(streamOf))]]);
    const kind = (wanted: string) => rows.filter((row) => row.kind === wanted);
    return new KnownMessages(
      parking, consumer, new Map(kind('event').map(({ id, stream, text, meta }) => [id, { id, stream, body: text, meta }])),
      new Map(kind('parked').map(({ id, text }) => [id, messageIn({ event: text, consumer }).message])), new Set(kind('waiting').map(({ stream }) => stream)),
    );
  }

  /** The same was parked before: it waits still, or a person has decided about it, for ever. */
  async wasParked(message: Message): Promise<boolean> {
    const before = this.parked.get(idOf(message));
    if (!before) return false;
    if (sameContent(before, message) || this.parked.has(contentId(message))) return true;
    return (await this.parking.list({ consumer: this.consumer, eventId: contentId(message), limit: 1 })).length > 0;
  }

  /** What is in the log waits for nobody: it is a duplicate, or an incident. */
  waits(message: Message): boolean {
    return this.waiting.has(streamOf(message)) && !this.events.has(message.headers.ce_id);
  }

  /** The id to park it under: two that share an id and differ are both kept. */
  freeId(message: Message): Uuid {
    const before = this.parked.get(idOf(message));
    return before && !sameContent(before, message) ? contentId(message) : idOf(message);
  }

  nowParked(message: Message, eventId: Uuid): void {
    this.parked.set(eventId, message);
    this.waiting.add(streamOf(message));
  }

  flows(message: Message): void {
    this.waiting.delete(streamOf(message));
  }
}
