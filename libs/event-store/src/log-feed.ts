import type { RecordedEvent } from '@touchstone/kernel';
import { decode } from './decode.js';
import type { SubjectKeys } from './personal.js';
import { mayHoldCiphertext } from './personal.js';
import type { EventStore, StoredEvent } from './store.js';
import { AppendOutcomeUnknown } from './store.js';
import type { Upcasting } from './upcast.js';

const FIRST_PAGE = 1_000;
const MAX_PAGE = 4_000;
/** Pages are so long that they hold about so many bytes of text. */
const PAGE_BYTES = 4 * 1024 * 1024;
const MAX_KEPT = 8_000;
const MAX_KEPT_BYTES = 16 * 1024 * 1024;
/** Pages that are kept for those who are further behind than what is kept at the end of the log. */
const MAX_OLD_PAGES = 4;
/** Others write too, and tell nobody: the log is asked so soon after it had something, and at twice the distance each time it had nothing. */
const POLL_MS = 4;
const MAX_POLL_MS = 20;

/** An event of the log as it is stored. It is decoded when somebody wants it: once for all, unless it holds what may be erased meanwhile. */
export class Entry {
  private event?: Promise<RecordedEvent>;

  constructor(readonly stored: StoredEvent, private readonly understand: (stored: StoredEvent) => Promise<RecordedEvent>) {}

  get seq(): number {
    return this.stored.seq;
  }

  /** Of text, about. */
  get bytes(): number {
    return this.stored.body.length + this.stored.meta.length;
  }

  decoded(): Promise<RecordedEvent> {
    return mayHoldCiphertext(this.stored.body) ? this.understand(this.stored) : (this.event ??= this.understand(this.stored));
  }
}

/**
 * One reading of the log for all followers of a process. The newest events are kept, so that those who keep up share one query
 * and one parse; so do those who are equally far behind. What is kept is bounded: whoever is slow reads again.
 */
export class LogFeed {
  /** Moves when a connection was lost: a seq that was read but not yet on disk may since belong to another event. */
  epoch = 0;
  private kept: Entry[] = [];
  private keptBytes = 0;
  private readonly old = new Map<number, Promise<readonly Entry[]>>();
  /** Whether there may be more than was fetched: an append of this process, or the time of a poll, since others write too. */
  private news = true;
  private limit = FIRST_PAGE;
  private fetching?: Promise<void>;
  private pollMs = MAX_POLL_MS;
  private poll?: NodeJS.Timeout;
  private closed = false;
  private readonly waiting = new Set<() => void>();
  private readonly ending: readonly (() => void)[];
  private readonly understand: (stored: StoredEvent) => Promise<RecordedEvent>;

  constructor(private readonly store: EventStore, keys: SubjectKeys, readonly upcasting: Upcasting) {
    this.understand = (stored) => decode(stored, keys, upcasting);
    const lost = () => {
      this.epoch += 1;
      this.kept = [];
      this.keptBytes = 0;
      this.old.clear();
      this.wake();
    };
    this.pollLater();
    this.ending = [store.onAppend((written) => this.appended(written)), store.onConnectionLost(lost)];
  }

  /** A page of events after `seq`; empty at the head. */
  async entries(seq: number): Promise<readonly Entry[]> {
    if (this.kept.length === 0 || ((this.news || this.fetching) && seq === this.kept.at(-1)?.seq)) await this.fetch(seq);
    return this.keptAfter(seq) ?? this.oldAfter(seq);
  }

  /** The same with the bytes as they are stored: for the relay. */
  async readStored(seq: number): Promise<readonly StoredEvent[]> {
    return (await this.entries(seq)).map(({ stored }) => stored);
  }

  /** The same, decoded. */
  async read(seq: number): Promise<readonly RecordedEvent[]> {
    return Promise.all((await this.entries(seq)).map((entry) => entry.decoded()));
  }

  /** Those of these types, in whatever version they were stored: told from the others before anything is parsed. */
  sieve(types: readonly string[]): (entries: readonly Entry[]) => readonly Entry[] {
    const wanted = new Set(this.upcasting.withAncestors(types));
    return (entries) => entries.filter(({ stored }) => wanted.has(stored.type));
  }

