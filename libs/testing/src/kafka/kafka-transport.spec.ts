import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Consumer, Message } from '@touchstone/messaging';
import type { KafkaPort, Published, RelayLease } from '@touchstone/messaging/kafka';
import { kafkajsPort, KafkaTransport, LeaseHeld, PartitionsChanged, PostgresLease } from '@touchstone/messaging/kafka';
import { transportChecks } from '@touchstone/messaging/transport-checks';
import { asOwner, testDatabase } from '../database.js';
import { kafkaForSpecs } from './kafka-for-specs.js';

const kafka = await kafkaForSpecs();
const SLOW_MS = 45_000;
const topic = 'control.events.v1';

/** A lease that nobody else wants. */
class OwnLease implements RelayLease {
  readonly losses = 0;
  constructor(public published: Published = { seq: 0, records: 0 }) {}
  acquire = () => Promise.resolve(this.published);
  confirm = () => Promise.resolve();
  note = (published: Published) => Promise.resolve(void (this.published = published));
  release = () => Promise.resolve();
}

const message = (offset: number, key = `lot-${offset % 5}`): Message => ({
  key, offset, value: `{"n":${offset}}`, headers: { ce_id: `id-${offset}`, ce_type: 'control.Checked.v1', ce_source: 'control:check:1', touchstone_meta: '{}' },
});
const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, index) => message(from + index));

/** What a service takes in, kept as its database would keep it. */
class Inbox implements Consumer {
  readonly taken: { place: string; message: Message }[] = [];
  readonly startedOver: string[] = [];
  holding?: Promise<void>;
  takenFrom = (place: string) => Promise.resolve(Math.max(0, ...this.of(place).map(({ offset }) => offset)));
  notedAt = (place: string, offset: number) => Promise.resolve(this.of(place).find((each) => each.offset === offset)?.headers.ce_id);
  startOver = (place: string) => void this.startedOver.push(place);
  /** Once each, as ingest does. */
  numbers = () => [...new Set(this.taken.map(({ message: { value } }) => (JSON.parse(value) as { n: number }).n))];
  handlers = new Map([['control/lot', Object.assign(async ({ topic: place, messages }: { topic: string; messages: readonly Message[] }) => {
    await this.holding;
    this.taken.push(...messages.map((each) => ({ place, message: each })));
  }, {})]]) as unknown as Parameters<KafkaTransport['attach']>[2];
  private of(place: string) { return this.taken.filter((each) => each.place === place).map((each) => each.message); }
}

async function until(done: () => boolean | Promise<boolean>, what: string, withinMs = SLOW_MS): Promise<void> {
  for (const end = Date.now() + withinMs; Date.now() < end; await pause(20)) if (await done()) return;
  throw new Error(`not within ${withinMs} ms: ${what}`);
}

