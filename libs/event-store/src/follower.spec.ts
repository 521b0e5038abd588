import type { Feed } from './follower.js';
import { Follower, pause } from './follower.js';
import { HoleInLog } from './store.js';

interface Entry { readonly seq: number }

/** A log of `length` entries, read in pages of three, that can grow, and be cut back as by a crash. */
class Log implements Feed<Entry> {
  epoch = 0;
  reads = 0;
  constructor(public length: number) {}
  read(seq: number): Promise<Entry[]> {
    this.reads += 1;
    return Promise.resolve(Array.from({ length: Math.max(0, Math.min(3, this.length - seq)) }, (_, index) => ({ seq: seq + index + 1 })));
  }
  changed = (signal: AbortSignal) => pause(2, signal);
}

const followers: Follower<Entry>[] = [];
function follow(feed: Feed<Entry>, handled: number[], { start = () => Promise.resolve(0), before = (_: readonly Entry[]) => undefined as unknown } = {}): Follower<Entry> {
  const follower = new Follower<Entry>({ name: 'spec', feed, start, handle: async (entries) => {
    await before(entries);
    handled.push(...entries.map(({ seq }) => seq));
  } });
  followers.push(follower);
  return follower;
}
afterEach(async () => {
  for (const follower of followers.splice(0)) await follower.stop();
});

