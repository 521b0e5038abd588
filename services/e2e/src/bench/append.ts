import type pg from 'pg';
import type { PostgresStore } from '@touchstone/event-store';
import { openPostgresStore } from '@touchstone/event-store';
import type { OpenArea } from './area.js';
import { asOwner } from './database.js';
import type { Contender, Target } from './measure.js';
import { keepBusy } from './measure.js';
import { castore } from './peers/castore.js';
import { emmett } from './peers/emmett.js';
import { evtstore } from './peers/evtstore.js';
import type { Peer } from './peers/peer.js';
import { appending, bestPool } from './peers/peer.js';
import { pgbenchInserts, pgbenchVersion } from './peers/pgbench.js';
import { connected, insertMany, insertOne, plainRow, plainTable } from './peers/plain-rows.js';
import { appendOf, newStreams } from './sample-event.js';
import { atLeast, timesAsFastAs } from './targets.js';

const WRITERS = [1, 16, 64];

/** One event an append, each writer on a stream of its own: ours, the peers, plain inserts, and rows that were gathered by hand. */
export const appendArea: OpenArea = async (server, { durationMs }) => {
  const { url, ownerUrl } = await server.database('append');
  await asOwner(ownerUrl, plainTable('append_app'));
  for (const peer of [emmett, evtstore, castore]) await peer.prepare(ownerUrl);
  const notes = pgbenchVersion() === undefined ? ['append: pgbench is not installed, so its inserts were left out'] : [];
  const store = await openPostgresStore({ url });
  const clients = await Promise.all(Array.from({ length: Math.max(...WRITERS) }, () => connected(url)));
  const contests = await Promise.all(WRITERS.map(async (writers) => ({
    area: 'append' as const, what: `${writers} ${writers === 1 ? 'writer' : 'writers'}, one event an append`, unit: 'events/s' as const, targets: targetsFor(writers),
    contenders: [
      ours(store, writers, durationMs),
      plain(clients.slice(0, writers), durationMs),
      ...(pgbenchVersion() === undefined ? [] : [pgbenchInserts(url, writers, durationMs)]),
      ...[emmett, evtstore, castore].map((peer) => peerAppends(peer, ownerUrl, writers, durationMs, notes)),
      ...(writers > 1 ? [gathered(clients[0], writers, durationMs)] : []),
    ],
  })));
  return { contests, notes, close: async () => void (await Promise.all([store.close(), ...clients.map((client) => client.end())])) };
};

/** At one writer and a fast disk nothing is shared, so nothing is asked. */
function targetsFor(writers: number): Target[] {
  if (writers === 1) return [];
  const floor = atLeast(0.85, '≥ 0.85 × plain inserts', timesAsFastAs('plain pg, one'));
  if (writers < 64) return [floor];
  return [atLeast(10, '≥ 10 × Emmett', timesAsFastAs('Emmett')), atLeast(1.7, '≥ 1.7 × pgbench -M prepared, as many clients', timesAsFastAs('pgbench')), floor];
}

/** Each writer on a stream of its own, so that nothing conflicts. Event, command and answer are recorded, as for any command. */
export function ours(store: PostgresStore, writers: number, durationMs: number): Contender {
  return {
    name: 'this store',
    run: () => {
      const streams = newStreams(writers);
      return keepBusy(writers, durationMs, async (writer) => {
        const stream = streams[writer] ?? { name: '', version: 0 };
        const result = await store.append(appendOf(stream.name, stream.version));
        if (result.status !== 'appended') throw new Error(`an append was answered ${result.status}`);
        stream.version = result.version;
        return 1;
      });
    },
  };
}

function plain(clients: readonly pg.Client[], durationMs: number): Contender {
  return {
    name: `plain pg, one insert a transaction, ${clients.length} ${clients.length === 1 ? 'connection' : 'connections'}`,
    run: () => {
      const streams = newStreams(clients.length);
      return keepBusy(clients.length, durationMs, async (writer) => {
        const stream = streams[writer] ?? { name: '', version: 0 };
        stream.version += 1;
        await clients[writer]?.query(insertOne(plainRow(stream.name, stream.version)));
        return 1;
      });
    },
  };
}

/** The pool is tried out once, before the first round. */
function peerAppends(peer: Peer, ownerUrl: string, writers: number, durationMs: number, notes: string[]): Contender {
  let connections: Promise<number> | undefined;
  return {
    name: peer.name,
    run: async () => {
      connections ??= bestPool(peer, ownerUrl, writers, durationMs, { of: `append: ${peer.name}, ${writers} writers`, notes });
      return appending(peer, ownerUrl, await connections, writers, durationMs);
    },
  };
}

/** The upper bound: somebody has all rows at hand already. Nobody waits alone for an answer. */
function gathered(client: pg.Client | undefined, rows: number, durationMs: number): Contender {
  return {
    name: `plain pg, ${rows} rows an insert, 1 connection`,
    run: () => {
      const streams = newStreams(rows);
      return keepBusy(1, durationMs, async () => {
        for (const stream of streams) stream.version += 1;
        await client?.query(insertMany(streams.map(({ name, version }) => plainRow(name, version))));
        return rows;
      });
    },
  };
}