kafka.describe('the transport over Kafka', () => {
  const open: (() => Promise<void>)[] = [];
  let port: KafkaPort;
  beforeEach(() => { port = kafkajsPort({ brokers: kafka.brokers(), clientId: 'spec' }); });
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
    await port.close();
  });

  /** On topics of its own. */
  function transport({ prefix = `${randomBytes(4).toString('hex')}.`, group, lease = new OwnLease() }: { prefix?: string; group?: string; lease?: RelayLease } = {}) {
    const groups = new WeakMap<Consumer, string>();
    const groupOf = (consumer: Consumer) => {
      if (!groups.has(consumer)) groups.set(consumer, `spec-${randomBytes(6).toString('hex')}`);
      return groups.get(consumer) ?? '';
    };
    const made = new KafkaTransport({ port: kafkajsPort({ brokers: kafka.brokers(), clientId: 'spec' }), group: group ?? groupOf, prefix, lease: () => lease });
    open.push(() => made.close());
    return { made, prefix };
  }

  describe('keeps what every transport promises', () => {
    it.each(transportChecks.map(({ name, run }) => [name, run] as const))('%s', async (_name, run) => run(transport().made, SLOW_MS), 60_000);
  });

  it('puts each stream into the partition that Java clients would choose, with the headers of CloudEvents in binary mode', async () => {
    const { made, prefix } = transport();
    const publisher = made.publisher(topic);
    await publisher.startAfter();
    await publisher.publish([message(1, 'foobar')]);
    expect(await port.admin.partitions(prefix + topic)).toBe(6);
    const records: unknown[] = [];
    const reader = await port.consumer(`spec-${prefix}`, [prefix + topic], {
      assigned: (places, consumer) => places.forEach((place) => consumer.seek(place, 0)), alive: () => undefined, failed: () => undefined,
      received: (place, got) => records.push(...got.map((record) => ({ partition: place.partition, ...record }))),
    });
    await until(() => records.length > 0, 'the record is there');
    await reader.close();
    expect(records).toEqual([{
      partition: (-790_332_482 & 0x7fff_ffff) % 6, offset: 0, key: 'foobar', value: '{"n":1}',
      headers: { ce_specversion: '1.0', ce_id: 'id-1', ce_type: 'control.Checked.v1', ce_source: 'control:check:1', 'content-type': 'application/json', touchstone_meta: '{}', touchstone_seq: '1' },
    }]);
  });

  it('begins where the database stands, whatever the group has committed', async () => {
    const { made, prefix } = transport({ group: 'forgetful' });
    const [publisher, inbox] = [made.publisher(topic), new Inbox()];
    await publisher.startAfter();
    await publisher.publish(upTo(50));
    const detach = made.attach([topic], inbox, inbox.handlers);
    await until(() => inbox.numbers().length === 50, 'all has come');
    await detach(); // commits that all was read
    inbox.taken.splice(20); // the database is restored to an earlier state
    const again = transport({ prefix, group: 'forgetful' });
    again.made.attach([topic], inbox, inbox.handlers);
    await until(() => inbox.numbers().length === 50, 'what the database had lost has come again');
    expect(inbox.startedOver).toEqual([]);
    expect(inbox.taken).toHaveLength(50);
  });

  it('keeps the order of each stream while processes of a service come and go', async () => {
    const { made, prefix } = transport({ group: 'moving' });
    const [publisher, inbox] = [made.publisher(topic), new Inbox()];
    await publisher.startAfter();
    made.attach([topic], inbox, inbox.handlers);
    let sent = 0;
    for (let round = 0; round < 3; round += 1) {
      const other = transport({ prefix, group: 'moving' }).made;
      const detach = other.attach([topic], inbox, inbox.handlers);
      for (let batch = 0; batch < 10; batch += 1) {
        await publisher.publish(upTo(20, sent + 1));
        sent += 20;
        await pause(30);
      }
      await detach();
    }
    await until(() => inbox.numbers().length === sent, 'all has come');
    for (let stream = 0; stream < 5; stream += 1) {
      const numbers = inbox.numbers().filter((n) => n % 5 === stream);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }
  });

  it('pauses a partition that is not taken and stays in the group, then goes on', async () => {
    const { made } = transport();
    const [publisher, inbox] = [made.publisher(topic), new Inbox()];
    const held = Promise.withResolvers<void>();
    inbox.holding = held.promise;
    await publisher.startAfter();
    made.attach([topic], inbox, inbox.handlers);
    for (let batch = 0; batch < 12; batch += 1) await publisher.publish(upTo(1_000, batch * 1_000 + 1));
    await pause(17_000); // longer than the session lasts without a heartbeat
    expect(inbox.taken).toEqual([]);
    expect(made.failure).toBeUndefined();
    held.resolve();
    await until(() => inbox.numbers().length === 12_000, 'all has come');
    expect(inbox.taken).toHaveLength(12_000); // no rebalance brought anything twice
  }, 90_000);

  it('publishes all of the log again when the topic was deleted, and the consumer sees that it is another one', async () => {
    const lease = new OwnLease();
    const { made, prefix } = transport({ lease });
    const [publisher, inbox] = [made.publisher(topic), new Inbox()];
    await publisher.startAfter();
    await publisher.publish(upTo(30));
    const detach = made.attach([topic], inbox, inbox.handlers);
    await until(() => inbox.numbers().length === 30, 'all has come');
    await detach();
    await port.admin.deleteTopic(prefix + topic);
    await until(async () => (await port.admin.partitions(prefix + topic)) === undefined, 'the topic is gone');
    let after: number | undefined;
    await until(() => publisher.startAfter().then((seq) => { after = seq; return true; }, () => false), 'the topic was made anew'); // a relay asks again, too
    expect(after).toBe(0);
    await publisher.publish(upTo(45, 31)); // the beginning is missing: the first of each place is another event
    made.attach([topic], inbox, inbox.handlers);
    await until(() => inbox.numbers().length === 75, 'what is new has come');
    expect(inbox.startedOver.length).toBeGreaterThan(0);
  });

  it('refuses a topic whose partitions are not as many as they were', async () => {
    const { made, prefix } = transport();
    await port.admin.createTopic(prefix + topic, 3);
    await expect(made.publisher(topic).startAfter()).rejects.toThrow(PartitionsChanged);
  });
});

describe('the lease of a relay', () => {
  const database = testDatabase();

  it('is had by one process at a time, and taken over where the other stood', async () => {
    const { url } = await database.fresh();
    const [one, other] = [new PostgresLease(url, topic), new PostgresLease(url, topic)];
    expect(await one.acquire()).toEqual({ seq: 0, records: 0 });
    await one.note({ seq: 7, records: 5 });
    await expect(other.acquire()).rejects.toThrow(LeaseHeld);
    expect(await one.acquire()).toEqual({ seq: 7, records: 5 });
    await one.release();
    await until(() => other.acquire().then(() => true, () => false), 'the other has it');
    expect(await other.acquire()).toEqual({ seq: 7, records: 5 });
    await other.release();
  });

  it('is lost with its session: nothing is confirmed or noted any more', async () => {
    const { url, store, ownerUrl } = await database.fresh();
    const [one, other] = [new PostgresLease(url, topic), new PostgresLease(url, topic)];
    await one.acquire();
    await one.note({ seq: 7, records: 5 });
    await terminate(ownerUrl, `relay ${topic}`);
    await until(() => one.losses === 1, 'it is known before anybody asks');
    await expect(one.confirm()).rejects.toThrow();
    await until(() => other.acquire().then(() => true, () => false), 'the other has it');
    await expect(one.note({ seq: 9, records: 9 })).rejects.toThrow();
    expect([one.losses, other.losses]).toEqual([1, 0]);
    expect((await store.pool.query(`select seq from checkpoint where name = 'relay:${topic}'`)).rows).toEqual([{ seq: 7 }]);
    await other.release();
  });
});

async function terminate(ownerUrl: string, application: string): Promise<void> {
  await asOwner(ownerUrl, [`select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${application}'`]);
}
