import type { PostgresStore, SubjectKeys } from '@touchstone/event-store';
import { openPostgresStore } from '@touchstone/event-store';
import { ours } from './append.js';
import type { OpenArea } from './area.js';
import { following, sharedNowMs } from './following.js';
import type { Contender, Sample } from './measure.js';
import { ourKeys } from './our-commands.js';
import type { Child } from './processes/child.js';
import { startChild } from './processes/child.js';
import { appendOf } from './sample-event.js';
import { atMost, rowOf } from './targets.js';

const SHARE = 0.5;
const WRITERS = 64;
const STREAMS = 1_000;
const LIMIT_MS = 50;
const MEASURED_MS = 1_000;

type Seen = ReadonlyMap<number, number>;

/**
 * From the answer to an append until a subscriber is given the event. Appends are sent at their times, at half of what was
 * measured as most, whether the ones before are answered or not: a load that waited for answers would wait out what it measures.
 */
export const lagArea: OpenArea = async (server, { durationMs }) => {
  const { url } = await server.database('lag');
  const store = await openPostgresStore({ url });
  const keys = ourKeys(store);
  const most = ours(store, WRITERS, Math.min(durationMs, MEASURED_MS));
  await most.run(); // to warm up
  const { count, elapsedMs } = await most.run();
  const perSecond = Math.max(1, Math.round((SHARE * count * 1_000) / elapsedMs));
  const child = startChild('following');
  const p99Of = (name: string) => (rows: Parameters<typeof rowOf>[0]) => rowOf(rows, name)?.p99Ms?.median;
  return {
    contests: [{
      area: 'lag', what: `from ack to subscriber at half load, ${perSecond.toLocaleString('en-US')} appends/s`, unit: 'events/s', withoutRatio: true,
      contenders: [inThisProcess(store, keys, perSecond, durationMs), inAnother(store, url, child, perSecond, durationMs)],
      targets: [
        atMost(LIMIT_MS, `p99 ≤ ${LIMIT_MS} ms, subscriber in the process that appends`, p99Of('this store, the same')),
        atMost(LIMIT_MS, `p99 ≤ ${LIMIT_MS} ms, subscriber in another process`, p99Of('this store, another')),
      ],
    }],
    close: async () => {
      await child.end();
      await store.close();
    },
  };
};

function inThisProcess(store: PostgresStore, keys: SubjectKeys, perSecond: number, durationMs: number): Contender {
  return {
    name: 'this store, the same process',
    run: async () => {
      const subscriber = following(store, keys, await store.head());
      try {
        return await lagOf(() => pacedAppends(store, perSecond, durationMs), async (upTo) => {
          await subscriber.reached(upTo);
          return subscriber.seen;
        });
      } finally {
        await subscriber.stop();
      }
    },
  };
}

function inAnother(store: PostgresStore, url: string, child: Child, perSecond: number, durationMs: number): Contender {
  let began: Promise<unknown> | undefined;
  return {
    name: 'this store, another process',
    run: async () => {
      await (began ??= child.ask('follow', { url }));
      return lagOf(() => pacedAppends(store, perSecond, durationMs), (upTo) => child.ask<Seen>('seen', { upTo }));
    },
  };
}

/** The subscriber may be given an event before the appender is answered, which waits for the disk: that is no lag. */
async function lagOf(append: () => Promise<{ acks: Seen; elapsedMs: number }>, seenUpTo: (seq: number) => Promise<Seen>): Promise<Sample> {
  const { acks, elapsedMs } = await append();
  const seen = await seenUpTo([...acks.keys()].reduce((last, seq) => Math.max(last, seq), 0));
  const latenciesMs = [...acks].map(([seq, ackedMs]) => Math.max(0, (seen.get(seq) ?? NaN) - ackedMs));
  if (latenciesMs.some(Number.isNaN)) throw new Error('the subscriber was not given every event');
  return { count: acks.size, elapsedMs, latenciesMs };
}

/** When each event was acknowledged, by its seq. Appends fall due one by one; what is overdue goes at once. */
async function pacedAppends(store: PostgresStore, perSecond: number, durationMs: number): Promise<{ acks: Seen; elapsedMs: number }> {
  const acks = new Map<number, number>();
  const streams = Array.from({ length: STREAMS }, (_, index) => `gauge-${process.pid}-${sharedNowMs()}-${index}`);
  const total = Math.max(1, Math.round((perSecond * durationMs) / 1_000));
  const append = async (place: number) => {
    const result = await store.append({ ...appendOf(streams[place % STREAMS] ?? '', 0), expectedVersion: 'any' });
    if (result.status !== 'appended') throw new Error(`an append was answered ${result.status}`);
    acks.set(result.seq, sharedNowMs());
  };
  const sent: Promise<void>[] = [];
  let failure: unknown;
  const began = sharedNowMs();
  while (sent.length < total && failure === undefined) {
    const due = Math.min(total, Math.floor(((sharedNowMs() - began) * perSecond) / 1_000) + 1);
    while (sent.length < due) sent.push(append(sent.length).catch((error: unknown) => void (failure ??= error)));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(sent);
  if (failure !== undefined) throw failure;
  return { acks, elapsedMs: sharedNowMs() - began };
}
