import { randomBytes } from 'node:crypto';
import type { PostgresStore, SubjectKeys } from '@touchstone/event-store';
import { systemClock } from '@touchstone/kernel';
import { Parking } from '@touchstone/event-store';
import type { Delivered } from '@touchstone/messaging';
import { Ingest } from '@touchstone/messaging';
import type { KafkaConsumer, KafkaPort } from '@touchstone/messaging/kafka';
import { KafkaTransport } from '@touchstone/messaging/kafka';
import type { CountingModel } from '../counting.js';
import { openCounting } from '../counting.js';
import { TOPIC } from './grounds.js';

export interface Receiving {
  readonly counting: CountingModel;
  /** Begins to take the topic in, from where the log stands. */
  listen(): void;
  close(): Promise<void>;
}

export const ingestOf = (store: PostgresStore): Ingest => new Ingest({ store, parking: new Parking(store.pool, systemClock), interests: ['bench/gauge'], check: () => undefined });

/** A service as it listens: intake, ingest into its own log, a read model. Its group is a new one. */
export async function openReceiving({ store, keys, url, port, prefix }: { store: PostgresStore; keys: SubjectKeys; url: string; port: KafkaPort; prefix: string }): Promise<Receiving> {
  const counting = await openCounting(store, keys, url, 'bench_received');
  const ingest = ingestOf(store);
  const transport = new KafkaTransport({ port, group: `${prefix}${randomBytes(4).toString('hex')}`, prefix, lease: () => { throw new Error('it publishes nothing'); } });
  const handlers = new Map([['bench/gauge', (delivered: Delivered) => ingest.take(delivered)]]) as unknown as Parameters<KafkaTransport['attach']>[2];
  return {
    counting,
    listen: () => void transport.attach([TOPIC], ingest, handlers),
    close: async () => {
      await transport.close();
      await counting.drop();
    },
  };
}

/** A member of a group of its own, which has its places. */
export async function joined(port: KafkaPort, topic: string, received: (count: number) => void): Promise<KafkaConsumer> {
  const { promise: assigned, resolve, reject } = Promise.withResolvers<void>();
  assigned.catch(() => undefined); // met below
  const consumer = await port.consumer(`${topic}-bare`, [topic], {
    assigned: (places, opened) => {
      for (const place of places) opened.seek(place, 0);
      resolve();
    },
    received: (_, records) => received(records.length), alive: () => undefined, failed: reject,
  });
  try {
    await assigned;
    return consumer;
  } catch (error) {
    await consumer.close();
    throw error;
  }
}
