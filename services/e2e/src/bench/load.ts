import type { PostgresStore, SubjectKeys } from '@touchstone/event-store';
import { noUpcasting, openPostgresStore, StreamStates } from '@touchstone/event-store';
import type { OpenArea } from './area.js';
import { fillLog } from './fill-log.js';
import type { Gauge, GaugeRead } from './gauge-slice.js';
import { gaugeDecider, gaugeSlice } from './gauge-slice.js';
import type { Contest, Sample } from './measure.js';
import { keepBusy } from './measure.js';
import { ourKeys } from './our-commands.js';
import { emmett, newReading, openEmmett } from './peers/emmett.js';
import { connected } from './peers/plain-rows.js';
import { appendOf } from './sample-event.js';
import { atMost, timesTheTimeOf } from './targets.js';

const LONG = 1_000;
const VERY_LONG = 100_000;
/** A stream is given its next snapshot when fifty events lie behind the last one: on average, half of them are read. */
const AFTER_SNAPSHOT = 25;
const SHORT = 10;
const [longStream, shortStream, veryLongStream] = ['gauge-long', 'gauge-short', 'gauge-0'];

/** The state of one stream, one load after the other: what a command needs whose stream is not kept in memory. */
export const loadArea: OpenArea = async (server, { durationMs }) => {
  const { url, ownerUrl } = await server.database('load');
  await fillLog(ownerUrl, { from: 1, to: VERY_LONG, eventsAStream: VERY_LONG });
  const store = await openPostgresStore({ url });
  for (const [stream, events] of [[longStream, LONG], [shortStream, SHORT]] as const) await store.append(appendOf(stream, 0, events));
  const keys = ourKeys(store);
  const withSnapshots = new StreamStates({ store, keys, upcasting: noUpcasting, snapshots: { table: store.snapshots, checkOneIn: Infinity } });
  await readingsOf(withSnapshots, veryLongStream);
  await withSnapshots.idle();
  await store.append(appendOf(veryLongStream, VERY_LONG, AFTER_SNAPSHOT));
  const long = await longContest(store, keys, url, ownerUrl, durationMs);
  return {
    contests: [long.contest, snapshotContest(withSnapshots, durationMs), wholeContest(store, keys, durationMs)],
    close: async () => void (await Promise.all([store.close(), long.close()])),
  };
};

/** As a service reads, and none is ever taken. */
const withoutSnapshots = (store: PostgresStore, keys: SubjectKeys): StreamStates =>
  new StreamStates({ store, keys, upcasting: noUpcasting, snapshots: { table: store.snapshots, everyEvents: Infinity } });

/** How many events went into the state, so that nobody can leave any out. */
const readingsOf = async (states: StreamStates, stream: string): Promise<number> => ((await states.load(gaugeSlice, stream)).state as Gauge).readings;

const loading = (events: number, durationMs: number, load: () => Promise<number>) => (): Promise<Sample> => keepBusy(1, durationMs, async () => {
  const found = await load();
  if (found !== events) throw new Error(`${found} events of ${events} were loaded`);
  return 1;
});

async function longContest(store: PostgresStore, keys: SubjectKeys, url: string, ownerUrl: string, durationMs: number): Promise<{ contest: Contest; close: () => Promise<void> }> {
  await emmett.prepare(ownerUrl);
  const peer = openEmmett(ownerUrl, 10);
  await peer.store.appendToStream(longStream, Array.from({ length: LONG }, (_, index) => newReading(index)));
  const client = await connected(url);
  const states = withoutSnapshots(store, keys);
  const rows = { name: 'plain-stream', text: 'select seq, id, stream, version, type, body, meta from event where stream = $1 order by version', values: [longStream] };
  const aggregated = async (): Promise<number> =>
    (await peer.store.aggregateStream<Gauge, GaugeRead>(longStream, { initialState: gaugeDecider.initialState, evolve: gaugeDecider.evolve })).state.readings;
  const parsed = async () => (await client.query<{ body: string; meta: string }>(rows)).rows.map(({ body, meta }) => [JSON.parse(body), JSON.parse(meta)] as unknown[]).length;
  return {
    contest: {
      area: 'load', what: `load and fold ${LONG.toLocaleString('en-US')} events of one stream`, unit: 'loads/s',
      targets: [atMost(1.3, '≤ 1.3 × the time of reading the same rows with pg', timesTheTimeOf('plain pg, rows only'))],
      contenders: [
        { name: 'this store, read, checked for gaps, decoded, folded', run: loading(LONG, durationMs, () => readingsOf(states, longStream)) },
        { name: 'plain pg, rows only', run: loading(LONG, durationMs, async () => (await client.query(rows)).rows.length) },
        { name: 'plain pg, rows, JSON.parse of body and metadata', run: loading(LONG, durationMs, parsed) },
        { name: 'Emmett, aggregateStream', run: loading(LONG, durationMs, aggregated) },
      ],
    },
    close: async () => void (await Promise.all([peer.close(), client.end()])),
  };
}

const shown = VERY_LONG.toLocaleString('en-US');
const all = VERY_LONG + AFTER_SNAPSHOT;

const snapshotContest = (states: StreamStates, durationMs: number): Contest => ({
  area: 'load', what: `load a stream of ${shown} events with its snapshot`, unit: 'loads/s',
  targets: [atMost(2, `≤ 2 × the time of loading ${SHORT} events`, timesTheTimeOf(`this store, ${SHORT} events`))],
  contenders: [
    { name: `this store, ${shown} events: the snapshot, and ${AFTER_SNAPSHOT} later events`, run: loading(all, durationMs, () => readingsOf(states, veryLongStream)) },
    { name: `this store, ${SHORT} events`, run: loading(SHORT, durationMs, () => readingsOf(states, shortStream)) },
  ],
});

/** By itself: the memory that it leaves to be collected would be in the way of the others. */
function wholeContest(store: PostgresStore, keys: SubjectKeys, durationMs: number): Contest {
  const states = withoutSnapshots(store, keys);
  return {
    area: 'load', what: `load a stream of ${shown} events without a snapshot`, unit: 'loads/s', withoutRatio: true, ownRounds: 1,
    contenders: [{ name: 'this store', run: loading(all, durationMs, () => readingsOf(states, veryLongStream)) }],
  };
}
