import { jest } from '@jest/globals';
import { derivedId } from '@touchstone/kernel';
import { canonicalize } from '@touchstone/ledger';
import { LogFeed } from './log-feed.js';
import { MemoryKeys } from './memory/memory-keys.js';
import { MemoryStore } from './memory/memory-store.js';
import type { AppendListener, StoredEvent } from './store.js';
import { noUpcasting } from './upcast.js';

/** Counts its readings, can lose a connection, and tells of appends, but only when asked to what they wrote: as when another process did. */
class CountingStore extends MemoryStore {
  tells: boolean | ((written: readonly StoredEvent[]) => readonly StoredEvent[]) = false;
  readings: number[] = [];
  lose: () => void = () => undefined;
  delay?: Promise<void>;
  override async readAll(seq: number, limit: number): Promise<StoredEvent[]> {
    this.readings.push(seq);
    const page = await super.readAll(seq, limit);
    await this.delay;
    return page;
  }
  /** Others append, and nobody of this process is told. */
  silent = false;
  override onAppend(listener: AppendListener) {
    return super.onAppend((written) => { if (!this.silent) listener(typeof this.tells === 'function' ? this.tells(written ?? []) : this.tells ? written : undefined); });
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

async function grow(store: CountingStore, count: number, text = ''): Promise<void> {
  const head = await store.head();
  const id = (name: number) => derivedId('feed', name);
  await store.ingest(Array.from({ length: count }, (_, index) => {
    const seq = head + index + 1;
    const meta = canonicalize({ actor: 'a', commandId: id(seq), causationId: id(seq), correlationId: id(seq), occurredAt: '', recordedAt: '', decider: 'd@1' });
    return { id: id(seq), type: 't', body: canonicalize({ seq, text }), meta, stream: `thing-${seq % 3}`, topic: 't', offset: seq };
  }));
}

async function writtenByOthers(store: CountingStore): Promise<void> {
  store.silent = true;
  await grow(store, 1);
  store.silent = false;
}

const feedOf = (store: CountingStore) => new LogFeed(store, new MemoryKeys(), noUpcasting);
const seqs = async (feed: LogFeed, after: number) => (await feed.read(after)).map(({ seq }) => seq);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('the feed of a log', () => {
  afterEach(() => void jest.useRealTimers());
  it('reads once for all who keep up', async () => {
    const store = await storeWith(5);
    const feed = feedOf(store);
    expect(await Promise.all(range(1, 4).map(() => seqs(feed, 0)))).toEqual(range(1, 4).map(() => [1, 2, 3, 4, 5]));
    await grow(store, 2);
    expect(await Promise.all([seqs(feed, 5), seqs(feed, 5), seqs(feed, 3)])).toEqual([[6, 7], [6, 7], [4, 5]]);
    expect(store.readings).toEqual([0, 5]);
  });
  it('gives to whoever is far behind pages of his own, longer ones while there is much to read', async () => {
    const store = await storeWith(9_000);
    const feed = feedOf(store);
    expect(await seqs(feed, 8_900)).toEqual(range(8_901, 9_000));
    const pages: number[] = [];
    for (let read = 0; read < 9_000; read += pages.at(-1) ?? 9_000) {
      const page = await seqs(feed, read);
      expect(page).toEqual(range(read + 1, read + page.length));
      pages.push(page.length);
    }
    expect(pages).toEqual([1_000, 2_000, 4_000, 2_000]);
    expect(await seqs(feed, 9_000)).toEqual([]);
  });
  it('reads once for those who are equally far behind, and again for whoever is slower', async () => {
    const store = await storeWith(20_000);
    const feed = feedOf(store);
    await feed.read(19_999);
    store.readings = [];
    const follow = async (pages: number) => {
      let read = 0;
      for (let page = 0; page < pages; page += 1) read = (await feed.entries(read)).at(-1)?.seq ?? read;
      return read;
    };
    expect(await Promise.all([follow(6), follow(6), follow(6)])).toEqual([19_000, 19_000, 19_000]);
    expect(store.readings).toEqual([0, 1_000, 3_000, 7_000, 11_000, 15_000]);
    await follow(1);
    expect(store.readings.at(-1)).toBe(0);
  });
  it('gives shorter pages, and keeps fewer events, when they are large', async () => {
    const store = await storeWith(1_000);
    await grow(store, 300, 'x'.repeat(100_000));
    const feed = feedOf(store);
    const lengths: number[] = [];
    for (let read = 0; read < 1_300; read += lengths.at(-1) ?? 1_300) lengths.push((await feed.entries(read)).length);
    expect(lengths.at(0)).toBe(1_000);
    expect(Math.max(...lengths.slice(2))).toBeLessThanOrEqual(42); // 4 MB
    store.readings = [];
    await feed.entries(1_200); // the last 16 MB are kept, and no more
    expect(store.readings).toEqual([]);
    await feed.entries(1_050);
    expect(store.readings).toEqual([1_050]);
  });
  it('parses an event once for all, and only where somebody wants it', async () => {
    const feed = feedOf(await storeWith(3));
    const wanted = feed.sieve(['t']);
    const [one, other] = [await feed.entries(0), await feed.entries(0)];
    expect(wanted(one)).toHaveLength(3);
    expect(feed.sieve(['other'])(one)).toEqual([]);
    expect(await one[1]?.decoded()).toBe(await other[1]?.decoded());
  });
  it('keeps a bounded number of events, and still skips none', async () => {
    const store = await storeWith(9_500);
    const feed = feedOf(store);
    let read = 0;
    for (let page = await seqs(feed, 0); page.length > 0; page = await seqs(feed, read)) {
      expect(page[0]).toBe(read + 1);
      read = page.at(-1) ?? read;
    }
    expect(read).toBe(9_500);
    expect((await seqs(feed, 10)).slice(0, 3)).toEqual([11, 12, 13]);
  });
  it('forgets what it kept when a connection was lost, also what is on its way', async () => {
    const store = await storeWith(3);
    const feed = feedOf(store);
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
  it('does not read what it was told of, unless something is missing before it', async () => {
    const store = await storeWith(2);
    const feed = feedOf(store);
    expect(await seqs(feed, 0)).toEqual([1, 2]);
    store.tells = true;
    await grow(store, 3);
    store.readings = [];
    expect(await feed.readStored(2)).toEqual((await store.readAll(0, 10)).slice(2));
    await feed.changed(new AbortController().signal, 4); // there is more, so nothing is waited for
    expect(store.readings).toEqual([0]); // the spec's own
    store.tells = false;
    await grow(store, 1);
    store.tells = true;
    await grow(store, 1);
    expect(await seqs(feed, 5)).toEqual([6, 7]);
    expect(store.readings).toEqual([0, 5]);
    feed.close();
  });
  it('reads what it was told of when another process wrote between two of them', async () => {
    const store = await storeWith(2);
    const feed = feedOf(store);
    await feed.read(0);
    store.tells = (written) => written.filter((_, index) => index !== 1);
    await grow(store, 3);
    expect(await seqs(feed, 2)).toEqual([3, 4, 5]);
    feed.close();
  });
  it('wakes who waits at an append', async () => {
    jest.useFakeTimers();
    const store = await storeWith(1);
    const feed = feedOf(store);
    const { signal } = new AbortController();
    await feed.entries(0);
    const woken = feed.changed(signal, 1);
    await grow(store, 1);
    await woken;
    await feed.entries(1);
    const stopping = new AbortController();
    const aborted = feed.changed(stopping.signal, 2);
    stopping.abort();
    await aborted;
    feed.close();
  });
  it('asks soon again after others have written, and less and less often while they write nothing', async () => {
    jest.useFakeTimers();
    const store = await storeWith(1);
    const feed = feedOf(store);
    let read = (await feed.entries(0)).length;
    const waited: number[] = [];
    for (let polls = 0; polls < 6; polls += 1) {
      if (polls === 4) await writtenByOthers(store);
      const began = Date.now();
      const woken = feed.changed(new AbortController().signal, read).then(() => waited.push(Date.now() - began));
      await jest.advanceTimersByTimeAsync(20);
      await woken;
      read += (await feed.entries(read)).length;
    }
    expect(waited).toEqual([4, 8, 16, 20, 20, 4]);
    expect(read).toBe(2);
    feed.close();
  });
});
