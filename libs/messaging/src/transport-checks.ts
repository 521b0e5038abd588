import assert from 'node:assert/strict';
import type { INestMicroservice, Type } from '@nestjs/common';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { setTimeout as pause } from 'node:timers/promises';
import type { Delivered } from './deliver.js';
import type { Lineage } from '@touchstone/event-store';
import type { HeldEvent, Holder, Message, Transport } from './transport.js';
import { laneOf, topicIn, topicOf } from './transport.js';

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

/** A consumer as ingest is one: it remembers how far it has read in each lane, takes nothing twice, and says what it was told. */
class Reader {
  readonly delivered: Message[] = [];
  readonly places = new Map<string, number>();
  failures = 0;
  isAway = false;

  readonly holder: Holder = {
    name: 'reader',
    newest: () => Promise.resolve(this.delivered.slice(-1).map(held)),
    beyond: (_topic, _epoch, seq, limit) => Promise.resolve(this.delivered.filter(({ offset }) => offset > seq).slice(0, limit).map(held)),
  };

  takenFrom(lane: string): Promise<number> {
    assert.equal(topicIn(lane), topic);
    return Promise.resolve(this.places.get(lane) ?? 0);
  }

  away(): boolean {
    return this.isAway;
  }

  take({ topic: lane, messages }: Delivered): void {
    assert.equal(topicIn(lane), topic);
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('the database does not answer');
    }
    const taken = this.places.get(lane) ?? 0;
    this.delivered.push(...messages.filter(({ offset }) => offset > taken));
    this.places.set(lane, Math.max(taken, ...messages.map(({ offset }) => offset)));
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

const held = ({ key, offset, value, headers }: Message): HeldEvent =>
  ({ epoch: 1, seq: offset, key, id: headers.ce_id, type: headers.ce_type, value, meta: headers.touchstone_meta });

/** A log that was put back to `forkSeq`, and goes on in its second epoch. */
const forkedAt = (forkSeq: number): Lineage =>
  [{ epoch: 1, logId: 'control:check:1', forkSeq: 0, startedAt: '' }, { epoch: 2, logId: 'control:check:2', forkSeq, startedAt: '' }];

/** Publishes as the relay does: from where the transport says, again after each failure. */
async function publishAll(transport: Transport, log: readonly Message[], page = 50, lineage?: () => Lineage): Promise<void> {
  const publisher = transport.publisher(topic, lineage);
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

/** What those must do besides whose offsets are the producer's seq: they are given again when its log was put back. */
export const epochChecks: readonly TransportCheck[] = [
  check('a consumer that takes nothing holds up nobody, and is given what it missed when it is back', async (transport, arrived) => {
    const [there, away, log] = [new Reader(), new Reader(), upTo(30, () => 'lot-1')];
    await reading(transport, [[there, ['control/lot']], [away, ['control/lot']]], async () => {
      const publisher = transport.publisher(topic);
      const before = publisher.epoch;
      away.isAway = true;
      await publishAll(transport, log);
      await arrived(there, 30);
      assert.deepEqual(away.delivered, []);
      assert.equal(publisher.epoch, before);
      away.isAway = false;
      assert.notEqual(publisher.epoch, before);
      await publishAll(transport, log);
      await arrived(away, 30);
    });
    assert.deepEqual(away.order(), numbersByKey(log));
  }),
  check('after a fork of the log everybody is given what it says now, also where offsets come again', async (transport, arrived) => {
    const [ahead, behind] = [new Reader(), new Reader()];
    const before = upTo(20, () => 'lot-1');
    await reading(transport, [[ahead, ['control/lot']]], async () => {
      await publishAll(transport, before);
      await arrived(ahead, 20);
    });
    behind.delivered.push(...before.slice(0, 5));
    behind.places.set(laneOf(topic, 1), 5);
    const again = [...before.slice(0, 10), ...upTo(25, () => 'lot-1').slice(10).map((each) => ({ ...each, headers: { ...each.headers, ce_id: `again-${each.offset}` } }))];
    await reading(transport, [[ahead, ['control/lot']], [behind, ['control/lot']]], async () => {
      await publishAll(transport, again, 50, () => forkedAt(10));
      await arrived(behind, 25);
      await arrived(ahead, 25);
    });
    const ids = ({ delivered }: Reader) => [...new Set(delivered.map(({ headers }) => headers.ce_id))];
    assert.deepEqual(ids(behind), again.map(({ headers }) => headers.ce_id));
    assert.deepEqual(ids(ahead), [...before, ...again.slice(10)].map(({ headers }) => headers.ce_id));
  }),
  check('whoever was told something can be asked for it', async (transport, arrived) => {
    const [reader, log] = [new Reader(), upTo(12, () => 'lot-1')];
    await reading(transport, [[reader, ['control/lot']]], async () => {
      await publishAll(transport, log);
      await arrived(reader, 12);
      const [holder] = transport.publisher(topic).holders?.() ?? [];
      assert.deepEqual((await holder?.newest(topic))?.map(({ id }) => id), ['id-12']);
      assert.deepEqual((await holder?.beyond(topic, 1, 9, 2))?.map(({ id }) => id), ['id-10', 'id-11']);
    });
  }),
];
