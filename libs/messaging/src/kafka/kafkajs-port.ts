import { setTimeout as pause } from 'node:timers/promises';
import type { Consumer, Kafka as Client, KafkaConfig, KafkaMessage, Producer } from 'kafkajs';
import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import type { ConsumerListener, KafkaAccess, KafkaAdmin, KafkaConsumer, KafkaPort, KafkaProducer, KafkaRecord, OutgoingRecord, Place } from './kafka-port.js';

const REQUEST_TIMEOUT_MS = 8_000;
const SESSION_TIMEOUT_MS = 15_000;
const HEARTBEAT_MS = 2_000;
/** A fetch with nothing to bring ends after this time: the loop shows life at least so often, and a partition that was resumed waits no longer. */
const FETCH_WAIT_MS = 100;
const SEND_TIMEOUT_MS = 8_000;
/** A broker that has just started reads what groups there are: who asks to join meanwhile is turned away, and kafkajs does not ask again. */
const TURNED_AWAY = 'GROUP_LOAD_IN_PROGRESS';
const MOST_JOINS = 30;
const JOIN_AGAIN_MS = 500;

export interface GroupTimes {
  /** A member that was not heard for so long is dead, and others take its partitions over. */
  readonly sessionTimeoutMs: number;
}

/** {@link KafkaPort} on kafkajs. It never trusts the client with an offset: each place is sought before anything of it is handed on. */
export function kafkajsPort(access: KafkaAccess, { sessionTimeoutMs }: GroupTimes = { sessionTimeoutMs: SESSION_TIMEOUT_MS }): KafkaPort {
  const client = new Kafka(configOf(access));
  const admin = new KafkajsAdmin(client, access.tls !== undefined);
  return {
    client: 'kafkajs',
    admin,
    producer: async () => {
      const producer = client.producer({
        idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, retry: { retries: 1 }, // the relay tries again, with another producer
        createPartitioner: () => ({ message }) => message.partition ?? 0, // we always say which
      });
      await producer.connect();
      return new KafkajsProducer(producer);
    },
    consumer: async (group, topics, listener) => {
      for (let joins = 1; ; joins += 1) {
        const consumer = client.consumer({
          groupId: group, sessionTimeout: sessionTimeoutMs, heartbeatInterval: Math.min(HEARTBEAT_MS, sessionTimeoutMs / 3), maxWaitTimeInMs: FETCH_WAIT_MS, allowAutoTopicCreation: false,
          retry: { retries: 5, restartOnFailure: () => Promise.resolve(false) }, // the transport opens another one, and says so meanwhile
        });
        const open = new KafkajsConsumer(consumer, listener, group);
        if (await open.start(topics, joins < MOST_JOINS)) return open;
        await pause(JOIN_AGAIN_MS);
      }
    },
    close: () => admin.close(),
  };
}

const configOf = ({ brokers, clientId, tls, login }: KafkaAccess): KafkaConfig => ({
  brokers: [...brokers], clientId, logLevel: logLevel.NOTHING, requestTimeout: REQUEST_TIMEOUT_MS, enforceRequestTimeout: true, connectionTimeout: 3_000,
  retry: { initialRetryTime: 100, retries: 3, maxRetryTime: 2_000 },
  ...(tls && { ssl: tls.ca === undefined ? true : { ca: [tls.ca] } }),
  ...(login && { sasl: { mechanism: 'scram-sha-512', ...login } }),
});

class KafkajsProducer implements KafkaProducer {
  constructor(private readonly producer: Producer) {}

  async send(topic: string, records: readonly OutgoingRecord[]): Promise<ReadonlyMap<number, number>> {
    const answers = await this.producer.send({ topic, acks: -1, timeout: SEND_TIMEOUT_MS, compression: CompressionTypes.None, messages: records.map((record) => ({ ...record })) });
    return new Map(answers.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]));
  }

  close(): Promise<void> {
    return this.producer.disconnect();
  }
}

class KafkajsAdmin implements KafkaAdmin {
  private opened?: Promise<ReturnType<Client['admin']>>;

  constructor(private readonly client: Client, private readonly tls: boolean) {}

  async ping(): Promise<void> {
    await this.ask((admin) => admin.describeCluster());
  }

