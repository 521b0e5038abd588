import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { PostgresStore } from '@touchstone/event-store';
import { openPostgresStore } from '@touchstone/event-store';
import type { BenchServer } from './database.js';
import { asOwner } from './database.js';
import type { Contender, Contest } from './measure.js';
import { keepBusy } from './measure.js';
import { bodyOf, metaText } from './sample-event.js';

const WRITERS = [1, 16, 64];

/** What a team would write without an event store: the same columns, the same uniqueness, numbered by a sequence. */
const PLAIN_TABLE = `
create table plain_event (
  seq bigint generated always as identity primary key, id uuid not null unique, stream text collate "C" not null, version integer not null,
  type text collate "C" not null, body text not null, meta text not null, unique (stream, version)
);
grant select, insert on plain_event to append_app`;

/** One event an append: our store against plain inserts, and against rows that were gathered by hand. */
export async function appendContests(server: BenchServer, durationMs: number): Promise<{ contests: Contest[]; close: () => Promise<void> }> {
  const { url, ownerUrl } = await server.database('append');
  await asOwner(ownerUrl, PLAIN_TABLE);
  const store = await openPostgresStore({ url });
  const clients = await Promise.all(Array.from({ length: Math.max(...WRITERS) }, () => connect(url)));
  const contests = WRITERS.map((writers): Contest => ({
    area: 'append', what: `${writers} ${writers === 1 ? 'writer' : 'writers'}, one event an append`, unit: 'events/s',
    contenders: [
      ours(store, writers, durationMs),
      plain(clients.slice(0, writers), durationMs),
      ...(writers > 1 ? [gathered(clients[0], writers, durationMs)] : []),
    ],
  }));
  return { contests, close: async () => void (await Promise.all([store.close(), ...clients.map((client) => client.end())])) };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

const streams = (count: number) => Array.from({ length: count }, () => ({ name: `gauge-${randomUUID()}`, version: 0 }));

/** Each writer on a stream of its own, so that nothing conflicts. Event, command and answer are recorded, as for any command. */
export function ours(store: PostgresStore, writers: number, durationMs: number): Contender {
  return {
    name: 'this store',
    run: () => {
      const mine = streams(writers);
      return keepBusy(writers, durationMs, async (writer) => {
        const stream = mine[writer] ?? { name: '', version: 0 };
        const id = randomUUID();
        const result = await store.append({
          stream: stream.name, expectedVersion: stream.version,
          events: [{ id: randomUUID(), type: 'bench.GaugeRead.v1', body: bodyOf(stream.version), meta: metaText(id) }],
          command: { id, bodyHash: id, answer: '{"outcome":"accepted"}', record: '{"command":{"type":"ReadGauge"}}' },
        });
        if (result.status !== 'appended') throw new Error(`an append was answered ${result.status}`);
        stream.version = result.version;
        return 1;
      });
    },
  };
}

const COLUMNS = 'insert into plain_event (id, stream, version, type, body, meta)';

function plain(clients: readonly pg.Client[], durationMs: number): Contender {
  return {
    name: `plain pg, one insert a transaction, ${clients.length} ${clients.length === 1 ? 'connection' : 'connections'}`,
    run: () => {
      const mine = streams(clients.length);
      return keepBusy(clients.length, durationMs, async (writer) => {
        const stream = mine[writer] ?? { name: '', version: 0 };
        stream.version += 1;
        await clients[writer]?.query({
          name: 'plain-insert', text: `${COLUMNS} values ($1, $2, $3, $4, $5, $6)`,
          values: [randomUUID(), stream.name, stream.version, 'bench.GaugeRead.v1', bodyOf(stream.version), metaText(randomUUID())],
        });
        return 1;
      });
    },
  };
}

/** The upper bound: somebody has all rows at hand already. Nobody waits alone for an answer. */
function gathered(client: pg.Client | undefined, rows: number, durationMs: number): Contender {
  return {
    name: `plain pg, ${rows} rows an insert, 1 connection`,
    run: () => {
      const mine = streams(rows);
      return keepBusy(1, durationMs, async () => {
        for (const stream of mine) stream.version += 1;
        await client?.query({
          name: 'plain-gathered',
          text: `${COLUMNS} select * from unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[])`,
          values: [
            mine.map(() => randomUUID()), mine.map(({ name }) => name), mine.map(({ version }) => version), mine.map(() => 'bench.GaugeRead.v1'),
            mine.map(({ version }) => bodyOf(version)), mine.map(() => metaText(randomUUID())),
          ],
        });
        return rows;
      });
    },
  };
}
