import pg from 'pg';
import { CommandHandler } from '@event-driven-io/emmett';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import type { GaugeRead } from '../gauge-slice.js';
import { decideReading, gaugeDecider } from '../gauge-slice.js';
import { GAUGE_READ, metaOf, readingOf } from '../sample-event.js';
import { randomUUID } from 'node:crypto';
import type { Peer } from './peer.js';

const handle = CommandHandler({ initialState: gaugeDecider.initialState, evolve: gaugeDecider.evolve });

/** Emmett's PostgreSQL store on a pool that we give it. Its schema is made beforehand, so it need not look for it. */
export const emmett: Peer = {
  name: 'Emmett',
  prepare: async (ownerUrl) => {
    const store = getPostgreSQLEventStore(ownerUrl);
    await store.schema.migrate();
    await store.close();
  },
  open: (ownerUrl, connections) => {
    const { store, close } = openEmmett(ownerUrl, connections);
    return Promise.resolve({
      append: (stream, version) => store.appendToStream(stream, [newReading(version)], { expectedStreamVersion: version === 0 ? 'STREAM_DOES_NOT_EXIST' : BigInt(version) }),
      handle: (stream) => handle(store, stream, (state) => decideReading(state).map((event) => ({ ...event, metadata: metaOf(randomUUID()) }))),
      close,
    });
  },
};

type Stored = GaugeRead & { metadata: ReturnType<typeof metaOf> };

export const newReading = (version: number): Stored => ({ type: GAUGE_READ, data: readingOf(version), metadata: metaOf(randomUUID()) });

export function openEmmett(ownerUrl: string, connections: number) {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: connections });
  pool.on('error', () => undefined);
  const store = getPostgreSQLEventStore(ownerUrl, { schema: { autoMigration: 'None' }, connectionOptions: { pool } });
  return { store, close: async () => { await store.close(); if (!pool.ended) await pool.end(); } };
}
