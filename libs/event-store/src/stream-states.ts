/**
 * States of streams, as commands are decided on them: folded from the log, where a stream is long from a snapshot on. A snapshot
 * is a cache and never the truth. It guards that one is used only for the very decider and the very event it was taken at, that
 * a sample of them is folded again from zero, and that nothing personal gets into one.
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { DomainEvent, Uuid } from '@touchstone/kernel';
import { fold } from '@touchstone/kernel';
import { meaningsOf } from './decode.js';
import type { SubjectKeys } from './personal.js';
import { mayHoldCiphertext } from './personal.js';
import type { AnySlice } from './slice.js';
import type { EventStore, NewEvent, StoredEvent } from './store.js';
import type { KeptState } from './stream-queue.js';
import type { Upcasting } from './upcast.js';

export interface StoredSnapshot {
  readonly stream: string;
  /** `control.lot@1`, for people. */
  readonly decider: string;
  /** See {@link deciderHashOf}. */
  readonly deciderHash: string;
  readonly version: number;
  /** The event at that version. */
  readonly eventId: Uuid;
  /** JSON, with the names of each object in the order in which the fold made them. */
  readonly state: string;
}

/** What a state is folded from. A decider sees of an event what it sees of one that has just happened: no number, no metadata. */
export type FoldedEvent = Pick<StoredEvent, 'id' | 'version' | 'type' | 'body'>;

/** The events of a stream from its snapshot on, or all of them. */
export interface SnapshotRead {
  readonly snapshot?: Omit<StoredSnapshot, 'decider'> & { readonly damaged: boolean };
  readonly events: readonly FoldedEvent[];
}

/** Where snapshots lie. What it loses is folded again. */
export interface SnapshotStore {
  readFrom(stream: string, deciderHash: string): Promise<SnapshotRead>;
  save(snapshot: StoredSnapshot): Promise<void>;
  /** Throws away all snapshots of a decider. */
  forget(deciderHash: string): Promise<void>;
}

/** A snapshot was not what the log says: the snapshots of its decider were thrown away, and the log was believed. */
export interface SnapshotIncident {
  readonly stream: string;
  readonly decider: string;
  readonly version: number;
  readonly finding: 'differs from the fold' | 'damaged';
}

export interface SnapshotOptions {
  readonly table: SnapshotStore;
  /**
   * A stream gets a snapshot when so many events had to be read, or when its version passes a multiple of it; the next one as soon
   * as a tenth of it had to be read after the last. Default 500.
   */
  readonly everyEvents?: number;
  /** Of so many uses one is folded again from zero; always the first of each decider in a process. Default 64; Infinity: none. */
  readonly checkOneIn?: number;
  readonly onIncident?: (incident: SnapshotIncident) => void;
}

export interface StreamStatesOptions {
  readonly store: EventStore;
  readonly keys: Pick<SubjectKeys, 'find'>;
  readonly upcasting: Upcasting;
  /** Left out: every stream is folded from zero. */
  readonly snapshots?: SnapshotOptions;
}

const MAX_WRITING = 16;
const MAX_CHARACTERS = 4_000_000;

export class StreamStates {
  /** For metrics. `unfit`: states that JSON does not bring back as they were; `skipped`: too many were being written. */
  readonly counts = { used: 0, written: 0, unfit: 0, skipped: 0, failed: 0, checked: 0, differed: 0, damaged: 0 };
  private readonly hashes = new WeakMap<object, string>();
  private readonly checkedDeciders = new Set<string>();
  private readonly writing = new Map<string, Promise<void>>();

  constructor(private readonly options: StreamStatesOptions) {}

  async load(slice: AnySlice, stream: string): Promise<KeptState> {
    const { snapshots, store } = this.options;
    if (!snapshots) return this.folded(slice, await store.readStream(stream));
    const { snapshot, events } = await snapshots.table.readFrom(stream, this.hashOf(slice));
    const loaded = snapshot ? await this.from(slice, snapshot, events, snapshots) : await this.folded(slice, events);
    if (events.length >= (snapshots.everyEvents ?? 500) / (snapshot ? 10 : 1)) this.write(slice, stream, loaded, events.at(-1)?.id);
    return loaded;
  }

  /** The state after an append of ours. */
  next(slice: AnySlice, stream: string, before: KeptState, happened: readonly DomainEvent[], events: readonly NewEvent[]): KeptState {
    const after = {
      state: fold(slice.decider, before.state, happened), version: before.version + events.length,
      plain: before.plain && !events.some(({ body }) => mayHoldCiphertext(body)),
    };
    const { everyEvents = 500 } = this.options.snapshots ?? {};
    if (Math.floor(after.version / everyEvents) > Math.floor(before.version / everyEvents)) this.write(slice, stream, after, events.at(-1)?.id);
    return after;
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    await Promise.all(this.writing.values());
  }

