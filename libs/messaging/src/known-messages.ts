import type { Parking, PostgresStore, StoredEvent } from '@touchstone/event-store';
import type { Uuid } from '@touchstone/kernel';
import { contentId, idOf, messageIn, sameContent, streamOf } from './parked-message.js';
import type { Message } from './transport.js';

/** One statement a page, through indexes. Streams are asked as they are parked: see `streamOf`. */
const KNOWN = `select 'event' as kind, id::text, stream, body as text, meta from event where id = any($1)
  union all select 'parked', event_id::text, stream, event, null from parked where consumer = $2 and event_id = any($3)
  union all select distinct 'waiting', null, stream, null, null from parked where consumer = $2 and state = 'parked' and stream = any($4)`;

interface Row {
  readonly kind: 'event' | 'parked' | 'waiting';
  readonly id: Uuid;
  readonly stream: string;
  readonly text: string;
  readonly meta: string;
}

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

  /** Where a stream comes only once, and nothing of it waits, nothing follows an incident: the append itself tells. */
  static async of({ store: { pool }, parking }: { store: PostgresStore; parking: Parking }, consumer: string, messages: readonly Message[]): Promise<KnownMessages> {
    const streams = Map.groupBy(messages, streamOf);
    const ask = async (ids: readonly Uuid[], ...rest: readonly (readonly string[])[]) => (await pool.query<Row>(KNOWN, [ids, consumer, ...rest])).rows;
    const rows = await ask([...streams.values()].flatMap((ofStream) => (ofStream.length > 1 ? ofStream.map(idOf) : [])), messages.map(idOf), [...streams.keys()]);
    const waiting = new Set(rows.filter(({ kind }) => kind === 'waiting').map(({ stream }) => stream));
    if (waiting.size > 0) rows.push(...(await ask([...waiting].flatMap((stream) => (streams.get(stream) ?? []).map(idOf)), [], [])));
    const of = (wanted: Row['kind']) => rows.filter(({ kind }) => kind === wanted);
    return new KnownMessages(
      parking, consumer, new Map(of('event').map(({ id, stream, text, meta }) => [id, { id, stream, body: text, meta }])),
      new Map(of('parked').map(({ id, text }) => [id, messageIn({ event: text, consumer }).message])), waiting,
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
