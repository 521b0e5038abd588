import type pg from 'pg';
import type { PostgresStore, SubjectKeys } from '@touchstone/event-store';
import { LogFeed, noUpcasting, openPostgresStore } from '@touchstone/event-store';
import type { OpenArea } from './area.js';
import { countingReadModel } from './counting.js';
import { fillLog } from './fill-log.js';
import type { Contest } from './measure.js';
import { once } from './measure.js';
import { ourKeys } from './our-commands.js';
import { emmett } from './peers/emmett.js';
import { emmettProjector, emmettReactor, fillEmmett } from './peers/emmett-consumer.js';
import { atLeast, timesAsFastAs } from './targets.js';

export const PAGE = 1_000;
const EVENTS_A_STREAM = 20;
const MOST_TO_CATCH_UP = 200_000;
const MOST_FOR_EMMETT = 5_000;
const FEWER_FOR_EMMETT = 3_000;

/** The whole log from its first event: by the port, through the feed that checks and decodes, by a read model, and as bare rows. */
export const replayArea: OpenArea = async (server, { events, large }) => {
  const { url, ownerUrl } = await server.database('replay');
  await fillLog(ownerUrl, { from: 1, to: events, eventsAStream: EVENTS_A_STREAM });
  const theirs = Math.min(events, large ? MOST_FOR_EMMETT : FEWER_FOR_EMMETT);
  await emmett.prepare(ownerUrl);
  await fillEmmett(ownerUrl, theirs);
  const store = await openPostgresStore({ url });
  const keys = ourKeys(store);
  const behind = Math.min(events, MOST_TO_CATCH_UP);
  const readAll = (upTo: number) => ({ name: 'this store, readAll', run: () => once(() => byReadAll(store, upTo)) });
  const contests: Contest[] = [
    {
      area: 'replay', what: `read a log of ${shown(events)} events`, unit: 'events/s', targets: [atLeast(0.7, 'readAll ≥ 0.7 × a raw cursor', timesAsFastAs('plain pg, cursor'))],
      contenders: [
        readAll(events),
        { name: 'plain pg, cursor over the same rows', run: () => once(() => byCursor(store.pool)) },
      ],
    },
    {
      area: 'replay', what: `catch up with ${shown(behind)} events (Emmett: ${shown(theirs)})`, unit: 'events/s',
      targets: [
        atLeast(20, "≥ 20 × Emmett's consumer as tuned", timesAsFastAs('Emmett, consumer with a reactor')),
        atLeast(0.25, '≥ 0.25 × readAll', timesAsFastAs('this store, readAll')),
      ],
      contenders: [
        countingReadModel(store, keys, url, behind),
        readAll(behind),
        { name: 'this store, the feed, decoded, nothing done', run: () => once(() => throughFeed(store, keys, behind)) },
        emmettReactor(ownerUrl, theirs),
        emmettProjector(ownerUrl, theirs),
      ],
    },
  ];
  return { contests, close: () => store.close() };
};

const shown = (count: number): string => count.toLocaleString('en-US');

function lastOf(page: readonly { readonly seq: number }[]): number {
  const last = page.at(-1);
  if (!last) throw new Error('the log ended before it was read');
  return last.seq;
}

async function byReadAll(store: PostgresStore, upTo: number): Promise<number> {
  let seq = 0;
  while (seq < upTo) seq = lastOf(await store.readAll(seq, Math.min(PAGE, upTo - seq)));
  return seq;
}

async function throughFeed(store: PostgresStore, keys: SubjectKeys, upTo: number): Promise<number> {
  const feed = new LogFeed(store, keys, noUpcasting);
  try {
    let seq = 0;
    while (seq < upTo) seq = lastOf(await feed.read(seq));
    return seq;
  } finally {
    feed.close();
  }
}

const SELECT = 'select seq, id, stream, version, type, body, meta from event';

async function byCursor(pool: pg.Pool): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query(`begin; declare log no scroll cursor for ${SELECT} order by seq`);
    for (let count = 0; ; ) {
      const { rows } = await client.query(`fetch ${PAGE} from log`);
      count += rows.length;
      if (rows.length === 0) return count;
    }
  } finally {
    await client.query('rollback');
    client.release();
  }
}
