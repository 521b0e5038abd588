import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Append, EventStore, StoredEvent } from '@touchstone/event-store';
import { AppendOutcomeUnknown, Follower, pause } from '@touchstone/event-store';
import { newAppend, newEvent, newForeignEvent } from '../store-checks.js';
import type { HistoryRecorder } from './history-recorder.js';

/** Numbers from a seed, so that what is asked can be repeated; who comes first cannot. */
export function numbers(seed: number): (below: number) => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export interface Workload {
  readonly seed: number;
  readonly writers?: number;
  readonly steps?: number;
  /** Each command appends at most so many events. */
  readonly most?: number;
  /** Also claims names and guards other streams. */
  readonly claims?: boolean;
  /** Commands that stand alone, appended wherever their stream stands: as they are of use before a crash. */
  readonly plain?: boolean;
}

/** The type of every second event of a command; the others, and foreign ones, move. */
export const HELD = 'control.LotHeld.v1';

type Step = (name: string) => Promise<void>;

/** Clients that append to a few streams at once, are out of date, repeat themselves, and take foreign events in. */
export async function runWorkload(store: EventStore, { seed, writers = 8, steps = 30, most = 3, claims = false, plain = false }: Workload): Promise<void> {
  const below = numbers(seed);
  const streams = Array.from({ length: 5 }, (_, index) => `lot-${index}`);
  const versions = new Map<string, number>();
  const asked: Append[] = [];
  let offset = 0;
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const append = async (wanted: Append): Promise<void> => {
    asked.push(wanted);
    const result = await store.append(wanted);
    if (result.status === 'appended' || result.status === 'conflict') versions.set(wanted.stream, result.version);
  };
  const fresh = (name: string, expected: (version: number) => Append['expectedVersion'], count: number): Append => {
    const stream = one(streams);
    const other = one(streams);
    return newAppend(name, stream, expected(versions.get(stream) ?? 0), {
      events: Array.from({ length: count }, (_, index) => ({ ...newEvent(`${name}/${index}`), ...(index % 2 > 0 && { type: HELD }) })),
      ...(claims && below(4) === 0 && { claims: [`number:${below(2) === 0 ? name : below(6)}`] }),
      ...(claims && below(5) === 0 && { guard: { stream: other, version: versions.get(other) ?? 0 } }),
    });
  };
  const count = () => 1 + below(most);
  const anywhere: Step = (name) => append(fresh(name, () => 'any', count()));
  const again: Step = async (name) => {
    if (asked.length === 0) return anywhere(name);
    const first = one(asked);
    await store.append(below(2) === 0 ? first : { ...first, command: { ...first.command, bodyHash: name, answer: `{"answer":"${name}"}` } });
  };
  const twice: Step = async (name) => {
    const wanted = fresh(name, (version) => version, count());
    await Promise.all([append(wanted), store.append(wanted)]);
  };
  const takeIn: Step = async () => {
    const first = Math.max(1, (offset += below(3)) - below(3)); // what was taken in before often comes again
    const some = Array.from({ length: count() }, (_, index) => first + index);
    await store.ingest(some.map((at) => newForeignEvent(`foreign ${at}`, `planning/order-${at % 3}`, at, below(5) === 0 ? { other: true } : undefined)));
  };
  const expecting = (gap: number): Step => (name) => append(fresh(name, (version) => version + gap, count()));
  const moot: Step = (name) => append(fresh(name, (version) => version, 0));
  const mixed: readonly Step[] = [...Array.from({ length: 11 }, () => expecting(0)), anywhere, anywhere, again, again, twice, takeIn, takeIn, expecting(2), moot];
  await Promise.all(Array.from({ length: writers }, async (_, writer) => {
    for (let step = 0; step < steps; step += 1) {
      try {
        await (plain ? anywhere : one(mixed))(`seed ${seed}, ${writer}/${step}`);
      } catch (error) {
        if (!(error instanceof AppendOutcomeUnknown)) throw error;
        if (plain) return; // its server is gone
      }
    }
  }));
}

/** What a subscriber is given at a time: events that it wants, and up to where they were looked for. */
export interface Page {
  readonly events: readonly StoredEvent[];
  readonly upTo: number;
}

export interface ReaderOptions {
  readonly read: (seq: number) => Promise<readonly StoredEvent[] | Page>;
  /** Wants events of these types only. */
  readonly wants?: readonly string[];
  /** Acts outside the database: waits for this before it does. */
  readonly flush?: () => Promise<void>;
  /** Moves when what was read may be gone. */
  readonly epoch?: () => number;
  readonly actsOutside?: boolean;
  /** Where its checkpoint is kept; in memory, when left out. */
  readonly file?: string;
  /** A planted bug: no checkpoint for pages without an event for it. */
  readonly savesOnlyWhatItHandled?: boolean;
}

/** A subscriber that saves its checkpoint with every other page, and begins again from there when it is told to. */
export class RecordedReader {
  private saved = 0;
  private pages = 0;
  private empty = 0;
  private upTo = 0;
  private readonly seen;
  private readonly follower: Follower<StoredEvent>;

  constructor(recorder: HistoryRecorder, name: string, private readonly options: ReaderOptions) {
    const { wants, actsOutside, epoch = () => 0 } = options;
    this.seen = recorder.subscriber(name, 'at-least-once', { ...(wants && { wants, mostBehind: MOST_BEHIND }), ...(actsOutside && { actsOutside }) });
    this.follower = new Follower<StoredEvent>({
      name,
      feed: { read: (seq) => this.read(seq), changed: (signal) => pause(1, signal), get epoch() { return epoch(); } },
      start: () => {
        this.seen.started(this.checkpoint());
        this.upTo = this.checkpoint();
        return Promise.resolve(this.upTo);
      },
      handle: (events) => this.handle(events),
    });
    this.follower.start();
  }

  async restart(): Promise<void> {
    await this.follower.stop();
    this.follower.start();
  }

  /** Until nothing more comes. */
  async drain(): Promise<void> {
    this.empty = 0;
    while (this.empty < 2) await pause(2);
    await this.follower.stop();
    this.seen.drained();
  }

  private checkpoint(): number {
    const { file } = this.options;
    return file === undefined ? this.saved : existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  }

  /** Moves past what is not for it, page by page; comes back with what is, or at the end. */
  private async read(position: number): Promise<readonly StoredEvent[]> {
    for (let from = Math.max(position, this.upTo); ; from = this.upTo) {
      const found = await this.options.read(from);
      const page = 'upTo' in found ? found : { events: found, upTo: found.at(-1)?.seq ?? from };
      if (page.events.length > 0) {
        this.empty = 0;
        this.upTo = page.upTo;
        return page.events;
      }
      if (page.upTo <= from) {
        this.empty += 1;
        return [];
      }
      this.moveTo(page.upTo);
      if (!this.options.savesOnlyWhatItHandled) this.save(page.upTo);
    }
  }

  private async handle(events: readonly StoredEvent[]): Promise<void> {
    await this.options.flush?.();
    this.seen.delivered(events);
    this.moveTo(this.upTo);
    this.pages += 1;
    if (this.pages % 2 === 0 || this.options.wants) this.save(this.upTo);
  }

  private moveTo(seq: number): void {
    this.upTo = seq;
    if (this.options.wants) this.seen.read(seq);
  }

  private save(seq: number): void {
    if (this.options.file === undefined) this.saved = seq;
    else writeFileSync(this.options.file, String(seq));
    this.seen.checkpoint(seq);
  }
}

/** A page. */
const MOST_BEHIND = 5;
