import { randomBytes } from 'node:crypto';
import { LogFeed, noUpcasting, openPostgresStore, PostgresSubjectKeys } from '@touchstone/event-store';
import { once } from '../measure.js';
import { answering } from './answering.js';

export interface Reading {
  readonly url: string;
  readonly through: 'readAll' | 'feed';
  readonly events: number;
}

const MIB = 2 ** 20;

const PAGE = 1_000;

/** Reads a log's first events page by page, and tells by how much memory the process grew, and the most that it held. */
answering({
  read: async ({ url, events, through }: Reading) => {
    const store = await openPostgresStore({ url });
    const feed = new LogFeed(store, new PostgresSubjectKeys(store.pool, randomBytes(32)), noUpcasting);
    try {
      const page = (seq: number): Promise<readonly { readonly seq: number }[]> => (through === 'feed' ? feed.read(seq) : store.readAll(seq, PAGE));
      const before = process.memoryUsage.rss() / MIB;
      const sample = await once(async () => {
        for (let seq = 0; ; ) {
          const last = (await page(seq)).at(-1);
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
