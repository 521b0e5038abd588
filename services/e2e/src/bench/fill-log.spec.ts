import { describe, expect, it } from '@jest/globals';
import { openPostgresStore } from '@touchstone/event-store';
import { asOwner, startBenchServer } from './database.js';
import { fillLog } from './fill-log.js';
import { appendOf, bodyOf, GAUGE_READ } from './sample-event.js';

describe('a log filled by SQL', () => {
  it('reads as one that the store wrote, goes on where it ends, and has its indexes again', async () => {
    const server = await startBenchServer();
    try {
      const { url, ownerUrl } = await server.database('filled');
      const indexes = () => asOwner(ownerUrl, `select indexdef from pg_indexes where tablename = 'event' order by indexdef`);
      const before = await indexes();
      await fillLog(ownerUrl, { from: 1, to: 30, eventsAStream: 20 });
      await fillLog(ownerUrl, { from: 31, to: 45, eventsAStream: 20 });
      expect(await indexes()).toEqual(before);
      const store = await openPostgresStore({ url });
      try {
        const events = await store.readAll(0, 100);
        expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 45 }, (_, index) => index + 1));
        expect(events[20]).toMatchObject({ seq: 21, stream: 'gauge-1', version: 1, type: GAUGE_READ, body: bodyOf(21) });
        expect((await store.readStream('gauge-2')).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
        expect(await store.append(appendOf('gauge-2', 5))).toEqual({ status: 'appended', version: 6, seq: 46 });
      } finally {
        await store.close();
      }
    } finally {
      await server.remove();
    }
  }, 60_000);
});