describe('a follower', () => {
  it('handles everything once and in order, also what comes later', async () => {
    const log = new Log(7);
    const handled: number[] = [];
    const follower = follow(log, handled);
    follower.start();
    expect(await follower.reached(7, 1_000)).toBe(true);
    log.length = 8;
    expect(await follower.reached(8, 1_000)).toBe(true);
    expect(handled).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
  it('begins after its checkpoint', async () => {
    const handled: number[] = [];
    const follower = follow(new Log(7), handled, { start: () => Promise.resolve(5) });
    follower.start();
    await follower.reached(7, 1_000);
    expect(handled).toEqual([6, 7]);
  });
  it('says that a position was not reached in time', async () => {
    const follower = follow(new Log(1), []);
    follower.start();
    expect(await follower.reached(2, 20)).toBe(false);
  });
  it('stands still at the position where it is to pause', async () => {
    const handled: number[] = [];
    const follower = follow(new Log(7), handled);
    follower.pauseAt = 4;
    follower.start();
    await follower.reached(4, 1_000);
    await pause(10);
    expect(handled).toEqual([1, 2, 3, 4]);
    follower.pauseAt = undefined;
    await follower.reached(7, 1_000);
    expect(handled).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
  it('lets a page that follows wait for more to come, as long as the one before it took', async () => {
    const log = new Log(1);
    const handled: { readonly seqs: readonly number[]; readonly beganMs: number; readonly endedMs: number }[] = [];
    const follower = new Follower<Entry>({
      name: 'spec', feed: log, start: () => Promise.resolve(0), lingerMs: 60_000,
      handle: async (entries) => {
        const beganMs = performance.now();
        await pause(handled.length === 0 ? 60 : 0);
        handled.push({ seqs: entries.map(({ seq }) => seq), beganMs, endedMs: performance.now() });
      },
    });
    followers.push(follower);
    follower.start();
    expect(await follower.reached(1, 20_000)).toBe(true);
    log.length = 2; // it has looked again by now, and found nothing
    expect(await follower.reached(2, 20_000)).toBe(true);
    const [first, second] = handled;
    expect(handled.map(({ seqs }) => seqs)).toEqual([[1], [2]]);
    expect((second?.beganMs ?? 0) - (first?.endedMs ?? 0)).toBeGreaterThanOrEqual((first?.endedMs ?? 0) - (first?.beganMs ?? 0) - 2); // timers are early by a millisecond at most
  });
  it('shows an error, asks for its checkpoint and tries again', async () => {
    let failures = 2;
    const handled: number[] = [];
    const seen: unknown[] = [];
    const follower = follow(new Log(3), handled, {
      start: () => { seen.push(follower.failure?.message); return Promise.resolve(0); },
      before: () => { if ((failures -= 1) >= 0) throw new Error('the database is away'); },
    });
    follower.start();
    expect(await follower.reached(3, 2_000)).toBe(true);
    await pause(5);
    expect([handled, seen, follower.failure]).toEqual([[1, 2, 3], [undefined, 'the database is away', 'the database is away'], undefined]);
  });
  it('reads one page ahead of a slow handler while it is far behind, and no more', async () => {
    const reads: number[] = [];
    const feed: Feed<Entry> = {
      read: (seq) => {
        reads.push(seq);
        return Promise.resolve(Array.from({ length: Math.min(600, 2_000 - seq) }, (_, index) => ({ seq: seq + index + 1 })));
      },
      changed: (signal) => pause(2, signal),
    };
    const handled: number[] = [];
    let goOn = () => undefined as void;
    const follower = follow(feed, handled, { before: ([first]) => first?.seq === 1 && new Promise<void>((resolve) => { goOn = resolve; }) });
    follower.start();
    await pause(20);
    expect(reads).toEqual([0, 600]);
    goOn();
    expect(await follower.reached(2_000, 1_000)).toBe(true);
    expect([reads.slice(0, 4), handled]).toEqual([[0, 600, 1_200, 1_800], Array.from({ length: 2_000 }, (_, index) => index + 1)]);
  });
  it('goes back to its checkpoint without a failure when the handler asks for it', async () => {
    const handled: number[] = [];
    const failures: number[] = [];
    const pages: number[] = [];
    let again = true;
    const follower = new Follower<Entry>({
      name: 'spec', feed: new Log(3), start: () => Promise.resolve(handled.length), handle: (entries) => {
        if (again) { again = false; return Promise.resolve('again'); }
        handled.push(...entries.map(({ seq }) => seq));
        return Promise.resolve();
      },
    });
    followers.push(follower);
    follower.watch = { passed: (events) => pages.push(events), failed: () => failures.push(1) };
    follower.start();
    await follower.reached(3, 1_000);
    await pause(5);
    expect([handled, pages, failures]).toEqual([[1, 2, 3], [3], []]);
  });
  it('stops at a hole in the log', async () => {
    const feed: Feed<Entry> = { read: () => Promise.reject(new HoleInLog('expected 3, found 4')), changed: () => Promise.resolve() };
    const follower = follow(feed, []);
    follower.start();
    await pause(20);
    expect([follower.stopped, follower.failure?.message]).toEqual([true, 'expected 3, found 4']);
  });
  it('goes back to its checkpoint when a connection was lost: what it had passed may be another event now', async () => {
    const log = new Log(3);
    const handled: number[] = [];
    let checkpoint = 0;
    const follower = follow(log, handled, { start: () => Promise.resolve(checkpoint) });
    follower.start();
    await follower.reached(3, 1_000);
    checkpoint = 2; // the third was seen, but never on disk
    log.length = 2;
    log.epoch += 1;
    await pause(20);
    expect(follower.position).toBe(2);
    log.length = 4;
    await follower.reached(4, 1_000);
    expect(handled).toEqual([1, 2, 3, 3, 4]);
  });
  it('does not handle a page that was read before the loss and came after it', async () => {
    const log = new Log(2);
    const read = log.read.bind(log);
    log.read = async (seq) => {
      const page = await read(seq);
      if (log.reads === 1) log.epoch += 1;
      return page;
    };
    const handled: number[] = [];
    const follower = follow(log, handled);
    follower.start();
    await follower.reached(2, 1_000);
    expect([log.reads >= 2, handled]).toEqual([true, [1, 2]]);
  });
  it('can be stopped and started again', async () => {
    const log = new Log(2);
    const handled: number[] = [];
    const follower = follow(log, handled, { start: () => Promise.resolve(handled.length) });
    follower.start();
    await follower.reached(2, 1_000);
    await follower.stop();
    log.length = 3;
    await pause(10);
    expect([follower.stopped, handled]).toEqual([true, [1, 2]]);
    follower.start();
    await follower.reached(3, 1_000);
    expect(handled).toEqual([1, 2, 3]);
  });
  it('that is held before what is there, or is told of news that bring nothing, leaves others of the process their turn', async () => {
    const log = new Log(9);
    log.changed = () => Promise.resolve();
    const handled: number[] = [];
    const follower = follow(log, handled);
    follower.pauseAt = 6;
    follower.start();
    await pause(30); // a timer: it never came when the follower asked again without a break
    expect([follower.position, handled]).toEqual([6, [1, 2, 3, 4, 5, 6]]);
    follower.pauseAt = undefined;
    expect(await follower.reached(9, 1_000)).toBe(true);
    await pause(20); // at the end of the log now
    expect(handled).toHaveLength(9);
  });
});
