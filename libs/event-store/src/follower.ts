import type { RecordedEvent } from '@touchstone/kernel';
import { HoleInLog } from './store.js';

/** Where a follower reads: events after a seq, and a wait until there may be more. */
export interface Feed<E> {
  read(seq: number): Promise<readonly E[]>;
  /** Resolves when there may be more than up to `seq`. */
  changed(signal: AbortSignal, seq: number): Promise<void>;
  /** Moves when what was read may be gone from the log again: the follower then starts over from its checkpoint. */
  readonly epoch?: number;
}

export interface FollowerOptions<E = RecordedEvent> {
  readonly name: string;
  readonly feed: Feed<E>;
  /** Where to begin: the seq already handled. Asked again after a failure, so the database's checkpoint always wins. */
  readonly start: () => Promise<number>;
  /**
   * Pages follow each other at the distance that the last one took, at most this one, or later: fewer and larger batches where each costs
   * round trips, the more the busier the machine. What comes after a longer pause does not wait.
   */
  readonly lingerMs?: number;
  /** Handles a page in order; must be safe to repeat. `again`: not handled, ask for the checkpoint and read again. */
  readonly handle: (events: readonly E[], signal: AbortSignal) => Promise<void | 'again'>;
}

/** Is told what a follower does, e.g. to count it. */
export interface FollowerWatch {
  /** A page of so many events was passed. */
  readonly passed: (events: number) => void;
  readonly failed: () => void;
}

const MAX_BACKOFF_MS = 5_000;
/** Who is held before more events looks again so often. */
const HELD_MS = 4;
/** After a page of so many events the next is fetched while this one is handled; one page ahead at most. */
const FAR_BEHIND = 500;

/**
 * Follows a log: reads, handles, moves on, for ever. An error is retried from the checkpoint with a growing delay and shows in
 * `failure`; a hole in the log stops it for good. It holds two pages at most, however slowly it handles them.
 */
export class Follower<E extends { readonly seq: number } = RecordedEvent> {
  position = 0;
  /** When set, nothing after this seq is handled. */
  pauseAt?: number;
  failure?: Error;
  stopped = true;
  watch?: FollowerWatch;
  private stopping = new AbortController();
  private running?: Promise<void>;
  /** Before this moment the next page is not begun. */
  private lingerUntilMs = -Infinity;
  private readonly waiters = new Set<{ seq: number; resolve: () => void }>();

  constructor(private readonly options: FollowerOptions<E>) {}

  get name(): string {
    return this.options.name;
  }

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.stopping = new AbortController();
    this.running = this.run();
  }

  /** Resolves when the page in hand is done; the position then stands still until the next start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** True as soon as everything up to `seq` is handled; false when that takes longer than `timeoutMs`. */
  async reached(seq: number, timeoutMs: number): Promise<boolean> {
    if (this.position >= seq) return true;
    return new Promise((resolve) => {
      const waiter = { seq, resolve: () => { clearTimeout(timer); this.waiters.delete(waiter); resolve(true); } };
      const timer = setTimeout(() => { this.waiters.delete(waiter); resolve(this.position >= seq); }, timeoutMs);
      this.waiters.add(waiter);
    });
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { feed, start } = this.options;
    let failures = 0;
    let started = false;
    let epoch = feed.epoch;
    let ahead: Promise<readonly E[]> | undefined;
    while (!signal.aborted) {
      try {
        if (epoch !== feed.epoch) started = false;
        epoch = feed.epoch;
        if (!started) {
          ahead = undefined;
          this.moveTo(await start());
        }
        started = true;
        const page: readonly E[] = await (ahead ?? feed.read(this.position));
        ahead = undefined;
        if (epoch !== feed.epoch) continue;
        const { pauseAt } = this;
        const events = pauseAt === undefined ? page : page.filter(({ seq }) => seq <= pauseAt);
        const last = events.at(-1);
        if (last && page.length >= FAR_BEHIND && pauseAt === undefined) {
          ahead = feed.read(last.seq);
          ahead.catch(() => undefined); // met when it is its turn
        }
        if (!last) await this.news(signal, page.at(-1)?.seq);
        else if ((await this.timed(() => this.options.handle(events, signal))) === 'again') started = false;
        else {
          this.moveTo(last.seq);
          this.watch?.passed(events.length);
        }
        failures = 0;
        this.failure = undefined;
      } catch (error) {
        this.failure = error instanceof Error ? error : new Error(String(error));
        this.watch?.failed();
        if (error instanceof HoleInLog) break;
        started = false;
        failures += 1;
        await pause(Math.min(20 * 2 ** failures, MAX_BACKOFF_MS), signal);
      }
    }
    this.stopped = true;
  }

  private async timed<T>(handle: () => Promise<T>): Promise<T> {
    const beganMs = performance.now();
    const handled = await handle();
    const endedMs = performance.now();
    this.lingerUntilMs = endedMs + Math.min(endedMs - beganMs, this.options.lingerMs ?? 0);
    return handled;
  }

  /** `held`: up to this seq there is more, and `pauseAt` lies before it. However often there are news, others of the process get their turn. */
  private async news(signal: AbortSignal, held: number | undefined): Promise<void> {
    await this.options.feed.changed(signal, held ?? this.position);
    const earlyMs = Math.max(held === undefined ? 0 : HELD_MS, this.lingerUntilMs - performance.now());
    if (earlyMs > 0) await pause(earlyMs, signal);
    else await new Promise((turn) => setImmediate(turn));
  }

  private moveTo(seq: number): void {
    this.position = seq;
    for (const waiter of this.waiters) if (waiter.seq <= seq) waiter.resolve();
  }
}

export const pause = (delayMs: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    signal?.addEventListener('abort', done);
  });
