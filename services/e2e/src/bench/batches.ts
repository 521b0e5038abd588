import type pg from 'pg';
import { openPostgresStore } from '@touchstone/event-store';
import type { OpenArea } from './area.js';
import { asOwner } from './database.js';
import type { Sample } from './measure.js';
import { keepBusy } from './measure.js';
import { emmett, newReading, openEmmett } from './peers/emmett.js';
import type { PlainRow } from './peers/plain-rows.js';
import { connected, copyMany, insertMany, plainRow, plainTable } from './peers/plain-rows.js';
import { appendOf, newStreams } from './sample-event.js';
import { atLeast, timesAsFastAs } from './targets.js';

const BATCH = 100;
const WRITERS = [1, 16];

/** A hundred events an append, all of one stream, against the same rows by one statement. */
export const batchesArea: OpenArea = async (server, { durationMs }) => {
  const { url, ownerUrl } = await server.database('batches');
  await asOwner(ownerUrl, plainTable('batches_app'));
  await emmett.prepare(ownerUrl);
  const store = await openPostgresStore({ url });
  const clients = await Promise.all(Array.from({ length: Math.max(...WRITERS) }, () => connected(url)));
  const peer = openEmmett(ownerUrl, 16);
  const rowsBy = (writers: number, write: (client: pg.Client, rows: readonly PlainRow[]) => Promise<unknown>) => () =>
    batching(writers, durationMs, async (stream, version, writer) => {
      const client = clients[writer];
      if (client) await write(client, Array.from({ length: BATCH }, (_, index) => plainRow(stream, version + index + 1)));
    });
  const contests = WRITERS.map((writers) => ({
    area: 'batches' as const, what: `${BATCH} events an append, ${writers} ${writers === 1 ? 'writer' : 'writers'}`, unit: 'events/s' as const,
    targets: [atLeast(0.8, '≥ 0.8 × unnest inserts of the same rows', timesAsFastAs('plain pg, insert'))],
    contenders: [
      {
        name: 'this store',
        run: () => batching(writers, durationMs, async (stream, version) => {
          const { status } = await store.append(appendOf(stream, version, BATCH));
          if (status !== 'appended') throw new Error(`an append was answered ${status}`);
        }),
      },
      { name: `plain pg, insert from unnest, ${BATCH} rows`, run: rowsBy(writers, (client, rows) => client.query(insertMany(rows))) },
      { name: `plain pg, COPY, ${BATCH} rows`, run: rowsBy(writers, copyMany) },
      {
        name: 'Emmett',
        run: () => batching(writers, durationMs, (stream, version) => peer.store.appendToStream(stream,
          Array.from({ length: BATCH }, (_, index) => newReading(version + index)), { expectedStreamVersion: version === 0 ? 'STREAM_DOES_NOT_EXIST' : BigInt(version) })),
      },
    ],
  }));
  return { contests, close: async () => void (await Promise.all([store.close(), peer.close(), ...clients.map((client) => client.end())])) };
};

function batching(writers: number, durationMs: number, write: (stream: string, version: number, writer: number) => Promise<unknown>): Promise<Sample> {
  const streams = newStreams(writers);
  return keepBusy(writers, durationMs, async (writer) => {
    const stream = streams[writer] ?? { name: '', version: 0 };
    await write(stream.name, stream.version, writer);
    stream.version += BATCH;
    return BATCH;
  });
}
