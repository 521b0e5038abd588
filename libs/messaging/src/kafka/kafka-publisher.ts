import type { Holder, Message, Publisher } from '../transport.js';
import type { KafkaPort, KafkaProducer, OutgoingRecord } from './kafka-port.js';
import { partitionOf } from './partition.js';
import type { RelayLease } from './relay-lease.js';
import { LeaseHeld } from './relay-lease.js';

/** A topic has another number of partitions than it should: streams would change places and lose their order. */
export class PartitionsChanged extends Error {
  readonly code = 'PARTITIONS_CHANGED';
}

/** The topic is not the one that was published to: somebody deleted it. All of the log is published again. */
export class TopicReplaced extends Error {
  readonly code = 'TOPIC_REPLACED';
}

export interface KafkaPublisherOptions {
  readonly port: KafkaPort;
  readonly topic: string;
  /** What of the topic's name the services do not say. */
  readonly prefix?: string;
  readonly partitions: number;
  readonly lease: RelayLease;
  /** The topic, to be asked what is on it. */
  readonly holder?: Holder;
}

const STALLED_AFTER_MS = 7_000;
/** One request holds at most so much: a broker takes 1 MiB a partition, and all may lie in one. */
const MOST_RECORDS = 1_000;
const MOST_BYTES = 512 * 1024;

/**
 * Publishes under the lease, one request at a time, and notes how far after the acknowledgement: who starts again sends a
 * contiguous suffix once more. After an error the producer is replaced, since its sequence numbers can no longer be trusted.
 */
export class KafkaPublisher implements Publisher {
  private producer?: KafkaProducer;
  /** By partition, the offset that comes next; only we write, so an answer below it is from another topic of the same name. */
  private ends: ReadonlyMap<number, number> = new Map();

  private failed?: Error;
  /** Losses of the lease that were answered by asking for it again. */
  private lossesMet = 0;

  constructor(private readonly options: KafkaPublisherOptions) {}

  /** Why nothing is published at present. Standing by for another process is no failure. */
  get failure(): Error | undefined {
    return this.failed ?? (this.options.lease.losses > this.lossesMet ? new Error(`${this.options.topic}: the lease was lost`) : undefined);
  }

  /** Moves when the lease was lost: it is asked for again also while there is nothing to publish. */
  get epoch(): number {
    return this.options.lease.losses;
  }

  holders(): readonly Holder[] {
    return this.options.holder ? [this.options.holder] : [];
  }

  startAfter(): Promise<number> {
    return this.watched(() => this.begin());
  }

  publish(messages: readonly Message[]): Promise<void> {
    return this.watched(() => this.send(messages));
  }

  async close(): Promise<void> {
    await this.replaceProducer();
    await this.options.lease.release();
  }

  private async begin(): Promise<number> {
    const { port, topic, partitions, lease } = this.options;
    await this.replaceProducer();
    this.lossesMet = lease.losses;
    const published = await lease.acquire();
    if ((await port.admin.partitions(topic)) === undefined) await port.admin.createTopic(topic, partitions);
    const found = await port.admin.partitions(topic);
    if (found !== partitions) throw new PartitionsChanged(`${topic} has ${found ?? 'no'} partitions, and should have ${partitions}: they are never changed; publish to a new version of the topic`);
    this.ends = await port.admin.ends(topic);
    if (this.records >= published.records) return published.seq;
    await lease.note({ seq: 0, records: 0 });
    return 0;
  }

  private async send(messages: readonly Message[]): Promise<void> {
    const { topic, lease, port } = this.options;
    const last = messages.at(-1);
    if (!last) return;
    try {
      for (const chunk of chunksOf(messages)) {
        await lease.confirm();
        this.producer ??= await port.producer();
        await this.moveEnds(await this.producer.send(topic, chunk.map((message) => outgoingOf(message, this.options.partitions))), chunk);
      }
      await lease.note({ seq: last.offset, records: this.records });
    } catch (error) {
      await this.replaceProducer();
      throw error;
    }
  }

  private async watched<T>(job: () => Promise<T>): Promise<T> {
    const tooLong = setTimeout(() => { this.failed = new Error(`${this.options.topic}: the broker has not taken it for ${STALLED_AFTER_MS / 1_000} s`); }, STALLED_AFTER_MS);
    try {
      const result = await job();
      this.failed = undefined;
      return result;
    } catch (error) {
      this.failed = error instanceof LeaseHeld ? undefined : error instanceof Error ? error : new Error(String(error));
      throw error;
    } finally {
      clearTimeout(tooLong);
    }
  }

  /** By lane, the offset up to which all is on the topic. */
  get published(): Readonly<Record<string, number>> {
    const { topic, prefix = '' } = this.options;
    return Object.fromEntries([...this.ends].map(([partition, end]) => [`${topic.slice(prefix.length)}/${partition}`, end]));
  }

  private get records(): number {
    return [...this.ends.values()].reduce((sum, end) => sum + end, 0);
  }

  private async moveEnds(answers: ReadonlyMap<number, number>, chunk: readonly Message[]): Promise<void> {
    const ends = new Map(this.ends);
    for (const [partition, offset] of answers) {
      if (offset < 0) continue; // a repetition that the broker knew, without the place it had
      if (offset < (ends.get(partition) ?? 0)) {
        await this.options.lease.note({ seq: 0, records: 0 });
        throw new TopicReplaced(`${this.options.topic} was deleted and made anew: all of the log is published again`);
      }
      ends.set(partition, offset + chunk.filter(({ key }) => partitionOf(key, this.options.partitions) === partition).length);
    }
    this.ends = ends;
  }

  private async replaceProducer(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    await producer?.close().catch(() => undefined);
  }
}

/** The message as it is on a topic with so many partitions. */
export const outgoingOf = ({ key, value, headers, offset }: Message, partitions: number): OutgoingRecord => ({
  partition: partitionOf(key, partitions), key, value,
  headers: { ...headers, ce_specversion: '1.0', 'content-type': 'application/json', touchstone_seq: String(offset) },
});

/** What goes in one request each, in order. */
export const chunksOf = (messages: readonly Message[]): Generator<readonly Message[]> =>
  requestsOf(messages, MOST_RECORDS, ({ value, headers }) => Buffer.byteLength(value) + Buffer.byteLength(headers.touchstone_meta) + 300);

/** At most so many, and about so many bytes that a broker takes them, also when all lie in one partition; one alone may be larger. */
export function* requestsOf<T>(records: readonly T[], mostRecords: number, bytesOf: (record: T) => number): Generator<readonly T[]> {
  let chunk: T[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = bytesOf(record);
    if (chunk.length > 0 && (chunk.length === mostRecords || bytes + size > MOST_BYTES)) {
      yield chunk;
      [chunk, bytes] = [[], 0];
    }
    chunk.push(record);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