  private async folded(slice: AnySlice, events: readonly FoldedEvent[], from?: KeptState): Promise<KeptState> {
    const { meanings, plain } = await meaningsOf(events, this.options.keys, this.options.upcasting);
    const before = from ?? { state: slice.decider.initialState(), version: 0, plain: true };
    return { state: fold(slice.decider, before.state, meanings), version: before.version + events.length, plain: before.plain && plain };
  }

  private async from(slice: AnySlice, snapshot: NonNullable<SnapshotRead['snapshot']>, events: readonly FoldedEvent[], { checkOneIn = 64 }: SnapshotOptions): Promise<KeptState> {
    const { stream, version, damaged, deciderHash } = snapshot;
    const due = damaged || (checkOneIn !== Infinity && (!this.checkedDeciders.has(deciderHash) || isDrawn(stream, version + events.length, checkOneIn)));
    if (due) return this.checked(slice, snapshot, events.length);
    this.counts.used += 1;
    return this.folded(slice, events, { state: JSON.parse(snapshot.state), version, plain: true });
  }

  /** Folds again from zero, and takes what comes out. */
  private async checked(slice: AnySlice, { stream, version, deciderHash, state, damaged }: NonNullable<SnapshotRead['snapshot']>, later: number): Promise<KeptState> {
    const { store, snapshots } = this.options;
    const events = (await store.readStream(stream)).slice(0, version + later);
    const then = await this.folded(slice, events.slice(0, version));
    this.counts.checked += 1;
    if (damaged || !then.plain || JSON.stringify(then.state) !== state) {
      this.counts[damaged ? 'damaged' : 'differed'] += 1;
      await snapshots?.table.forget(deciderHash).catch(() => { this.counts.failed += 1; });
      snapshots?.onIncident?.({ stream, decider: nameOf(slice), version, finding: damaged ? 'damaged' : 'differs from the fold' });
    } else {
      this.checkedDeciders.add(deciderHash);
    }
    return this.folded(slice, events.slice(version), then);
  }

  /** In the background: nobody waits for it, and when it fails the stream is folded again. */
  private write(slice: AnySlice, stream: string, { state, version, plain }: KeptState, eventId?: Uuid): void {
    const { snapshots } = this.options;
    if (!snapshots || !plain || eventId === undefined) return;
    if (this.writing.size >= MAX_WRITING || this.writing.has(stream)) {
      this.counts.skipped += 1;
      return;
    }
    const save = async () => {
      await new Promise(setImmediate);
      const text = snapshotText(state);
      if (text === undefined) this.counts.unfit += 1;
      else {
        await snapshots.table.save({ stream, decider: nameOf(slice), deciderHash: this.hashOf(slice), version, eventId, state: text });
        this.counts.written += 1;
      }
    };
    this.writing.set(stream, save().catch(() => { this.counts.failed += 1; }).finally(() => this.writing.delete(stream)));
  }

  private hashOf(slice: AnySlice): string {
    const known = this.hashes.get(slice.decider) ?? deciderHashOf(slice.decider, this.options.upcasting);
    this.hashes.set(slice.decider, known);
    return known;
  }
}

const nameOf = ({ decider: { name, version } }: AnySlice): string => `${name}@${version}`;

/**
 * Name and version of the decider, the source text of `initialState` and `evolve`, and all upcasters. It does not see into
 * functions that these call, nor constants that they read: whoever changes those so that states change moves the decider's
 * version, and the first use of a decider's snapshots in a process, which is always checked, finds out who did not.
 */
export const deciderHashOf = ({ name, version, initialState, evolve }: AnySlice['decider'], upcasting: Upcasting): string =>
  createHash('sha256').update([`${name}@${version}`, String(initialState), String(evolve), upcasting.hash].join('\n\n'), 'utf8').digest('hex');

/**
 * The state as JSON; undefined when it would not come back as it was (a Map, a Date, an undefined field, NaN), or is too long.
 * Not in canonical order: a decider may walk over the names of an object in the order in which they came.
 */
export function snapshotText(state: unknown): string | undefined {
  try {
    const text = JSON.stringify(state) as string | undefined;
    return text !== undefined && text.length <= MAX_CHARACTERS && isDeepStrictEqual(JSON.parse(text), state) ? text : undefined;
  } catch {
    return undefined; // a BigInt, or a circle
  }
}

/** The same draw for the same stream at the same version, wherever and whenever it is made. */
function isDrawn(stream: string, version: number, oneIn: number): boolean {
  return createHash('sha256').update(`${stream}@${version}`, 'utf8').digest().readUInt32BE() % oneIn === 0;
}
