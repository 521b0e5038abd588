import { derivedId } from '@touchstone/kernel';
import { canonicalize } from '@touchstone/ledger';
import { LogFeed } from './log-feed.js';
import { MemoryKeys } from './memory/memory-keys.js';
import { MemoryStore } from './memory/memory-store.js';
import type { StoredEvent } from './store.js';
import { noUpcasting } from './upcast.js';

/** Counts its readings, and can lose a connection. */
class CountingStore extends MemoryStore {
  readings: number[] = [];
  lose: () => void = () => undefined;
  delay?: Promise<void>;
  override async readAll(seq: number, limit: number): Promise<StoredEvent[]> {
    this.readings.push(seq);
    const page = await super.readAll(seq, limit);
    await this.delay;
    return page;
  }
  override onConnectionLost(listener?: () => void) {
    this.lose = listener ?? this.lose;
    return () => undefined;
  }
}

async function storeWith(count: number): Promise<CountingStore> {
  const store = new CountingStore();
  await grow(store, count);
  return store;
}

async function grow(store: CountingStore, count: number): Promise<void> {
  const head = await store.head();
  const id = (name: number) => derivedId('feed', name);
  await store.ingest(Array.from({ length: count }, (_, index) => {
    const seq = head + index + 1;
    const meta = canonicalize({ actor: 'a', commandId: id(seq), causationId: id(seq), correlationId: id(seq), occurredAt: '', recordedAt: '', decider: 'd@1' });
    return { id: id(seq), type: 't', body: canonicalize({ seq }), meta, stream: `thing-${seq % 3}`, topic: 't', offset: seq };
  }));
}

const seqs = async (feed: LogFeed, after: number) => (await feed.read(after)).map(({ seq }) => seq);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('the feed of a log', () => {
  it('reads once for all who keep up', async () => {
    const store = await storeWith(5);
    const feed = new LogFeed(store, new MemoryKeys(), noUpcasting);
    expect(await Promise.all(range(1, 4).map(() => seqs(feed, 0)))).toEqual(range(1, 4).map(() => [1, 2, 3, 4, 5]));
    await grow(store, 2);
    expect(await Promise.all([seqs(feed, 5), seqs(feed, 5), seqs(feed, 3)])).toEqual([[6, 7], [6, 7], [4, 5]]);
    expect(store.readings).toEqual([0, 5]);
  });
  it('gives pages of a thousand, and to whoever is far behind pages of his own', async () => {
    const store = await storeWith(2_500);
    const feed = new LogFeed(store, new MemoryKeys(), noUpcasting);
    expect(await seqs(feed, 2_400)).toEqual(range(2_401, 2_500));
    expect(await seqs(feed, 0)).toEqual(range(1, 1_000));
    expect(await seqs(feed, 1_000)).toEqual(range(1_001, 2_000));
    expect(await seqs(feed, 2_000)).toEqual(range(2_001, 2_500));
    expect(await seqs(feed, 2_500)).toEqual([]);
  });
  it('keeps a bounded number of events, and still skips none', async () => {
    const store = await storeWith(9_500);
    const feed = new LogFeed(store, new MemoryKeys(), noUpcasting);
    let read = 0;
    for (let page = await seqs(feed, 0); page.length > 0; page = await seqs(feed, read)) {
      expect(page[0]).toBe(read + 1);
      read = page.at(-1) ?? read;
    }
    expect(read).toBe(9_500);
    expect(await seqs(feed, 10)).toEqual(range(11, 1_010));
  });
  it('forgets what it kept when a connection was lost, also what is on its way', async () => {
    const store = await storeWith(3);
    const feed = new LogFeed(store, new MemoryKeys(), noUpcasting);
    await feed.read(0);
    let arrive = () => undefined as void;
    store.delay = new Promise<void>((resolve) => { arrive = resolve; });
    await grow(store, 1);
    const reading = feed.read(3);
    store.lose();
    store.delay = undefined;
    arrive();
    await reading;
    expect(feed.epoch).toBe(1);
    store.readings = [];
    expect(await seqs(feed, 0)).toEqual([1, 2, 3, 4]);
    expect(store.readings).toContain(0);
  });
  it('wakes who waits at an append, and no later than at the next poll', async () => {
    const store = await storeWith(1);
    const feed = new LogFeed(store, new MemoryKeys(), noUpcasting);
    const { signal } = new AbortController();
    const began = performance.now();
    const woken = feed.changed(signal).then(() => performance.now() - began);
    await grow(store, 1);
    expect(await woken).toBeLessThan(35);
    await feed.changed(signal);
    const stopping = new AbortController();
    const aborted = feed.changed(stopping.signal);
    stopping.abort();
    await aborted;
    feed.close();
  });
});
