import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PostgresStore } from '@touchstone/event-store';
import { LogFeed, noUpcasting, openPostgresStore, PostgresSubjectKeys, projection, ReadModel } from '@touchstone/event-store';
import type { BenchServer } from './database.js';
import { asOwner } from './database.js';
import type { Contender, Contest } from './measure.js';
import { once } from './measure.js';
import { bodyOf, metaText } from './sample-event.js';

const PAGE = 1_000;
const EVENTS_A_STREAM = 20;
const PATIENCE_MS = 600_000;

@Entity('gauge')
class GaugeRow {
  @PrimaryColumn('text') stream!: string;
  @Column('int') readings!: number;
  @Column('text') latest!: string;
}

interface Reading {
  readonly stream: string;
  readonly data: { readonly value: string };
}

/** The newest value of each gauge, and how many it gave. */
const after = (before: GaugeRow | undefined, { stream, data }: Reading): GaugeRow =>
  ({ stream, readings: (before?.readings ?? 0) + 1, latest: data.value });

const gauges = projection({
  name: 'bench-gauges', version: 1, tables: [GaugeRow], on: ['bench.GaugeRead.v1'],
  apply: async (events, rows) => {
    const table = rows(GaugeRow);
    await table.load(events.map(({ stream }) => ({ stream })));
    for (const { stream, data } of events) table.put(after(table.get({ stream }), { stream, data: data as Reading['data'] }));
  },
});

/** The whole log from its first event: through our feed, which checks and decodes, and as bare rows. */
export async function replayContests(server: BenchServer, events: number): Promise<{ contests: Contest[]; close: () => Promise<void> }> {
  const { url, ownerUrl } = await server.database('replay');
  const store = await openPostgresStore({ url });
  await fill(store, events);
  await asOwner(ownerUrl, `create table plain_gauge (stream text collate "C" primary key, readings integer not null, latest text not null);
    grant select, insert, update, truncate on plain_gauge to replay_app`);
  await asOwner(ownerUrl, 'vacuum analyze event');
  const keys = new PostgresSubjectKeys(store.pool, randomBytes(32));
  const { pool } = store;
  const contests: Contest[] = [
    {
      area: 'replay', what: `read a log of ${events} events`, unit: 'events/s',
      contenders: [
        { name: 'this store, read, checked for holes and decoded', run: () => once(() => throughFeed(store, keys)) },
        { name: 'plain pg, paged select of the same rows, not decoded', run: () => once(() => paged(pool, () => undefined)) },
        { name: 'plain pg, cursor over the same rows, not decoded', run: () => once(() => byCursor(pool)) },
      ],
    },
    {
      area: 'replay', what: `fold a log of ${events} events into a table`, unit: 'events/s',
      contenders: [throughReadModel(store, keys, url, events), { name: 'plain pg, paged select, JSON.parse, one upsert at the end', run: () => plainFold(pool) }],
    },
  ];
  return { contests, close: () => store.close() };
}

async function fill(store: PostgresStore, events: number): Promise<void> {
  const starts = Array.from({ length: Math.ceil(events / EVENTS_A_STREAM) }, (_, index) => index * EVENTS_A_STREAM);
  await Promise.all(starts.map(async (start) => {
    const id = randomUUID();
    const readings = Array.from({ length: Math.min(EVENTS_A_STREAM, events - start) }, (_, index) => start + index);
    await store.append({
      stream: `gauge-${randomUUID()}`, expectedVersion: 0,
      events: readings.map((reading) => ({ id: randomUUID(), type: 'bench.GaugeRead.v1', body: bodyOf(reading), meta: metaText(id) })),
      command: { id, bodyHash: id, answer: '{"outcome":"accepted"}', record: '{"command":{"type":"ReadGauge"}}' },
    });
  }));
}

async function throughFeed(store: PostgresStore, keys: PostgresSubjectKeys): Promise<number> {
  const feed = new LogFeed(store, keys, noUpcasting);
  try {
    for (let seq = 0; ; ) {
      const last = (await feed.read(seq)).at(-1);
      if (!last) return seq;
      seq = last.seq;
    }
  } finally {
    feed.close();
  }
}

/** The read model as services run it: checkpoint and rows in one transaction a page. Its schema is made before the clock starts. */
function throughReadModel(store: PostgresStore, keys: PostgresSubjectKeys, url: string, events: number): Contender {
  let runs = 0;
  return {
    name: 'this store, a read model from zero, with checkpoints',
    run: async () => {
      const feed = new LogFeed(store, keys, noUpcasting);
      const model = new ReadModel(gauges, { pool: store.pool, url, feed }, `bench_gauges_${(runs += 1)}`);
      try {
        await model.open();
        return await once(async () => {
          model.follower.start();
          if (!(await model.follower.reached(events, PATIENCE_MS))) throw new Error(`the read model stands still: ${model.follower.failure?.message ?? 'no error'}`);
          return events;
        });
      } finally {
        feed.close();
        await model.drop();
      }
    },
  };
}

interface PlainEvent {
  readonly seq: number;
  readonly stream: string;
  readonly body: string;
}

const SELECT = 'select seq, id, stream, version, type, body, meta from event';

async function paged(pool: pg.Pool, each: (event: PlainEvent) => void): Promise<number> {
  for (let seq = 0; ; ) {
    const { rows } = await pool.query<PlainEvent>({ name: 'plain-page', text: `${SELECT} where seq > $1 order by seq limit ${PAGE}`, values: [seq] });
    const last = rows.at(-1);
    if (!last) return seq;
    rows.forEach(each);
    seq = last.seq;
  }
}

async function byCursor(pool: pg.Pool): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query(`begin; declare log no scroll cursor for ${SELECT} order by seq`);
    for (let count = 0; ; ) {
      const { rows } = await client.query<PlainEvent>(`fetch ${PAGE} from log`);
      count += rows.length;
      if (rows.length === 0) return count;
    }
  } finally {
    await client.query('rollback');
    client.release();
  }
}

async function plainFold(pool: pg.Pool) {
  await pool.query('truncate plain_gauge');
  return once(async () => {
    const rows = new Map<string, GaugeRow>();
    const count = await paged(pool, ({ stream, body }) => {
      rows.set(stream, after(rows.get(stream), { stream, data: JSON.parse(body) as Reading['data'] }));
    });
    await pool.query(
      'insert into plain_gauge select * from json_populate_recordset(null::plain_gauge, $1) on conflict (stream) do update set readings = excluded.readings, latest = excluded.latest',
      [JSON.stringify([...rows.values()])],
    );
    return count;
  });
}
