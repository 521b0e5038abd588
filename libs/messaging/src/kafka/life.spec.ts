import { setTimeout as pause } from 'node:timers/promises';
import { Follower } from '@touchstone/event-store';
import type { Consumer } from '../transport.js';
import type { KafkaPort, KafkaProducer } from './kafka-port.js';
import { KafkaPublisher } from './kafka-publisher.js';
import { KafkaTransport } from './kafka-transport.js';
import type { RelayLease } from './relay-lease.js';
import { LeaseHeld } from './relay-lease.js';

const topic = 'control.events.v1';
const message = (offset: number) => ({ key: 'lot-1', offset, value: '{}', headers: { ce_id: `id-${offset}`, ce_type: 'control.Checked.v1', ce_source: 'control:check:1', touchstone_meta: '{}' } });
const nobody: Consumer = { takenFrom: () => Promise.resolve(0) };

/** A broker that answers; what its clients are for is broken in the ways under test. */
function port({ fetches = true, producer }: { fetches?: boolean; producer?: () => KafkaProducer } = {}) {
  let opened = 0;
  const broker: KafkaPort = {
    client: 'spec',
    admin: { ping: () => Promise.resolve(), partitions: () => Promise.resolve(6), createTopic: () => Promise.resolve(), ends: () => Promise.resolve(new Map()), deleteTopic: () => Promise.resolve() },
    producer: () => (producer ? Promise.resolve(producer()) : Promise.reject(new Error('nobody publishes'))),
    consumer: (_group, _topics, { assigned, alive }) => {
      opened += 1;
      const consumer = { seek: () => undefined, pause: () => undefined, resume: () => undefined, commit: () => Promise.resolve(), close: () => Promise.resolve(clearInterval(loop)) };
            alive(false); // as kafkajs: once before the first place was sought
      const loop = setInterval(() => { if (fetches) alive(true); }, 200);
      assigned([{ topic, partition: 0 }], consumer);
      return Promise.resolve(consumer);
    },
    close: () => Promise.resolve(),
  };
  return { broker, opened: () => opened };
}

const open: { close(): Promise<void> }[] = [];
afterEach(() => Promise.all(open.splice(0).map((each) => each.close())));

function transportOf(kafka: KafkaPort, recoverWithinMs: number): KafkaTransport {
  const transport = new KafkaTransport({ port: kafka, group: 'g', lease: () => new Lease(), recoverWithinMs });
  open.push(transport);
  return transport;
}

class Lease implements RelayLease {
  losses = 0;
  held = true;
  acquired = 0;
  acquire() {
    if (!this.held) return Promise.reject(new LeaseHeld('another process publishes'));
    this.acquired += 1;
    return Promise.resolve({ seq: 0, records: 0 });
  }
  confirm = () => Promise.resolve();
  note = () => Promise.resolve();
  release = () => Promise.resolve();
}

/** Within how many milliseconds it came to this; a failure after `mostMs`. */
async function within(mostMs: number, done: () => boolean): Promise<number> {
  const since = Date.now();
  while (!done()) {
    if (Date.now() - since > mostMs) throw new Error(`not within ${mostMs} ms`);
    await pause(50);
  }
  return Date.now() - since;
}

describe('a fetch loop that is dead', () => {
  it('shows within ten seconds, for as long as nothing comes round, and is past recovery however often the consumer is replaced', async () => {
    const { broker, opened } = port({ fetches: false });
    const transport = transportOf(broker, 16_000);
    let lost: Error | undefined;
    void transport.lost.then((why) => { lost = why; });
    transport.attach([topic], nobody, new Map());
    await within(10_000, () => transport.failure !== undefined);
    await within(30_000, () => {
      expect(transport.failure).toBeDefined();
      return lost !== undefined;
    });
    expect(opened()).toBeGreaterThan(1); // it was replaced meanwhile
  }, 60_000);

  it('is none while it comes round', async () => {
    const transport = transportOf(port().broker, 1_000);
    transport.attach([topic], nobody, new Map());
    await pause(9_000);
    expect(transport.failure).toBeUndefined();
  }, 20_000);
});

describe('a relay that lost its lease', () => {
  const relayOf = (publisher: KafkaPublisher) => new Follower({
    name: 'relay', feed: { read: () => Promise.resolve([]), changed: () => pause(20), get epoch() { return publisher.epoch; } },
    start: () => publisher.startAfter(), handle: () => Promise.resolve(),
  });

  it('shows it at once though there is nothing to publish, and takes it again', async () => {
    const lease = new Lease();
    const publisher = new KafkaPublisher({ port: port().broker, topic, partitions: 6, lease });
    const relaying = relayOf(publisher);
    open.push({ close: () => relaying.stop() });
    relaying.start();
    await within(2_000, () => lease.acquired === 1);
    lease.losses += 1;
    expect(publisher.failure?.message).toContain('lost');
    await within(2_000, () => lease.acquired === 2);
    expect(publisher.failure).toBeUndefined();
  });

  it('stands by when another process has it by then: that is no failure', async () => {
    const lease = new Lease();
    const publisher = new KafkaPublisher({ port: port().broker, topic, partitions: 6, lease });
    const relaying = relayOf(publisher);
    open.push({ close: () => relaying.stop() });
    relaying.start();
    await within(2_000, () => lease.acquired === 1);
    lease.held = false;
    lease.losses += 1;
    await within(2_000, () => relaying.failure instanceof LeaseHeld);
    expect(publisher.failure).toBeUndefined();
  });
});

describe('a producer that is fenced', () => {
  const fenced = Object.assign(new Error('There is a newer producer with the same transactionalId which fences the current one'), { type: 'PRODUCER_FENCED', retriable: false });

  it('is replaced, and shows until one of its successors is heard', async () => {
    let opened = 0;
    const producer = () => {
      opened += 1;
      return { send: () => (opened < 3 ? Promise.reject(fenced) : Promise.resolve(new Map([[0, 0]]))), close: () => Promise.resolve() };
    };
    const publisher = new KafkaPublisher({ port: port({ producer }).broker, topic, partitions: 6, lease: new Lease() });
    await publisher.startAfter();
    for (const _again of [1, 2]) {
      await expect(publisher.publish([message(1)])).rejects.toBe(fenced);
      expect(publisher.failure).toBe(fenced);
    }
    await publisher.publish([message(1)]);
    expect(publisher.failure).toBeUndefined();
  });

  it('is past recovery when each successor is fenced, too', async () => {
    const producer = () => ({ send: () => Promise.reject(fenced), close: () => Promise.resolve() });
    const transport = transportOf(port({ producer }).broker, 3_000);
    const publisher = transport.publisher(topic);
    await publisher.startAfter();
    await expect(publisher.publish([message(1)])).rejects.toBe(fenced);
    expect(transport.failure).toBe(fenced);
    expect(await transport.lost).toBe(fenced);
  }, 20_000);
});
