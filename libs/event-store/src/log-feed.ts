import type { RecordedEvent } from '@touchstone/kernel';
import { decodeAll } from './decode.js';
import type { SubjectKeys } from './personal.js';
import type { EventStore } from './store.js';

const PAGE = 1_000;
const MAX_KEPT = 8_000;
const POLL_MS = 40;

/**
 * One reading of the log for all followers of a process: the newest events are kept decoded, so that those who keep up share
 * one query and one parse. Whoever is further behind reads pages of his own.
 */
export class LogFeed {
  /** Moves when a connection was lost: a seq that was read but not yet on disk may since belong to another event. */
  epoch = 0;
  private kept: RecordedEvent[] = [];
  private fetching?: Promise<void>;
  private readonly waiting = new Set<() => void>();
  private readonly unsubscribe: readonly (() => void)[];

  constructor(private readonly store: EventStore, private readonly keys: SubjectKeys) {
    const lost = () => {
      this.epoch += 1;
      this.kept = [];
    };
    this.unsubscribe = [store.onAppend(() => this.wake()), store.onConnectionLost(lost)];
  }

  /** Up to a page of events after `seq`; empty at the head. */
  async read(seq: number): Promise<readonly RecordedEvent[]> {
    const newest = this.kept.at(-1)?.seq ?? 0;
    if (seq === newest || this.kept.length === 0) await this.fetch(seq);
    const first = this.kept[0]?.seq;
    const last = this.kept.at(-1)?.seq ?? 0;
    if (first !== undefined && seq >= first - 1 && seq <= last) return this.kept.slice(seq - first + 1, seq - first + 1 + PAGE);
    return decodeAll(await this.store.readAll(seq, PAGE), this.keys);
  }

  /** Resolves when an append of this process was seen, or after a poll's time: other processes write too. */
  async changed(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, POLL_MS);
      this.waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  close(): void {
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    this.wake();
  }

  private wake(): void {
    for (const resolve of [...this.waiting]) resolve();
  }

  private async fetch(seq: number): Promise<void> {
    this.fetching ??= this.fetchAfter(this.kept.at(-1)?.seq ?? seq).finally(() => {
      this.fetching = undefined;
    });
    await this.fetching;
  }

  private async fetchAfter(seq: number): Promise<void> {
    const { epoch } = this;
    const events = await decodeAll(await this.store.readAll(seq, PAGE), this.keys);
    if (events.length === 0 || epoch !== this.epoch) return;
    this.kept = [...this.kept, ...events].slice(-MAX_KEPT);
  }
}
