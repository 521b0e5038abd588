import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { InboundAnswer, InboundDesk, InboundRecord } from '@touchstone/messaging';
import type { KafkaPort } from '@touchstone/messaging/kafka';
import { KafkaInbound, kafkajsPort } from '@touchstone/messaging/kafka';
import { kafkaForSpecs } from './kafka-for-specs.js';

const kafka = await kafkaForSpecs();
const SLOW_MS = 45_000;
const PARTITIONS = 2;

async function until(done: () => boolean | Promise<boolean>, what: string, withinMs = SLOW_MS): Promise<void> {
  for (const end = Date.now() + withinMs; Date.now() < end; await pause(20)) if (await done()) return;
  throw new Error(`not within ${withinMs} ms: ${what}`);
}

/** What a service's database would keep, and what it was asked, in order. */
class Desk implements InboundDesk {
  readonly asked: string[] = [];
  readonly noted = new Map<string, number>();
  /** Bodies that cannot be answered now. */
  readonly stuck = new Set<string>();
  noting = () => Promise.resolve();
  answer = async ({ key, value }: InboundRecord): Promise<InboundAnswer> => {
    if (this.stuck.has(value)) throw new Error('the database is away');
    await pause(1);
    this.asked.push(value);
    return { key, value: `answer to ${value}`, headers: { ce_type: 'inbound.CommandAccepted.v1' } };
  };
  place = (lane: string) => Promise.resolve(this.noted.get(lane) ?? 0);
  note = async (lane: string, next: number) => {
    await this.noting();
    this.noted.set(lane, next);
  };
}

kafka.describe('the inbound topic over Kafka', () => {
  const open: (() => Promise<void>)[] = [];
  let port: KafkaPort;
  let prefix: string;
  beforeEach(() => {
    port = kafkajsPort({ brokers: kafka.brokers(), clientId: 'spec' });
    prefix = `${randomBytes(4).toString('hex')}.`;
  });
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
    await port.close();
  });

  const line = (desk: Desk) => {
    const inbound = new KafkaInbound({ port, group: `${prefix}control.inbound`, prefix, partitions: PARTITIONS, service: 'control', desk });
    inbound.start();
    open.push(() => inbound.stop());
    return inbound;
  };
  const topic = (what: string) => `${prefix}inbound.control.${what}.v1`;
  async function send(partition: number, ...values: string[]): Promise<void> {
    const there = (what: string) => port.admin.partitions(topic(what)).then((found) => found !== undefined, () => false); // while it is being made, it may be asked in vain
    await until(async () => (await there('commands')) && (await there('replies')), 'the topics are there');
    const producer = await port.producer();
    await producer.send(topic('commands'), values.map((value) => ({ partition, key: value.slice(0, 1), value, headers: { ce_id: value } })));
    await producer.close();
  }
  async function replies(count: number): Promise<string[]> {
    const found: string[] = [];
    const reader = await port.consumer(`spec-${randomBytes(4).toString('hex')}`, [topic('replies')], {
      assigned: (places, consumer) => places.forEach((place) => consumer.seek(place, 0)), alive: () => undefined, failed: () => undefined,
      received: (_place, records) => found.push(...records.map(({ value }) => value)),
    });
    await until(() => found.length >= count, `${count} replies`).finally(() => reader.close());
    return found;
  }

  it('answers each command on the reply topic, those with one key in their order, and notes how far it is', async () => {
    const desk = new Desk();
    line(desk);
    const sent = Array.from({ length: 90 }, (_, index) => `${'abc'[index % 3] ?? ''}${index}`);
    await send(0, ...sent);
    expect((await replies(90)).toSorted()).toEqual(sent.map((value) => `answer to ${value}`).toSorted());
    for (const key of 'abc') expect(desk.asked.filter((value) => value.startsWith(key))).toEqual(sent.filter((value) => value.startsWith(key)));
    await until(() => desk.noted.get('inbound.control.commands.v1/0') === 90, 'the place is noted');
  }, 90_000);

  it('asks again for what could not be answered, in its place, while other partitions flow', async () => {
    const desk = new Desk();
    desk.stuck.add('b2');
    const inbound = line(desk);
    await send(0, 'b1', 'b2', 'b3');
    await send(1, 'z1', 'z2');
    await until(() => desk.noted.get('inbound.control.commands.v1/1') === 2, 'the other partition is done');
    await until(() => inbound.failure?.message === 'the database is away', 'it says so');
    expect([desk.asked.includes('b3'), desk.noted.get('inbound.control.commands.v1/0')]).toEqual([false, undefined]);
    desk.stuck.clear();
    expect((await replies(5)).toSorted()).toEqual(['b1', 'b2', 'b3', 'z1', 'z2'].map((value) => `answer to ${value}`));
    await until(() => inbound.failure === undefined, 'it is well again');
    expect(desk.asked.filter((value) => value !== 'b1')).toEqual(['z1', 'z2', 'b2', 'b3']);
  }, 90_000);

  it('answers again what was answered but not noted when the process died', async () => {
    const desk = new Desk();
    const died = Promise.withResolvers<void>();
    desk.noting = () => died.promise; // killed between the acknowledgement of the reply and the note
    const first = line(desk);
    await send(0, 'a1', 'a2');
    expect(await replies(2)).toEqual(['answer to a1', 'answer to a2']);
    died.reject(new Error('killed'));
    died.promise.catch(() => undefined);
    desk.noting = () => Promise.reject(new Error('killed'));
    await first.stop();
    expect(desk.noted.size).toBe(0);
    desk.noting = () => Promise.resolve();
    line(desk);
    await until(() => desk.noted.get('inbound.control.commands.v1/0') === 2, 'the place is noted');
    await send(0, 'a3');
    await until(() => desk.asked.at(-1) === 'a3', 'it goes on');
  }, 90_000);

  it('reads a topic that was made anew from its beginning', async () => {
    const desk = new Desk();
    desk.noted.set('inbound.control.commands.v1/0', 1_000);
    line(desk);
    await send(0, 'a1');
    await until(() => desk.asked.includes('a1'), 'it was read');
  }, 90_000);
});
