import type { EventMeta, Uuid } from '@touchstone/kernel';
import type { Capability } from './capabilities.js';
import type { Lineage } from './epoch/lineage.js';

/** An event as it lies in the log: body and metadata are the canonical JSON text that is hashed, relayed and proved. */
export interface StoredEvent {
  /** Dense over the log: 1, 2, 3 …; the order of `seq` is the order of commit. */
  readonly seq: number;
  readonly id: Uuid;
  readonly stream: string;
  /** Dense over the stream, from 1. */
  readonly version: number;
  readonly type: string;
  readonly body: string;
  readonly meta: string;
}

export interface NewEvent {
  readonly id: Uuid;
  readonly type: string;
  readonly body: string;
  readonly meta: string;
}

/** One command's outcome, to be written whole or not at all. */
export interface Append {
  readonly stream: string;
  /** The version that was read; `any` only for streams that collect refusals. */
  readonly expectedVersion: number | 'any';
  /** The store's `epoch` when that was read. If it has moved, nothing is written: what was read may be gone. */
  readonly epoch?: number;
  /** May be empty: the command and its answer are recorded all the same. */
  readonly events: readonly NewEvent[];
  readonly command: {
    readonly id: Uuid;
    /** Keyed hash of what was asked, to tell a repetition from another command under the same id. */
    readonly bodyHash: string;
    /** What the caller was told, as canonical JSON. */
    readonly answer: string;
    /** The recorded context: command, actor, facts, policies. Canonical JSON. */
    readonly record: string;
  };
  /** Another stream that must still stand where it was read: a refusal is kept beside the entity, but decided on its state. */
  readonly guard?: { readonly stream: string; readonly version: number };
  /** Names that no other command may have claimed before, e.g. a document number. */
  readonly claims?: readonly string[];
}

export interface StoredCommand {
  readonly id: Uuid;
  readonly stream: string;
  readonly bodyHash: string;
  readonly answer: string;
  readonly record: string;
  /** Where the log stood after the command. */
  readonly seq: number;
}

export type AppendResult =
  | { readonly status: 'appended'; readonly version: number; readonly seq: number }
  | { readonly status: 'repeated'; readonly command: StoredCommand }
  | { readonly status: 'conflict'; readonly version: number }
  | { readonly status: 'claimed'; readonly claim: string };

/** A foreign event. */
export interface ForeignEvent extends NewEvent {
  /** `<service>/<stream>`. */
  readonly stream: string;
  readonly topic: string;
  /** The place in its topic that is noted with the append: all before it is in the log, or parked. Left out, none is noted. */
  readonly offset?: number;
}

/** Told what an append wrote, in order, as far as that is known without reading it. It may be a moment ahead of the disk, as what is read. */
export type AppendListener = (written?: readonly StoredEvent[]) => void;

/** `incident`: the id is in the log with other bytes. Never dropped: the caller parks it. */
export type IngestResult = 'appended' | 'duplicate' | 'incident';

/**
 * The log of one service: its only source of truth. Guards: nothing is answered before it is on disk; a version is never given
 * twice; `seq` is dense, stable and in commit order; a command id is answered once.
 */
export interface EventStore {
  /** Names service, deployment and epoch; part of every event id and position. */
  readonly logId: string;
  /** What this log can do; who needs more is refused. See `requireCapabilities`. */
  readonly capabilities: ReadonlySet<Capability>;
  /** The epochs that the log has been through; `logId` is that of the last. */
  readonly lineage: Lineage;
  append(append: Append): Promise<AppendResult>;
  ingest(events: readonly ForeignEvent[]): Promise<readonly IngestResult[]>;
  command(id: Uuid): Promise<StoredCommand | undefined>;
  /** The first of these names that a command of this log has claimed. */
  claimed(names: readonly string[]): Promise<string | undefined>;
  /** In order of version, after `afterVersion`. */
  readStream(stream: string, afterVersion?: number): Promise<readonly StoredEvent[]>;
  /** In order of seq, after `seq`, at most `limit`. A result may be a moment ahead of the disk: see {@link durable}. */
  readAll(seq: number, limit: number): Promise<readonly StoredEvent[]>;
  event(id: Uuid): Promise<StoredEvent | undefined>;
  head(): Promise<number>;
  /** The offset of `topic` up to which this log has taken events in; 0 at first. */
  takenFrom(topic: string): Promise<number>;
  /** Moves when a connection was lost or opened anew: what was read before, and was not on disk, may be gone from the log. */
  readonly epoch: number;
  /**
   * Resolves when all that was read in this epoch (the present one, when left out) is on disk; rejects with
   * {@link AppendOutcomeUnknown} when that cannot be known any more. Whoever acts outside the database waits for it.
   * Of one who has read no further than `seq`, no disk is waited for when that much is known to be there.
   */
  durable(epoch?: number, seq?: number): Promise<void>;
  /** Called after each append of this process. Returns a function that unsubscribes. */
  onAppend(listener: AppendListener): () => void;
  /** Called when `epoch` moves: a version seen before may since belong to another event. */
  onConnectionLost(listener: () => void): () => void;
  close(): Promise<void>;
}

/** The connection broke before the answer came: the append may or may not be in the log. Ask by command id. */
export class AppendOutcomeUnknown extends Error {
  readonly code = 'APPEND_OUTCOME_UNKNOWN';
}

/** More appends are waiting than the store takes. Nothing was written; try again later. */
export class StoreBusy extends Error {
  readonly code = 'STORE_BUSY';
}

/** `seq` of two events that follow each other differ by more than one: the log was damaged, and reading stops. */
export class HoleInLog extends Error {
  readonly code = 'HOLE_IN_LOG';
}

export const metaOf = (event: { meta: string }): EventMeta => JSON.parse(event.meta) as EventMeta;
