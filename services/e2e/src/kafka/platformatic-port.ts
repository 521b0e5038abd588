import { setTimeout as pause } from 'node:timers/promises';
import type { ClusterMetadata } from '@platformatic/kafka';
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import type { ConsumerListener, KafkaAccess, KafkaAdmin, KafkaConsumer, KafkaPort, KafkaProducer, KafkaRecord, OutgoingRecord, Place } from '@touchstone/messaging/kafka';

const FETCH_WAIT_MS = 500;
const PARTITION_BYTES = 1024 * 1024;
const LATEST = -1n;

/** The same port on @platformatic/kafka, to compare. Its stream knows no pause and no seek of one partition, so the fetch loop is ours. */
export function platformaticPort({ brokers, clientId }: KafkaAccess): KafkaPort {
  const base = { clientId, bootstrapBrokers: [...brokers], timeout: 8_000, retries: 3, retryDelay: 200 };
  const admin = new Admin(base);
  return {
    client: '@platformatic/kafka',
    admin: adminOf(admin),
    producer: () => Promise.resolve(producerOf(new Producer({ ...base, serializers: stringSerializers, idempotent: true, acks: -1 }))),
    consumer: async (group, topics, listener) => {
      const consumer = new Consumer({ ...base, groupId: group, deserializers: stringDeserializers, sessionTimeout: 15_000, heartbeatInterval: 2_000, autocommit: false });
      const open = new Fetching(consumer as unknown as Consumer, topics, listener);
      await open.start();
      return open;
    },
    close: () => admin.close(),
  };
}

const producerOf = (producer: Producer<string, string, string, string>): KafkaProducer => ({
  send: async (topic: string, records: readonly OutgoingRecord[]) => {
    const { offsets = [] } = await producer.send({ messages: records.map(({ partition, key, value, headers }) => ({ topic, partition, key, value, headers: { ...headers } })) });
    return new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
  },
  close: () => producer.close(),
});

function adminOf(admin: Admin): KafkaAdmin {
  const partitions = async (topic: string) => {
    if (!(await admin.listTopics()).includes(topic)) return undefined;
    return (await admin.metadata({ topics: [topic], forceUpdate: true })).topics.get(topic)?.partitionsCount;
  };
  const ends = async (topic: string) => {
    const count = (await partitions(topic)) ?? 0;
    const [listed] = await admin.listOffsets({ topics: [{ name: topic, partitions: Array.from({ length: count }, (_, partitionIndex) => ({ partitionIndex, timestamp: LATEST })) }] });
    return new Map((listed?.partitions ?? []).map(({ partitionIndex, offset }) => [partitionIndex, Number(offset)]));
  };
  return {
    partitions, ends,
    ping: async () => void (await admin.metadata({ topics: [], forceUpdate: true })),
    createTopic: async (topic, count) => {
      await admin.createTopics({ topics: [topic], partitions: count, replicas: -1, configs: [{ name: 'retention.ms', value: '-1' }, { name: 'retention.bytes', value: '-1' }] });
      for (const end = Date.now() + 8_000; ; await pause(50)) {
        try {
          if ((await ends(topic)).size === count) return;
        } catch (error) {
          if (Date.now() > end) throw error;
        }
      }
    },
    deleteTopic: (topic) => admin.deleteTopics({ topics: [topic] }),
  };
}

const nameOf = ({ topic, partition }: Place): string => `${topic}/${partition}`;

class Fetching implements KafkaConsumer {
  private readonly next = new Map<string, Place & { offset: number }>();
  private readonly paused = new Set<string>();
  private running?: Promise<void>;
  private closed = false;

  constructor(private readonly consumer: Consumer, private readonly topics: readonly string[], private readonly listener: ConsumerListener) {}

  async start(): Promise<void> {
    const { consumer, listener } = this;
    consumer.topics.trackAll(...this.topics);
    consumer.on('consumer:group:join', () => {
      this.next.clear();
      this.paused.clear();
      listener.assigned((consumer.assignments ?? []).flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition }))), this);
    });
    consumer.on('consumer:heartbeat:error', ({ error }) => listener.failed(error instanceof Error ? error : new Error('no heartbeat')));
    await consumer.joinGroup();
    this.running = this.run();
  }

  seek(place: Place, offset: number): void {
    this.next.set(nameOf(place), { ...place, offset });
    this.resume(place);
  }

  pause(place: Place): void {
    this.paused.add(nameOf(place));
  }

  resume(place: Place): void {
    this.paused.delete(nameOf(place));
  }

  commit(offsets: readonly (Place & { readonly offset: number })[]): Promise<void> {
    return this.consumer.commit({ offsets: offsets.map((each) => ({ ...each, offset: BigInt(each.offset), leaderEpoch: -1 })) });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.running;
    await this.consumer.close(true);
  }

  private async run(): Promise<void> {
    try {
      while (!this.closed) {
        const metadata = await this.consumer.metadata({ topics: [...this.topics] });
        const active = [...this.next].filter(([name]) => !this.paused.has(name)).map(([, place]) => place);
        if (active.length === 0) await pause(20);
        const byNode = Map.groupBy(active, ({ topic, partition }) => metadata.topics.get(topic)?.partitions[partition]?.leader ?? -1);
        await Promise.all([...byNode].map(([node, places]) => this.fetch(node, places, metadata)));
        this.listener.alive(true);
      }
    } catch (error) {
      this.listener.failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private async fetch(node: number, places: readonly (Place & { offset: number })[], metadata: ClusterMetadata): Promise<void> {
    const ids = new Map([...metadata.topics].map(([topic, { id }]) => [id, topic]));
    const topics = places.map(({ topic, partition, offset }) => ({
      topicId: metadata.topics.get(topic)?.id ?? '', partitions: [{ partition, fetchOffset: BigInt(offset), partitionMaxBytes: PARTITION_BYTES, currentLeaderEpoch: -1, lastFetchedEpoch: -1 }],
    }));
    const { responses } = await this.consumer.fetch({ node, topics, maxWaitTime: FETCH_WAIT_MS, minBytes: 1 });
    for (const { topicId, partitions } of responses) {
      for (const { partitionIndex, records } of partitions) {
        const asked = places.find(({ topic, partition }) => topic === ids.get(topicId) && partition === partitionIndex);
        // Sought or assigned elsewhere meanwhile: what comes is not what is wanted any more.
        if (!asked || this.next.get(nameOf(asked)) !== asked || this.paused.has(nameOf(asked))) continue;
        const fresh = (records ?? []).flatMap((batch) => batch.records.map((record) => asRecord(Number(batch.firstOffset) + record.offsetDelta, record))).filter(({ offset }) => offset >= asked.offset);
        const last = fresh.at(-1);
        if (!last) continue;
        asked.offset = last.offset + 1;
        this.listener.received({ topic: asked.topic, partition: asked.partition }, fresh);
      }
    }
  }
}

const asRecord = (offset: number, { key, value, headers }: { key: Buffer | null; value: Buffer | null; headers: [Buffer | null, Buffer | null][] }): KafkaRecord => ({
  offset, key: key?.toString() ?? '', value: value?.toString() ?? '', headers: Object.fromEntries(headers.map(([name, text]) => [String(name), text?.toString() ?? ''])),
});
