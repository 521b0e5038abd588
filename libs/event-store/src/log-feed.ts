import type { RecordedEvent } from '@touchstone/kernel';
import { decodeAll } from './decode.js';
import type { SubjectKeys } from './personal.js';
import type { EventStore, StoredEvent } from './store.js';
import type { Upcasting } from './upcast.js';

const PAGE = 1_000;
const MAX_KEPT = 8_000;
const POLL_MS = 50;

/** An event as it is stored, and as it is understood. */
interface Kept {
  readonly stored: StoredEvent;
  readonly event: RecordedEvent;
}

/**
 * One reading of the log for all followers of a process: the newest events are kept, stored and decoded, so that those who keep
 * up share one query and one parse. Whoever is further behind reads pages of his own.
 */
export class LogFeed {
  /** Moves when a connection was lost: a seq that was read but not yet on disk may since belong to another event. */
  epoch = 0;
  private kept: Kept[] = [];
  /** Whether there may be more than was fetched: an append of this process, or the time of a poll, since others write too. */
  private news = true;
  private fetching?: Promise<void>;
  private readonly waiting = new Set<() => void>();
  private readonly ending: readonly (() => void)[];

  constructor(private readonly store: EventStore, private readonly keys: SubjectKeys, private readonly upcasting: Upcasting) {
    const lost = () => {
      this.epoch += 1;
      this.kept = [];
      this.wake();
    };
    const poll = setInterval(() => this.wake(), POLL_MS).unref();
    this.ending = [() => clearInterval(poll), store.onAppend(() => this.wake()), store.onConnectionLost(lost)];
  }

  /** Up to a page of events after `seq`; empty at the head. */
  async read(seq: number): Promise<readonly RecordedEvent[]> {
    const kept = await this.keptAfter(seq);
    return kept ? kept.map(({ event }) => event) : decodeAll(await this.store.readAll(seq, PAGE), this.keys, this.upcasting);
  }

  /** The same with the bytes as they are stored: for the relay. */
  async readStored(seq: number): Promise<readonly StoredEvent[]> {
    const kept = await this.keptAfter(seq);
    return kept ? kept.map(({ stored }) => stored) : this.store.readAll(seq, PAGE);
  }

  /** Resolves when there may be more: at an append of this process, or at the next poll. */
  async changed(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.news) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  close(): void {
    for (const end of this.ending) end();
    this.wake();
  }

  private wake(): void {
    this.news = true;
    for (const resolve of [...this.waiting]) resolve();
  }

  /** The page after `seq` from what is kept; undefined for whoever is too far behind. */
  private async keptAfter(seq: number): Promise<readonly Kept[] | undefined> {
    if (this.kept.length === 0 || ((this.news || this.fetching) && seq === this.kept.at(-1)?.stored.seq)) await this.fetch(seq);
    const first = this.kept[0]?.stored.seq;
    const last = this.kept.at(-1)?.stored.seq ?? 0;
    return first !== undefined && seq >= first - 1 && seq <= last ? this.kept.slice(seq - first + 1, seq - first + 1 + PAGE) : undefined;
  }

  private async fetch(seq: number): Promise<void> {
    this.fetching ??= this.fetchAfter(this.kept.at(-1)?.stored.seq ?? seq).finally(() => {
      this.fetching = undefined;
    });
    await this.fetching;
  }

  private async fetchAfter(seq: number): Promise<void> {
    const { epoch } = this;
    this.news = false;
    const stored = await this.store.readAll(seq, PAGE);
    const events = await decodeAll(stored, this.keys, this.upcasting);
    if (stored.length === PAGE) this.news = true;
    if (epoch !== this.epoch) return;
    this.kept = [...this.kept, ...stored.map((one, index) => ({ stored: one, event: events[index] as RecordedEvent }))].slice(-MAX_KEPT);
  }
}
