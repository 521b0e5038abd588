import { randomBytes } from 'node:crypto';
import { LogFeed, noUpcasting, openPostgresStore, PostgresSubjectKeys } from '@touchstone/event-store';
import { once } from '../measure.js';
import { answering } from './answering.js';

export interface Reading {
  readonly url: string;
  readonly events: number;
}

const MIB = 2 ** 20;

/** Reads a log's first events through the feed, decoded, and tells by how much memory the process grew, and the most that it held. */
answering({
  read: async ({ url, events }: Reading) => {
    const store = await openPostgresStore({ url });
    const feed = new LogFeed(store, new PostgresSubjectKeys(store.pool, randomBytes(32)), noUpcasting);
    try {
      const before = process.memoryUsage.rss() / MIB;
      const sample = await once(async () => {
        for (let seq = 0; ; ) {
          const last = (await feed.read(seq)).at(-1);
          if (!last || last.seq >= events) return last?.seq ?? seq;
          seq = last.seq;
        }
      });
      const wholeMiB = process.resourceUsage().maxRSS / 1_024;
      return { ...sample, memoryMiB: wholeMiB - before, wholeMiB };
    } finally {
      feed.close();
      await store.close();
    }
  },
});
