import assert from 'node:assert/strict';
import type { INestMicroservice, Type } from '@nestjs/common';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { setTimeout as pause } from 'node:timers/promises';
import type { Delivered } from './deliver.js';
import type { Message, Transport } from './transport.js';
import { topicOf } from './transport.js';

/** What every transport between services must do, named. Run each on a fresh transport; it throws where the transport does not. */
export interface TransportCheck {
  readonly name: string;
  /** Fails when messages have not arrived after `waitMs`; 10 s, when left out. */
  readonly run: (transport: Transport, waitMs?: number) => Promise<void>;
}

const WAIT_MS = 10_000;
const PRODUCER = 'control';
const topic = topicOf(PRODUCER);

const message = (offset: number, key: string): Message => ({
  key, offset, value: `{"n":${offset}}`,
  headers: { ce_id: `id-${offset}`, ce_type: 'control.Checked.v1', ce_source: 'control:check:1', touchstone_meta: '{}' },
});
const upTo = (count: number, keyOf: (offset: number) => string): Message[] => Array.from({ length: count }, (_, index) => message(index + 1, keyOf(index + 1)));

/** Of which message of the log this is a copy. */
const numberOf = ({ value }: Message): number => (JSON.parse(value) as { n: number }).n;

/** A consumer as ingest is one: it remembers how far it has read in each place, and takes nothing twice. */
class Reader {
  readonly delivered: Message[] = [];
  readonly places = new Map<string, number>();
  failures = 0;

  takenFrom(asked: string): Promise<number> {
    assertOf(asked);
    return Promise.resolve(this.places.get(asked) ?? 0);
  }

  take({ topic: from, messages }: Delivered): void {
    assertOf(from);
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('the database does not answer');
    }
    this.delivered.push(...messages);
    this.places.set(from, Math.max(this.places.get(from) ?? 0, ...messages.map(({ offset }) => offset)));
  }

  /** Numbers in order of their first delivery, by key: repetitions are allowed, another order is not. */
  order(): Record<string, number[]> {
    const seen: Record<string, number[]> = {};
    for (const message of this.delivered) {
      const known = (seen[message.key] ??= []);
      if (!known.includes(numberOf(message))) known.push(numberOf(message));
    }
    return seen;
  }
}

/** The topic itself, or a partition of it. */
const assertOf = (place: string): void => assert.ok(place === topic || place.startsWith(`${topic}/`), `${place} is not of ${topic}`);

async function attach(transport: Transport, reader: Reader, interests: readonly string[]): Promise<INestMicroservice> {
  @Controller()
  class ReaderController {
    @EventPattern([...interests])
    take(@Payload() delivered: Delivered): void {
      reader.take(delivered);
    }
  }
  @Module({ controllers: [ReaderController as Type] })
  class ReaderModule {}
  const app = await NestFactory.createMicroservice(ReaderModule, { strategy: transport.strategy(reader), logger: false, abortOnError: false });
  await app.listen();
  return app;
}

/** Publishes as the relay does: from where the transport says, again after each failure. */
async function publishAll(transport: Transport, log: readonly Message[], page = 50): Promise<void> {
  const publisher = transport.publisher(topic);
  for (const until = Date.now() + WAIT_MS; ; ) {
    try {
      const after = await publisher.startAfter();
      const rest = log.filter(({ offset }) => offset > after);
      for (let at = 0; at < rest.length; at += page) await publisher.publish(rest.slice(at, at + page));
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await pause(20);
    }
  }
}

async function arrive(reader: Reader, count: number, waitMs: number): Promise<void> {
  const distinct = () => new Set(reader.delivered.map(numberOf)).size;
  for (const until = Date.now() + waitMs; distinct() < count && Date.now() < until; ) await pause(10);
  assert.equal(distinct(), count, `${count} messages should have arrived`);
}

const numbersByKey = (messages: readonly Message[]): Record<string, number[]> => {
  const all: Record<string, number[]> = {};
  for (const message of messages) (all[message.key] ??= []).push(numberOf(message));
  return all;
};

