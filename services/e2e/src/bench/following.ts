import type { PostgresStore, SubjectKeys } from '@touchstone/event-store';
import { Follower, LogFeed, noUpcasting } from '@touchstone/event-store';

const PATIENCE_MS = 30_000;

/** A subscriber that notes when it was given each event, by a clock that all processes of a machine share. */
export function following(store: PostgresStore, keys: SubjectKeys, after: number) {
  const feed = new LogFeed(store, keys, noUpcasting);
  const seen = new Map<number, number>();
  let last = after;
  const follower = new Follower({
    name: 'bench-subscriber', feed, start: () => Promise.resolve(last),
    handle: (events) => {
      const now = sharedNowMs();
      for (const { seq } of events) seen.set(seq, now);
      last = events.at(-1)?.seq ?? last;
      return Promise.resolve();
    },
  });
  follower.start();
  return {
    seen,
    reached: async (seq: number) => {
      if (!(await follower.reached(seq, PATIENCE_MS))) throw new Error(`the subscriber stands still: ${follower.failure?.message ?? 'no error'}`);
    },
    stop: async () => {
      feed.close();
      await follower.stop();
    },
  };
}

/** Milliseconds of the machine's monotonic clock, the same in all its processes (Linux, macOS). */
export const sharedNowMs = (): number => Number(process.hrtime.bigint()) / 1e6;
