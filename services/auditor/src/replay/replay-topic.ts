import { setTimeout as pause } from 'node:timers/promises';
import type { Message } from '@touchstone/messaging';
import type { KafkaConsumer, KafkaPort, KafkaProducer, KafkaRecord } from '@touchstone/messaging/kafka';
import { chunksOf, outgoingOf, partitionOf } from '@touchstone/messaging/kafka';
import { Unusable } from '../api.js';

export const REPLAY_HEADER = 'touchstone_replay';

export interface ReplayTopicOptions {
  readonly topic: string;
  readonly partitions: number;
  /** Says what is replayed: only the same goes on. */
  readonly replayId: string;
  readonly resume: boolean;
}

/** Somebody else writes to the topic. */
export class ReplayTopicShared extends Error {
  readonly code = 'REPLAY_TOPIC_SHARED';
}

const ATTEMPTS = 20;
const TRY_AGAIN_MS = 250;
const READ_WITHIN_MS = 20_000;

interface Last {
  readonly seq: number;
  readonly id: string;
}

/**
 * A topic of its own for a replay. Requests follow each other, each acknowledged by all, and of each partition what is there is a
 * beginning of what it should hold: so the last record of each says where to go on, and nothing comes twice.
 */
export class ReplayTopic {
  private constructor(
    private readonly options: ReplayTopicOptions, private readonly producer: KafkaProducer,
    private readonly ends: Map<number, number>, private readonly last: ReadonlyMap<number, Last>,
  ) {}

  /** Makes the topic when there is none. Throws {@link Unusable} for one that holds something else, or that was begun and is not to be resumed. */
  static async open(port: KafkaPort, options: ReplayTopicOptions): Promise<ReplayTopic> {
    const { topic, partitions, resume } = options;
    if ((await port.admin.partitions(topic)) === undefined) await port.admin.createTopic(topic, partitions);
    const found = await port.admin.partitions(topic);
    if (found !== partitions) throw new Unusable(`${topic} has ${found ?? 'no'} partitions, and streams are spread over ${partitions} (TOUCHSTONE_KAFKA_PARTITIONS): replay to another topic`);
    const ends = new Map(await port.admin.ends(topic));
    const there = [...ends.values()].reduce((sum, end) => sum + end, 0);
    if (there > 0 && !resume) throw new Unusable(`${topic} holds ${there} records: replay to a new topic, or go on with --resume`);
    const last = there > 0 ? await lastOf(port, options, ends) : new Map<number, Last>();
    return new ReplayTopic(options, await port.producer(), ends, last);
  }

  /** Resolves with how many were sent: what is there already is passed over. */
  async send(messages: readonly Message[], stopped: () => boolean): Promise<number> {
    const { topic, partitions, replayId } = this.options;
    let sent = 0;
    for (const chunk of chunksOf(messages.filter((message, index) => !this.isThere(message, messages, index)))) {
      if (stopped()) break;
      const records = chunk.map((message) => outgoingOf(message, partitions)).map((record) => ({ ...record, headers: { ...record.headers, [REPLAY_HEADER]: replayId } }));
      for (const [partition, offset] of await this.producer.send(topic, records)) {
        const end = this.ends.get(partition) ?? 0;
        if (offset >= 0 && offset !== end) throw new ReplayTopicShared(`${topic}: record ${end} of partition ${partition} is somebody else's: replay to a topic that nobody writes to`);
        this.ends.set(partition, end + records.filter((record) => record.partition === partition).length);
      }
      sent += chunk.length;
    }
    return sent;
  }

  close(): Promise<void> {
    return this.producer.close();
  }

  private isThere({ key, offset }: Message, messages: readonly Message[], index: number): boolean {
    const last = this.last.get(partitionOf(key, this.options.partitions));
    if (!last || offset > last.seq) return false;
    // Of an event that is there as several versions, perhaps only the first of them were sent.
    return offset < last.seq || messages.findIndex((each) => each.offset === offset && each.headers.ce_id === last.id) >= index;
  }
}

/** The last record of each partition that has any. */
async function lastOf(port: KafkaPort, { topic, replayId }: ReplayTopicOptions, ends: ReadonlyMap<number, number>): Promise<Map<number, Last>> {
  const filled = [...ends].filter(([, end]) => end > 0);
  for (let attempt = 1; ; attempt += 1) {
    const records = await readLast(port, topic, new Map(filled)).catch((error: unknown) => {
      if (attempt === ATTEMPTS) throw error;
      return undefined; // a coordinator that is new to a group says so first
    });
    if (!records) {
      await pause(TRY_AGAIN_MS);
      continue;
    }
    return new Map([...records].map(([partition, { headers, offset }]) => {
      if (headers[REPLAY_HEADER] !== replayId) throw new Unusable(`${topic} holds something else (partition ${partition}, offset ${offset}): the same range, service and filters go on, all else to a new topic`);
      return [partition, { seq: Number(headers['touchstone_seq']), id: headers['ce_id'] ?? '' }];
    }));
  }
}

async function readLast(port: KafkaPort, topic: string, ends: ReadonlyMap<number, number>): Promise<ReadonlyMap<number, KafkaRecord>> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => undefined);
  const records = new Map<number, KafkaRecord>();
  let consumer: KafkaConsumer | undefined;
  const timer = setTimeout(() => reject(new Error(`the end of ${topic} could not be read within ${READ_WITHIN_MS / 1_000} s`)), READ_WITHIN_MS);
  try {
    consumer = await port.consumer(`${topic}.replay`, [topic], {
      assigned: (places, opened) => {
        for (const place of places) if (ends.has(place.partition)) opened.seek(place, (ends.get(place.partition) ?? 1) - 1);
      },
      received: ({ partition }, received) => {
        for (const record of received) records.set(partition, record);
        if (records.size === ends.size) resolve();
      },
      alive: () => undefined, failed: reject,
    });
    await promise;
    return records;
  } finally {
    clearTimeout(timer);
    await consumer?.close();
  }
}
