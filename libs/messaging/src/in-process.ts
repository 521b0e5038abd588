import type { CustomTransportStrategy } from '@nestjs/microservices';
import { Server } from '@nestjs/microservices';
import { deliverTo } from './deliver.js';
import type { Consumer, Message, Publisher, Transport } from './transport.js';
import { topicOf } from './transport.js';

interface Subscription {
  readonly startAfter: () => Promise<number>;
  readonly deliver: (messages: readonly Message[]) => Promise<void>;
}

export interface InProcessOptions {
  /** In tests: streams of a batch are interleaved by this seed, since only the order within a stream is promised. */
  readonly interleaveSeed?: number;
}

/**
 * The transport of a platform in one process. Keeps nothing: a batch is published when every consumer has it in its own log, and
 * a relay starts where the consumer that is furthest behind stands.
 */
export class InProcessTransport implements Transport {
  readonly name = 'in-process';
  private readonly subscriptions = new Map<string, Set<Subscription>>();

  constructor(private readonly options: InProcessOptions = {}) {}

  publisher(topic: string): Publisher {
    return {
      startAfter: async () => {
        const taken = await Promise.all([...this.of(topic)].map((each) => each.startAfter()));
        return taken.length === 0 ? 0 : Math.min(...taken);
      },
      publish: async (messages) => {
        const batch = this.options.interleaveSeed === undefined ? messages : interleave(messages, this.options.interleaveSeed);
        await Promise.all([...this.of(topic)].map((each) => each.deliver(batch)));
      },
    };
  }

  strategy(consumer: Consumer): CustomTransportStrategy {
    return new InProcessServer(this, consumer);
  }

  attach(topic: string, subscription: Subscription): () => void {
    this.of(topic).add(subscription);
    return () => void this.of(topic).delete(subscription);
  }

  private of(topic: string): Set<Subscription> {
    const known = this.subscriptions.get(topic) ?? new Set();
    this.subscriptions.set(topic, known);
    return known;
  }
}

/** Feeds Nest's event handlers from the transport. */
class InProcessServer extends Server implements CustomTransportStrategy {
  private detach: (() => void)[] = [];

  constructor(private readonly transport: InProcessTransport, private readonly consumer: Consumer) {
    super();
  }

  listen(callback: () => void): void {
    const producers = new Set([...this.messageHandlers.keys()].map((pattern) => pattern.slice(0, pattern.indexOf('/'))));
    this.detach = [...producers].map((producer) => {
      const topic = topicOf(producer);
      return this.transport.attach(topic, {
        startAfter: () => this.consumer.takenFrom(topic),
        deliver: (messages) => deliverTo(this.messageHandlers, topic, messages),
      });
    });
    callback();
  }

  close(): void {
    for (const detach of this.detach) detach();
  }

  on(): void {
    // the transport lives in this process: it neither connects nor breaks
  }

  unwrap<T>(): T {
    return this.transport as T;
  }
}

/** Another order of the streams, the same order within each; the same seed gives the same order. */
function interleave(messages: readonly Message[], seed: number): Message[] {
  const streams = [...Map.groupBy(messages, ({ key }) => key).values()];
  const mixed: Message[] = [];
  for (let state = seed >>> 0 || 1; streams.length > 0; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const index = state % streams.length;
    const stream = streams[index] ?? [];
    const next = stream.shift();
    if (next) mixed.push(next);
    if (stream.length === 0) streams.splice(index, 1);
  }
  return mixed;
}
