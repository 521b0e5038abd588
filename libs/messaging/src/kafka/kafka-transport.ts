import { setTimeout as pause } from 'node:timers/promises';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { Server } from '@nestjs/microservices';
import type { Consumer, Progress, Publisher, Transport } from '../transport.js';
import { producerOf, topicOf } from '../transport.js';
import { deliverTo } from '../deliver.js';
import type { InboundDesk, InboundLine } from '../inbound.js';
import { KafkaInbound } from './inbound.js';
import { Intake } from './intake.js';
import { asMessage } from './lane.js';
import { KafkaPublisher } from './kafka-publisher.js';
import type { KafkaPort } from './kafka-port.js';
import type { RelayLease } from './relay-lease.js';
import { TopicHolder } from './topic-holder.js';

export interface KafkaTransportOptions {
  readonly port: KafkaPort;
  /** The consumer group; each service has its own, and all processes of a service share it. */
  readonly group: string | ((consumer: Consumer) => string);
  readonly lease: (topic: string) => RelayLease;
  /** Of each topic; fixed for ever. {@link PARTITIONS} when left out. */
  readonly partitions?: number;
  /** Before the name of each topic, for several deployments on one cluster. */
  readonly prefix?: string;
  /** A part that has failed for so long while the broker answers cannot recover. A minute, when left out. */
  readonly recoverWithinMs?: number;
}

export const PARTITIONS = 6;
const LOOK_EVERY_MS = 2_000;
const ANSWER_WITHIN_MS = 5_000;
const RECOVER_WITHIN_MS = 60_000;

/** Kafka between processes: what is published is kept by the broker, and each service reads from where its own log stands. */
export class KafkaTransport implements Transport {
  readonly name = 'kafka';
  /** Resolves, with why, when it cannot recover: the process should end, and be started again. */
  readonly lost: Promise<Error>;
  private readonly publishers: KafkaPublisher[] = [];
  private readonly intakes = new Set<Intake>();
  private readonly watching: NodeJS.Timeout;
  private away?: Error;
  private looking = false;
  private failingSince?: number;

  constructor(private readonly options: KafkaTransportOptions) {
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.lost = promise;
    this.watching = setInterval(() => void this.look(resolve), LOOK_EVERY_MS).unref();
  }

  get failure(): Error | undefined {
    return this.away ?? [...this.intakes, ...this.publishers].find(({ failure }) => failure)?.failure;
  }

  publisher(topic: string): Publisher {
    const { port, partitions = PARTITIONS, lease, prefix = '' } = this.options;
    const holder = new TopicHolder({ port, topic: prefix + topic, group: `${prefix}${producerOf(topic)}.look` });
    const publisher = new KafkaPublisher({ port, topic: prefix + topic, prefix, partitions, lease: lease(prefix + topic), holder });
    this.publishers.push(publisher);
    return publisher;
  }

  progress(): Progress {
    return { published: Object.assign({}, ...this.publishers.map(({ published }) => published)), taken: Object.assign({}, ...[...this.intakes].map(({ taken }) => taken)) };
  }

  strategy(consumer: Consumer): CustomTransportStrategy {
    return new KafkaServer(this, consumer);
  }

  attach(topics: readonly string[], consumer: Consumer, deliver: Parameters<typeof deliverTo>[0]): () => Promise<void> {
    const { port, group, prefix = '' } = this.options;
    const intake = new Intake({ port, group: typeof group === 'string' ? group : group(consumer), topics, prefix, consumer, deliver: (topic, records) => deliverTo(deliver, topic, records.map(asMessage)) });
    this.intakes.add(intake);
    intake.start();
    return async () => {
      await intake.stop();
      this.intakes.delete(intake);
    };
  }

  inbound(service: string, desk: InboundDesk): InboundLine {
    const { port, partitions = PARTITIONS, prefix = '' } = this.options;
    return new KafkaInbound({ port, group: `${prefix}${service}.inbound`, prefix, partitions, service, desk });
  }

  async close(): Promise<void> {
    clearInterval(this.watching);
    await Promise.all([...this.intakes].map((intake) => intake.stop()));
    await Promise.all(this.publishers.map((publisher) => publisher.close()));
    await this.options.port.close();
  }

  /** While the broker is away there is nothing that another process could do better; when it answers, and we fail still, there is. */
  private async look(lost: (why: Error) => void): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      this.away = await this.answer();
      const { failure } = this;
      this.failingSince = failure && !this.away ? (this.failingSince ?? Date.now()) : undefined;
      if (failure && this.failingSince !== undefined && Date.now() - this.failingSince >= (this.options.recoverWithinMs ?? RECOVER_WITHIN_MS)) lost(failure);
    } finally {
      this.looking = false;
    }
  }

  private async answer(): Promise<Error | undefined> {
    const silent = pause(ANSWER_WITHIN_MS, new Error(`the broker has not answered for ${ANSWER_WITHIN_MS / 1_000} s`), { ref: false });
    return Promise.race([silent, this.options.port.admin.ping().then(() => undefined, (error: unknown) => new Error(`the broker does not answer: ${error instanceof Error ? error.message : String(error)}`))]);
  }
}

/** Feeds Nest's event handlers: all patterns of one producer from its topic. */
class KafkaServer extends Server implements CustomTransportStrategy {
  private detach?: () => Promise<void>;

  constructor(private readonly transport: KafkaTransport, private readonly consumer: Consumer) {
    super();
  }

  /** Does not wait for the broker: a service answers and records also while Kafka is away; it is only not ready. */
  listen(callback: () => void): void {
    const producers = new Set([...this.messageHandlers.keys()].map((pattern) => pattern.slice(0, pattern.indexOf('/'))));
    if (producers.size > 0) this.detach = this.transport.attach([...producers].map(topicOf), this.consumer, this.messageHandlers);
    callback();
  }

  async close(): Promise<void> {
    await this.detach?.();
  }

  on(): void {
    // what breaks is mended by the transport, and shows in its `failure`
  }

  unwrap<T>(): T {
    return this.transport as T;
  }
}