  async partitions(topic: string): Promise<number | undefined> {
    return this.ask(async (admin) => {
      if (!(await admin.listTopics()).includes(topic)) return undefined;
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] }).catch(async (error: unknown) => {
        if ((await admin.listTopics()).includes(topic)) throw error;
        return { topics: [] }; // it was deleted between the two questions
      });
      return topics[0]?.partitions.length;
    });
  }

  async createTopic(topic: string, partitions: number, keptMs = -1): Promise<void> {
    const configEntries = [{ name: 'retention.ms', value: String(keptMs) }, { name: 'retention.bytes', value: '-1' }, { name: 'cleanup.policy', value: 'delete' }];
    await this.ask((admin) => admin.createTopics({ topics: [{ topic, numPartitions: partitions, replicationFactor: -1, configEntries }], waitForLeaders: false }));
    for (const end = Date.now() + REQUEST_TIMEOUT_MS; ; await pause(50)) {
      try {
        await this.ends(topic);
        return;
      } catch (error) {
        if (Date.now() > end) throw error; // leaders are chosen after the answer
      }
    }
  }

  async ends(topic: string): Promise<ReadonlyMap<number, number>> {
    const ends = await this.ask((admin) => admin.fetchTopicOffsets(topic));
    return new Map(ends.map(({ partition, high }) => [partition, Number(high)]));
  }

  async deleteTopic(topic: string): Promise<void> {
    await this.ask((admin) => admin.deleteTopics({ topics: [topic], timeout: SEND_TIMEOUT_MS }));
  }

  async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    await opened?.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  /** On one connection that is kept; after an error, on another one the next time. */
  private async ask<T>(question: (admin: ReturnType<Client['admin']>) => Promise<T>): Promise<T> {
    const opened = (this.opened ??= this.open());
    try {
      return await question(await opened);
    } catch (error) {
      if (this.opened === opened) void this.close();
      throw error;
    }
  }

  private async open(): Promise<ReturnType<Client['admin']>> {
    const admin = this.client.admin();
    try {
      await admin.connect();
      return admin;
    } catch (error) {
      if (this.tls || !(error instanceof Error && error.message.includes('Closed connection'))) throw error;
      throw new Error(`${error.message}, without TLS: does the broker ask for it?`, { cause: error });
    }
  }
}

class KafkajsConsumer implements KafkaConsumer {
  private places = 0;
  /** What was sought since the last assignment; nothing of another place is handed on. */
  private readonly sought = new Set<string>();
  private readonly paused = new Set<string>();

  constructor(private readonly consumer: Consumer, private readonly listener: ConsumerListener, private readonly group: string) {}

  /** False, and nothing told, when the group may be joined later, and it is to be tried again. */
  async start(topics: readonly string[], tryAgain: boolean): Promise<boolean> {
    const { consumer, listener } = this;
    let turnedAway = false;
    /** By broker, whether this round has anything to ask for; kafkajs does not say so. */
    const asks = new Map<number, boolean>();
    consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
      const places = Object.entries(memberAssignment).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition })));
      this.places = places.length;
      this.sought.clear();
      this.paused.clear();
      for (const place of places) this.pause(place);
      listener.assigned(places, this);
    });
    consumer.on(consumer.events.FETCH_START, ({ payload: { nodeId } }) => { asks.set(nodeId, this.places > this.paused.size); });
    consumer.on(consumer.events.FETCH, ({ payload: { nodeId } }) => listener.alive(asks.get(nodeId) === true || this.hasEnough));
    consumer.on(consumer.events.CRASH, ({ payload: { error } }) => {
      if (tryAgain && (error as { type?: unknown }).type === TURNED_AWAY) turnedAway = true;
      else listener.failed(this.explained(error));
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: 1, // handed on at once, never waited for
      eachBatch: ({ batch, isStale, resolveOffset }) => {
        const place = { topic: batch.topic, partition: batch.partition };
        if (!isStale() && this.sought.has(nameOf(place))) {
          listener.received(place, batch.messages.map(asRecord));
          resolveOffset(batch.lastOffset());
        }
        return Promise.resolve();
      },
    });
    tryAgain = false; // it is a member: what happens now, it tells
    return !turnedAway;
  }

  /** None is ours, or all were sought and are paused again: a round without a question is then as it should be. */
  private get hasEnough(): boolean {
    return this.sought.size === this.places && this.paused.size === this.places;
  }

  /** The client loses the broker's answer on the way. */
  private explained(error: Error): Error {
    return error.name === 'KafkaJSGroupCoordinatorNotFound' ? new Error(`${error.message}: may this login use the group ${this.group}?`, { cause: error }) : error;
  }

  seek(place: Place, offset: number): void {
    this.sought.add(nameOf(place));
    this.consumer.seek({ ...place, offset: String(offset) });
    this.resume(place);
  }

  pause({ topic, partition }: Place): void {
    this.paused.add(nameOf({ topic, partition }));
    this.consumer.pause([{ topic, partitions: [partition] }]);
  }

  resume({ topic, partition }: Place): void {
    this.paused.delete(nameOf({ topic, partition }));
    this.consumer.resume([{ topic, partitions: [partition] }]);
  }

  async commit(offsets: readonly (Place & { readonly offset: number })[]): Promise<void> {
    await this.consumer.commitOffsets(offsets.map(({ topic, partition, offset }) => ({ topic, partition, offset: String(offset) })));
  }

  async close(): Promise<void> {
    await this.consumer.disconnect();
  }
}

const nameOf = ({ topic, partition }: Place): string => `${topic}/${partition}`;

const asRecord = ({ offset, key, value, headers = {} }: KafkaMessage): KafkaRecord => ({
  offset: Number(offset), key: key?.toString() ?? '', value: value?.toString() ?? '',
  headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(Array.isArray(text) ? text[0] : (text ?? ''))])),
});
