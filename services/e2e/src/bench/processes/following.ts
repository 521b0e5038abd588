import { randomBytes } from 'node:crypto';
import type { PostgresStore } from '@touchstone/event-store';
import { openPostgresStore, PostgresSubjectKeys } from '@touchstone/event-store';
import { following } from '../following.js';
import { answering } from './answering.js';

let store: PostgresStore | undefined;
let subscriber: ReturnType<typeof following> | undefined;

/** A subscriber in another process than who appends: it hears of news by asking the database. */
answering({
  follow: async ({ url }: { url: string }) => {
    store = await openPostgresStore({ url });
    subscriber = following(store, new PostgresSubjectKeys(store.pool, randomBytes(32)), await store.head());
  },
  seen: async ({ upTo }: { upTo: number }) => {
    await subscriber?.reached(upTo);
    return subscriber?.seen;
  },
}, async () => {
  await subscriber?.stop();
  await store?.close();
});
