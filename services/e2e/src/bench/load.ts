import { fold } from '@touchstone/kernel';
import type { PostgresStore, SubjectKeys } from '@touchstone/event-store';
import { decodeAll, noUpcasting, openPostgresStore } from '@touchstone/event-store';
import type { OpenArea } from './area.js';
import type { GaugeRead } from './gauge-slice.js';
import { gaugeDecider } from './gauge-slice.js';
import { keepBusy } from './measure.js';
import { ourKeys } from './our-commands.js';
import { emmett, newReading, openEmmett } from './peers/emmett.js';
import { connected } from './peers/plain-rows.js';
import { appendOf } from './sample-event.js';
import { atMost, timesTheTimeOf } from './targets.js';

const LONG = 1_000;
const STREAM = 'gauge-long';

/** The state of one stream of a thousand events, one load after the other. */
export const loadArea: OpenArea = async (server, { durationMs }) => {
  const { url, ownerUrl } = await server.database('load');
  const store = await openPostgresStore({ url });
  await store.append(appendOf(STREAM, 0, LONG));
  await emmett.prepare(ownerUrl);
  const peer = openEmmett(ownerUrl, 10);
  await peer.store.appendToStream(STREAM, Array.from({ length: LONG }, (_, index) => newReading(index)));
  const client = await connected(url);
  await client.query('analyze event');
  const keys = ourKeys(store);
  const loading = (load: () => Promise<number>) => () => keepBusy(1, durationMs, async () => {
    const events = await load();
    if (events !== LONG) throw new Error(`${events} events of ${LONG} were loaded`);
    return 1;
  });
  return {
    contests: [{
      area: 'load', what: `load and fold ${LONG.toLocaleString('en-US')} events of one stream`, unit: 'loads/s',
      targets: [atMost(1.3, '≤ 1.3 × the time of reading the same rows with pg', timesTheTimeOf('plain pg, rows'))],
      contenders: [
        { name: 'this store, read, checked for gaps, decoded, folded', run: loading(() => loaded(store, keys)) },
        { name: 'plain pg, rows only', run: loading(async () => (await client.query(ROWS)).rows.length) },
        { name: 'plain pg, rows, JSON.parse of body and metadata', run: loading(async () => (await client.query<{ body: string; meta: string }>(ROWS)).rows.map(({ body, meta }) => [JSON.parse(body), JSON.parse(meta)] as unknown[]).length) },
        { name: 'Emmett, aggregateStream', run: loading(() => aggregated(peer.store)) },
      ],
    }],
    close: async () => void (await Promise.all([store.close(), peer.close(), client.end()])),
  };
};

const ROWS = { name: 'plain-stream', text: 'select seq, id, stream, version, type, body, meta from event where stream = $1 order by version', values: [STREAM] };

/** What a command does whose stream is not kept in memory. */
async function loaded(store: PostgresStore, keys: SubjectKeys): Promise<number> {
  const events = await decodeAll(await store.readStream(STREAM), keys, noUpcasting);
  return fold(gaugeDecider, gaugeDecider.initialState(), events as unknown as readonly GaugeRead[]).readings;
}

async function aggregated(store: ReturnType<typeof openEmmett>['store']): Promise<number> {
  const { state } = await store.aggregateStream<ReturnType<typeof gaugeDecider.initialState>, GaugeRead>(STREAM, { initialState: gaugeDecider.initialState, evolve: gaugeDecider.evolve });
  return state.readings;
}
