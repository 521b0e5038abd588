import type { CustomTransportStrategy } from '@nestjs/microservices';
import { Server } from '@nestjs/microservices';
import type { Lineage } from '@touchstone/event-store';
import { currentEpoch, sharedUntil } from '@touchstone/event-store';
import { deliverTo } from './deliver.js';
import type { Consumer, Holder, Message, Publisher, Transport } from './transport.js';
import { laneOf, topicOf } from './transport.js';

interface Subscription {
  readonly takenFrom: (lane: string) => Promise<number>;
  readonly deliver: (lane: string, messages: readonly Message[]) => Promise<void>;
  readonly away?: () => boolean;
  readonly epoch?: () => number;
  readonly holder?: Holder;
}

/** Who takes what a topic is given. */
class Audience {
  readonly present = new Set<Subscription>();
  /** Who was passed over, and has to be given what he missed. */
  private readonly missing = new Set<Subscription>();
  private changes = 0;

  /** Moves when somebody came, came back, or may stand further back. Never returns to a number that it had. */
  get epoch(): number {
    for (const each of this.missing) {
      if (each.away?.() === true) continue;
      this.missing.delete(each);
      this.changes += 1;
    }
    return this.changes + [...this.present].reduce((sum, each) => sum + (each.epoch?.() ?? 0), 0);
  }

  join(subscription: Subscription): () => void {
    this.present.add(subscription);
    this.changes += 1;
    return () => {
      this.present.delete(subscription);
      this.missing.delete(subscription);
      this.changes += 1 + (subscription.epoch?.() ?? 0);
    };
  }

  listening(): Subscription[] {
    const away = [...this.present].filter((each) => each.away?.() === true);
    for (const each of away) this.missing.add(each);
    return [...this.present].filter((each) => !away.includes(each));
  }
}

const ONE_EPOCH: Lineage = [{ epoch: 1, logId: '', forkSeq: 0, startedAt: '' }];

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
  private readonly audiences = new Map<string, Audience>();

  constructor(private readonly options: InProcessOptions = {}) {}

  publisher(topic: string, lineage: () => Lineage = () => ONE_EPOCH): Publisher {
    const audience = this.of(topic);
    return {
      get epoch() { return audience.epoch; },
      startAfter: async () => {
        const taken = await Promise.all(audience.listening().map((each) => placeIn(lineage(), topic, each)));
        return taken.length === 0 ? 0 : Math.min(...taken);
      },
      publish: async (messages) => {
        const batch = this.options.interleaveSeed === undefined ? messages : interleave(messages, this.options.interleaveSeed);
        const lane = laneOf(topic, currentEpoch(lineage()).epoch);
        await Promise.all(audience.listening().map((each) => each.deliver(lane, batch)));
      },
      holders: () => [...audience.present].flatMap(({ holder }) => holder ?? []),
    };
  }

  strategy(consumer: Consumer): CustomTransportStrategy {
    return new InProcessServer(this, consumer);
  }

  attach(topic: string, subscription: Subscription): () => void {
    return this.of(topic).join(subscription);
  }

  private of(topic: string): Audience {
    const known = this.audiences.get(topic) ?? new Audience();
    this.audiences.set(topic, known);
    return known;
  }
}

/**
 * The seq up to which a consumer has what this log says. Where it has taken nothing of an epoch yet, it stands where it stood in
 * the one before, but not beyond the fork: what it was told after that is no part of this log.
 */
async function placeIn(lineage: Lineage, topic: string, { takenFrom }: Subscription): Promise<number> {
  for (const { epoch } of lineage.toReversed()) {
    const taken = await takenFrom(laneOf(topic, epoch));
    if (taken > 0) return Math.min(taken, sharedUntil(lineage, epoch) ?? 0);
  }
  return 0;
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
        takenFrom: (lane) => this.consumer.takenFrom(lane),
        deliver: (lane, messages) => deliverTo(this.messageHandlers, lane, messages),
        away: () => this.consumer.away?.() ?? false,
        epoch: () => this.consumer.epoch ?? 0,
        holder: this.consumer.holder,
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
