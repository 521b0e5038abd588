import 'reflect-metadata';
import type { INestMicroservice } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { derivedId } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import { LogFeed, MemoryKeys, noUpcasting } from '@touchstone/event-store';
import type { Follower, StoredEvent } from '@touchstone/event-store';
import { InProcessTransport } from './in-process.js';
import { Ingest } from './ingest.js';
import { ingestController } from './ingest-controller.js';
import type { Log, Logs } from './log.spec-kit.js';
import { metaOf, openLogs } from './log.spec-kit.js';
import { relay } from './relay.js';

let logs: Logs;
beforeAll(async () => { logs = await openLogs(); }, 60_000);
afterAll(() => logs.stop(), 60_000);

const PLACES = 12;
const quantityReleased = (lot: string, quantity: string, n: number) => {
  const id = derivedId('two services', lot, n);
  return {
    stream: `lot-${lot}`, expectedVersion: 'any' as const, command: { id, bodyHash: '', answer: '{}', record: '{}' },
    events: [
      { id: derivedId(id, 0), type: 'control.QuantityReleased.v1', body: JSON.stringify({ lotId: derivedId(lot), quantity }), meta: metaOf(id) },
      { id: derivedId(id, 1), type: 'control.Noted.v1', body: '{"private":true}', meta: metaOf(id) },
    ],
  };
};

/** Control publishes what its lots do; feedback listens. Both as they are in one process. */
async function services(control: Log, feedback: Log, interleaveSeed: number): Promise<{ relaying: Follower<StoredEvent>; stop: () => Promise<void> }> {
  const transport = new InProcessTransport({ interleaveSeed });
  const ingest = feedback.ingest();
  @Module({ controllers: [ingestController(['control/lot'])], providers: [{ provide: Ingest, useValue: ingest }] })
  class FeedbackModule {}
  const consumer: INestMicroservice = await NestFactory.createMicroservice(FeedbackModule, { strategy: transport.strategy(ingest), logger: false, abortOnError: false });
  await consumer.listen();
  const feed = new LogFeed(control.store, new MemoryKeys(), noUpcasting);
  const relaying = relay({ store: control.store, feed, publisher: transport.publisher('control.events.v1', () => control.store.lineage), isPublic: (type) => contracts.isPublic(type) });
  relaying.start();
  return {
    relaying,
    stop: async () => {
      feed.close();
      await relaying.stop();
      await consumer.close();
    },
  };
}

const until = async (done: () => Promise<boolean> | boolean) => {
  for (let waited = 0; waited < 500; waited += 1) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not come to this within ten seconds');
};

const publicIn = async (log: Log, prefix: string) => {
  const own = (await log.store.readAll(0, 10_000)).filter(({ type, stream }) => contracts.isPublic(type) && stream.startsWith(`${prefix}lot-`));
  return Object.fromEntries([...Map.groupBy(own, ({ stream }) => stream.slice(prefix.length)).entries()].sort().map(([stream, events]) => [stream, events.map(({ id, body, meta }) => [id, body, meta])]));
};

describe('two services in one process', () => {
  it('have the same public events in the same order of each stream, whatever happened before', async () => {
    const [control, feedback] = [await logs.fresh('control'), await logs.fresh('feedback')];
    for (let n = 0; n < 60; n += 1) await control.store.append(quantityReleased(`before-${n % PLACES}`, String(n + 1), n));
    const running = await services(control, feedback, 7);
    await Promise.all(Array.from({ length: 60 }, (_, n) => control.store.append(quantityReleased(`while-${n % PLACES}`, String(n + 1), n))));
    await until(async () => (await feedback.store.head()) === 120);
    await running.stop();
    expect(await publicIn(feedback, 'control/')).toEqual(await publicIn(control, ''));
    expect((await feedback.store.readAll(0, 1_000)).filter(({ type }) => type === 'control.Noted.v1')).toEqual([]);
    expect(await feedback.parked()).toEqual([]);
  }, 30_000);

  it('go on where they stood after a restart, and repeat nothing', async () => {
    const [control, feedback] = [await logs.fresh('control'), await logs.fresh('feedback')];
    for (let round = 0; round < 3; round += 1) {
      await control.store.append(quantityReleased('missed', '1', round)); // while nobody listens
      const running = await services(control, feedback, round);
      for (let n = 0; n < 10; n += 1) await control.store.append(quantityReleased(String(n % 3), String(n + 1), round * 10 + n));
      await until(async () => (await feedback.store.head()) === (round + 1) * 11);
      await running.stop();
      if (round === 1) await feedback.store.pool.query('delete from checkpoint'); // as if killed before it noted that all was read
    }
    expect(await publicIn(feedback, 'control/')).toEqual(await publicIn(control, ''));
  }, 30_000);

  it('say at the relay what keeps a consumer from taking events, and go on when it can', async () => {
    const [control, feedback] = [await logs.fresh('control'), await logs.fresh('feedback')];
    const running = await services(control, feedback, 1);
    const { ingestNew } = feedback.store;
    feedback.store.ingestNew = () => Promise.reject(new Error('the disk is full'));
    await control.store.append(quantityReleased('1', '1', 1));
    await until(() => running.relaying.failure !== undefined);
    expect(running.relaying.failure?.message).toBe('the disk is full');
    feedback.store.ingestNew = ingestNew;
    await until(async () => (await feedback.store.head()) === 1);
    await until(() => running.relaying.failure === undefined);
    await running.stop();
  });
});
