import { randomUUID } from 'node:crypto';
import { parseLogId } from '@touchstone/event-store';
import type { HeldEvent, Holder } from '../transport.js';
import type { KafkaPort, KafkaRecord } from './kafka-port.js';

export interface TopicHolderOptions {
  readonly port: KafkaPort;
  /** With the prefix of the deployment. */
  readonly topic: string;
  /** Begins the names of the groups, one each time, in which the topic is read. */
  readonly group: string;
}

/** So many records are looked at from the end of each partition: one of them is an event of the log, and no older version of one. */
const FROM_END = 20;
const SILENT_AFTER_MS = 15_000;
const LOOK_EVERY_MS = 500;

/**
 * A topic as somebody who can say what he was told. The end of each partition tells whether the log still has what was published;
 * all that a log lost is found by reading the whole topic, which is done only when a new epoch is started.
 */
export class TopicHolder implements Holder {
  readonly remote = true;
  readonly name: string;
  /** What was found beyond a place: asked for in pages. */
  private found?: { readonly epoch: number; readonly after: number; readonly events: readonly HeldEvent[] };

  constructor(private readonly options: TopicHolderOptions) {
    this.name = `topic ${options.topic}`;
  }

  async newest(): Promise<readonly HeldEvent[]> {
    this.found = undefined;
    const newest = new Map<number, HeldEvent>();
    await this.read((end) => Math.max(0, end - FROM_END), (held) => {
      if (held.seq > (newest.get(held.epoch)?.seq ?? 0)) newest.set(held.epoch, held);
    });
    return [...newest.values()];
  }

  async beyond(_topic: string, epoch: number, seq: number, limit: number): Promise<readonly HeldEvent[]> {
    if (this.found?.epoch !== epoch || this.found.after > seq) {
      const byId = new Map<string, HeldEvent>();
      await this.read(() => 0, (held) => {
        if (held.epoch === epoch && held.seq > seq) byId.set(held.id, held);
      });
      this.found = { epoch, after: seq, events: [...byId.values()].toSorted((a, b) => a.seq - b.seq) };
    }
    return this.found.events.filter((held) => held.seq > seq).slice(0, limit);
  }

  /** Each partition from `from` of its end to that end. Rejects when nothing comes for a quarter of a minute. */
  private async read(from: (end: number) => number, take: (held: HeldEvent) => void): Promise<void> {
    const { port, topic, group } = this.options;
    if ((await port.admin.partitions(topic)) === undefined) return; // nobody was told anything
    const ends = await port.admin.ends(topic);
    const left = new Map([...ends].filter(([, end]) => end > 0));
    if (left.size === 0) return;
    const { promise: done, resolve, reject } = Promise.withResolvers<void>();
    done.catch(() => undefined); // it may fail before it is waited for
    let heardAt = Date.now();
    const consumer = await port.consumer(`${group}-${randomUUID()}`, [topic], {
      assigned: (places, kafka) => { for (const place of places) kafka.seek(place, from(ends.get(place.partition) ?? 0)); },
      received: ({ partition }, records) => {
        heardAt = Date.now();
        const end = ends.get(partition) ?? 0;
        for (const held of records.flatMap((record) => (record.offset < end ? heldIn(record) : []))) take(held);
        if ((records.at(-1)?.offset ?? -1) >= end - 1) left.delete(partition);
        if (left.size === 0) resolve();
      },
      alive: () => undefined,
      failed: reject,
    });
    const watching = setInterval(() => {
      if (Date.now() - heardAt > SILENT_AFTER_MS) reject(new Error(`${topic} could not be read to its end: nothing has come for ${SILENT_AFTER_MS / 1_000} s`));
    }, LOOK_EVERY_MS);
    try {
      await done;
    } finally {
      clearInterval(watching);
      await consumer.close().catch(() => undefined);
    }
  }
}

/** An event that was said again as an older version says nothing of its own. */
function heldIn({ key, value, headers }: KafkaRecord): HeldEvent[] {
  const { ce_id: id, ce_type: type, ce_source: source, touchstone_seq: seq, touchstone_meta: meta, touchstone_derived_from: derivedFrom } = headers;
  if (derivedFrom !== undefined || id === undefined || type === undefined || source === undefined || meta === undefined) return [];
  return [{ epoch: parseLogId(source).epoch, seq: Number(seq), key, id, type, value, meta }];
}