/** Attaches the readers, runs the job, detaches them again. */
async function reading(transport: Transport, readers: readonly (readonly [Reader, readonly string[]])[], job: () => Promise<void>): Promise<void> {
  const apps = await Promise.all(readers.map(([reader, interests]) => attach(transport, reader, interests)));
  try {
    await job();
  } finally {
    await Promise.all(apps.map((app) => app.close()));
  }
}

type Arrived = (reader: Reader, count: number) => Promise<void>;

const check = (name: string, job: (transport: Transport, arrived: Arrived) => Promise<void>): TransportCheck => ({
  name, run: (transport, waitMs = WAIT_MS) => job(transport, (reader, count) => arrive(reader, count, waitMs)),
});

export const transportChecks: readonly TransportCheck[] = [
  check('every message arrives, bytes and headers as sent, in the order of its stream', async (transport, arrived) => {
    const [reader, log] = [new Reader(), upTo(200, (offset) => `lot-${offset % 7}`)];
    await reading(transport, [[reader, ['control/lot']]], async () => {
      await publishAll(transport, log);
      await arrived(reader, 200);
    });
    assert.deepEqual(reader.order(), numbersByKey(log));
    const { offset: _, ...sent } = message(17, 'lot-3');
    const { offset, ...came } = reader.delivered.find((each) => numberOf(each) === 17) ?? message(0, '');
    assert.deepEqual(came, sent);
    assert.ok(offset > 0);
  }),
  check('a failing consumer is given the same again until it has it, and keeps its order', async (transport, arrived) => {
    const [reader, log] = [new Reader(), upTo(60, (offset) => `lot-${offset % 3}`)];
    reader.failures = 3;
    await reading(transport, [[reader, ['control/lot']]], async () => {
      await publishAll(transport, log, 10);
      await arrived(reader, 60);
    });
    assert.equal(reader.failures, 0);
    assert.deepEqual(reader.order(), numbersByKey(log));
  }),
  check('only categories of interest arrive, whole', async (transport, arrived) => {
    const [lots, both] = [new Reader(), new Reader()];
    const log = upTo(40, (offset) => ['lot-1', 'lots-1', 'inspection-1', 'lotinspection-1'][offset % 4] ?? '');
    await reading(transport, [[lots, ['control/lot']], [both, ['control/inspection', 'control/lot']]], async () => {
      await publishAll(transport, log);
      await arrived(lots, 10);
      await arrived(both, 20);
    });
    assert.deepEqual(Object.keys(lots.order()), ['lot-1']);
    assert.deepEqual(Object.keys(both.order()).sort(), ['inspection-1', 'lot-1']);
  }),
  check('each service gets its own copy, and one that fails takes nothing from another', async (transport, arrived) => {
    const [one, other, log] = [new Reader(), new Reader(), upTo(30, () => 'lot-1')];
    other.failures = 1;
    await reading(transport, [[one, ['control/lot']], [other, ['control/lot']]], async () => {
      await publishAll(transport, log, 10);
      await arrived(one, 30);
      await arrived(other, 30);
    });
    assert.deepEqual([one.order(), other.order()], [numbersByKey(log), numbersByKey(log)]);
  }),
  check('a consumer that comes later begins at the beginning, one that was away where it stood', async (transport, arrived) => {
    const [first, log] = [new Reader(), upTo(30, () => 'lot-1')];
    await reading(transport, [[first, ['control/lot']]], async () => {
      await publishAll(transport, log.slice(0, 20));
      await arrived(first, 20);
    });
    const late = new Reader();
    await reading(transport, [[first, ['control/lot']], [late, ['control/lot']]], async () => {
      await publishAll(transport, log);
      await arrived(late, 30);
      await arrived(first, 30);
    });
    assert.deepEqual([first.order(), late.order()], [numbersByKey(log), numbersByKey(log)]);
  }),
];
