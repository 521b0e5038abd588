import { randomUUID } from 'node:crypto';
import { EventStore, EventType } from '@castore/core';
import { PostgresEventStorageAdapter } from '@castore/event-storage-adapter-postgres';
import type { Gauge } from '../gauge-slice.js';
import { decideReading, gaugeDecider } from '../gauge-slice.js';
import { GAUGE_READ, metaOf, readingOf } from '../sample-event.js';
import type { Peer } from './peer.js';

const TABLE = 'castore_event';
const read = new EventType<typeof GAUGE_READ, ReturnType<typeof readingOf>, ReturnType<typeof metaOf>>({ type: GAUGE_READ });

type Kept = Gauge & { aggregateId: string; version: number };

/** castore on postgres.js; its address takes the size of the pool, and how long it keeps a connection that idles. */
export const castore: Peer = {
  name: 'castore',
  prepare: async (ownerUrl) => {
    await PostgresEventStorageAdapter.createEventTable({ connectionString: `${ownerUrl}?max=1&idle_timeout=1`, tableName: TABLE, aggregateId: { type: 'VARCHAR', length: 100 } });
  },
  open: (ownerUrl, connections) => {
    const eventStorageAdapter = new PostgresEventStorageAdapter({ connectionString: `${ownerUrl}?max=${connections}&idle_timeout=1`, tableName: TABLE });
    const store = new EventStore({
      eventStoreId: 'gauge', eventTypes: [read], eventStorageAdapter,
      reducer: (before: Kept, { aggregateId, version, payload }): Kept => ({ aggregateId, version, ...gaugeDecider.evolve(before ?? gaugeDecider.initialState(), { type: GAUGE_READ, data: payload }) }),
    });
    const push = (aggregateId: string, version: number, payload: ReturnType<typeof readingOf>) =>
      store.pushEvent({ aggregateId, version, type: GAUGE_READ, payload, metadata: metaOf(randomUUID()) });
    return Promise.resolve({
      append: (stream, version) => push(stream, version + 1, readingOf(version)),
      handle: async (stream) => {
        const { aggregate } = await store.getAggregate(stream);
        for (const { data } of decideReading(aggregate ?? gaugeDecider.initialState())) await push(stream, (aggregate?.version ?? 0) + 1, data);
      },
      close: () => Promise.resolve(), // its connections close by themselves a second later: it offers no way to end them
    });
  },
};