  /** Resolves when there may be more than up to `seq`: at an append of this process, or at the next poll. */
  async changed(signal: AbortSignal, seq: number): Promise<void> {
    if (signal.aborted || this.news || seq < (this.kept.at(-1)?.seq ?? 0)) return;
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

  /** Resolves when the log is on disk up to `seq`, as it was read in an epoch of this feed. Rejects when that cannot be known any more. */
  async durable(seq: number, epoch: number): Promise<void> {
    if (epoch !== this.epoch) throw new AppendOutcomeUnknown('a connection was lost since the log was read');
    await this.store.durable(undefined, seq);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.poll);
    for (const end of this.ending) end();
    this.wake();
  }

  /** What follows on what is kept need not be read. */
  private appended(written: readonly StoredEvent[] = []): void {
    const last = this.kept.at(-1)?.seq;
    const follows = last !== undefined && written[0]?.seq === last + 1 && written.at(-1)?.seq === last + written.length; // another process may have written between two of them
    if (this.fetching || !follows) return this.wake();
    this.keep(written.map((one) => new Entry(one, this.understand)));
    this.tell();
  }

  /** Whoever asks puts the next poll off: while this process appends, its own news are enough. */
  private pollLater(): void {
    clearTimeout(this.poll);
    if (this.closed) return;
    this.poll = setTimeout(() => {
      this.pollLater();
      this.wake();
    }, this.pollMs).unref();
  }

  private wake(): void {
    this.news = true;
    this.tell();
  }

  private tell(): void {
    for (const resolve of [...this.waiting]) resolve();
  }

  /** The page after `seq` from what is kept; undefined for whoever is further behind. */
  private keptAfter(seq: number): readonly Entry[] | undefined {
    const first = this.kept[0]?.seq;
    const last = this.kept.at(-1)?.seq ?? 0;
    return first !== undefined && seq >= first - 1 && seq <= last ? this.kept.slice(seq - first + 1, seq - first + 1 + FIRST_PAGE) : undefined;
  }

  private oldAfter(seq: number): Promise<readonly Entry[]> {
    const known = this.old.get(seq);
    if (known) return known;
    const reading = this.page(seq);
    this.old.set(seq, reading);
    const forget = () => void (this.old.get(seq) === reading && this.old.delete(seq));
    reading.then(({ length }) => length === 0 && forget(), forget); // at the head there will be more, and an error may pass
    const oldest = this.old.size > MAX_OLD_PAGES ? this.old.keys().next().value : undefined;
    if (oldest !== undefined) this.old.delete(oldest);
    return reading;
  }

  private async fetch(seq: number): Promise<void> {
    this.fetching ??= this.fetchAfter(this.kept.at(-1)?.seq ?? seq).finally(() => {
      this.fetching = undefined;
    });
    await this.fetching;
  }

  private async fetchAfter(seq: number): Promise<void> {
    const { epoch, limit } = this;
    this.news = false;
    const page = await this.page(seq);
    if (page.length >= limit) this.news = true;
    this.pollMs = page.length > 0 ? POLL_MS : Math.min(2 * this.pollMs, MAX_POLL_MS);
    this.pollLater();
    if (epoch !== this.epoch) return;
    this.keep(page);
  }

  private keep(entries: readonly Entry[]): void {
    this.kept.push(...entries);
    this.keptBytes += entries.reduce((total, { bytes }) => total + bytes, 0);
    this.forgetOldest();
  }

  /** What is too much goes, the oldest first: at each append as much as came, not all that is kept. */
  private forgetOldest(): void {
    const { kept } = this;
    let gone = 0;
    for (let rest = this.keptBytes; gone < kept.length - 1; gone += 1) {
      rest -= kept[gone]?.bytes ?? 0;
      if (kept.length - gone <= MAX_KEPT && rest < MAX_KEPT_BYTES) break; // without this one it would be less than may be kept
      this.keptBytes = rest;
    }
    kept.splice(0, gone);
  }

  /** The next page is as long as the last one lets expect: large events do not fill the memory, small ones cost few round trips. */
  private async page(seq: number): Promise<readonly Entry[]> {
    const { limit } = this;
    const stored = await this.store.readAll(seq, limit);
    const page = stored.map((one) => new Entry(one, this.understand));
    const bytes = page.reduce((total, entry) => total + entry.bytes, 0);
    if (bytes > PAGE_BYTES || page.length === limit) this.limit = Math.max(1, Math.min(2 * limit, MAX_PAGE, Math.floor((limit * PAGE_BYTES) / bytes)));
    return page;
  }
}
