import pg from 'pg';
import { randomUUID } from 'node:crypto';
import { createAggregate, createCommands, createDomain } from 'evtstore';
import { createProvider, migrate } from 'evtstore/provider/pg.js';
import type { Gauge } from '../gauge-slice.js';
import { decideReading, gaugeDecider } from '../gauge-slice.js';
import { metaOf, readingOf } from '../sample-event.js';
import type { Peer } from './peer.js';

const TABLES = { events: 'evtstore_event', bookmarks: 'evtstore_bookmark' };

type Read = { type: 'GaugeRead'; meta: ReturnType<typeof metaOf> } & ReturnType<typeof readingOf>;
type Ask = { type: 'ReadGauge' };

const readingNo = (reading: number): Read => ({ type: 'GaugeRead', meta: metaOf(randomUUID()), ...readingOf(reading) });

/** evtstore's pg provider, with its cache of aggregates on. An append is its provider's; a command goes through `createCommands`. */
export const evtstore: Peer = {
  name: 'evtstore',
  prepare: async (ownerUrl) => {
    const client = new pg.Pool({ connectionString: ownerUrl });
    await migrate({ client, ...TABLES });
    await client.end();
  },
  open: (ownerUrl, connections) => {
    const client = new pg.Pool({ connectionString: ownerUrl, max: connections });
    client.on('error', () => undefined);
    const provider = createProvider<Read>({ client, limit: 1_000, ...TABLES });
    const gauge = createAggregate<Read, Gauge, 'gauge'>({
      stream: 'gauge', create: gaugeDecider.initialState,
      fold: ({ type: _, meta: __, ...data }, before) => gaugeDecider.evolve(before, { type: 'bench.GaugeRead.v1', data }),
    });
    const { domain } = createDomain({ provider, useCache: true }, { gauge });
    const commands = createCommands<Read, Gauge, Ask>(domain.gauge, {
      ReadGauge: (_, state) => Promise.resolve(decideReading(state).map(({ data }) => ({ type: 'GaugeRead' as const, meta: metaOf(randomUUID()), ...data }))),
    });
    return Promise.resolve({
      append: (stream, version) => provider.append('gauge', stream, version, provider.createEvents('gauge', stream, version + 1, [readingNo(version)])),
      handle: (stream) => commands.ReadGauge(stream, {}),
      close: () => client.end(),
    });
  },
};
