import type { Append, IngestResult } from '@touchstone/event-store';

/** An event as a client asked for it. `digest` stands for its type, body and metadata, byte for byte. */
export interface AskedEvent {
  readonly id: string;
  readonly digest: string;
}

/** An event at its place in the log. */
export interface LoggedEvent extends AskedEvent {
  readonly seq: number;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
}

/** A command as the log keeps it. */
export interface KeptCommand {
  readonly id: string;
  readonly stream: string;
  readonly seq: number;
  readonly bodyHash: string;
  readonly answer: string;
}

/**
 * What a client was told. `unknown`: the connection broke before the answer, so it may be in the log or not. `refused`: an error
 * that says that nothing was written.
 */
export type AppendOutcome =
  | { readonly status: 'appended'; readonly version: number; readonly seq: number }
  | { readonly status: 'repeated'; readonly command: KeptCommand }
  | { readonly status: 'conflict'; readonly version: number }
  | { readonly status: 'claimed'; readonly claim: string }
  | { readonly status: 'unknown' | 'refused'; readonly reason: string };

export type IngestOutcome =
  | { readonly status: 'ingested'; readonly results: readonly IngestResult[] }
  | { readonly status: 'unknown' | 'refused'; readonly reason: string };

interface Asked {
  /** Names the operation in violations. */
  readonly id: number;
  /** A moment; moments of one history are comparable, and two are equal only when their order is not known. */
  readonly begunAt: number;
  /** Missing when the client was never answered. */
  readonly answeredAt?: number;
}

export interface AppendOperation extends Asked, Pick<Append, 'stream' | 'expectedVersion' | 'guard' | 'claims'> {
  readonly kind: 'append';
  readonly events: readonly AskedEvent[];
  readonly command: Pick<KeptCommand, 'id' | 'bodyHash' | 'answer'>;
  readonly outcome: AppendOutcome;
}

export interface IngestOperation extends Asked {
  readonly kind: 'ingest';
  readonly events: readonly (AskedEvent & { readonly stream: string })[];
  readonly outcome: IngestOutcome;
}

/** A page of the log, read while others wrote. */
export interface ReadOperation extends Asked {
  readonly kind: 'read';
  readonly after: number;
  readonly limit: number;
  readonly events: readonly LoggedEvent[];
}

export type Operation = AppendOperation | IngestOperation | ReadOperation;

/**
 * `at-least-once`: after a restart from its last saved checkpoint a subscriber sees again what came after it, and nothing else
 * twice. `exactly-once`: what it keeps is saved together with its checkpoint, so that nothing comes twice, restarts included.
 */
export type Guarantee = 'at-least-once' | 'exactly-once';

export type SubscriberStep =
  /** Begins, or begins again, with what comes after this seq. */
  | { readonly kind: 'started'; readonly at: number; readonly after: number }
  | { readonly kind: 'delivered'; readonly at: number; readonly seq: number; readonly eventId: string }
  /** Has read up to this seq, and was given whatever it wants up to there. For who wants some types only. */
  | { readonly kind: 'read'; readonly at: number; readonly seq: number }
  /** Saved; or, when not `known`, the connection broke before the answer, so that it may be saved or not. */
  | { readonly kind: 'checkpoint'; readonly at: number; readonly seq: number; readonly known: boolean };

export interface Subscription {
  readonly guarantee: Guarantee;
  /** Types that it wants; all, when left out. */
  readonly wants?: readonly string[];
  /** How many events its saved checkpoint may lie behind what it has read; any number, when left out. */
  readonly mostBehind?: number;
  /** Acts outside the database: what it has seen must be there for ever, whatever crashes. */
  readonly actsOutside?: boolean;
}

export interface Subscriber extends Subscription {
  readonly name: string;
  readonly steps: readonly SubscriberStep[];
  /** It was given the time to come to the end of the log. */
  readonly drained: boolean;
}

/** All that clients were told and readers saw, and what is stored at the end. Plain JSON. */
export interface History {
  /** The head when recording began: what stands up to it was asked for by nobody here. */
  readonly before: number;
  readonly operations: readonly Operation[];
  readonly subscribers: readonly Subscriber[];
  /** When the server was killed: what was read but not yet on disk may be gone. */
  readonly crashes: readonly number[];
  /** The whole log at the end, as it was read. */
  readonly stored: readonly LoggedEvent[];
  /** What the log keeps at the end of the commands that were asked for. */
  readonly commands: readonly KeptCommand[];
}

export type ViolationKind =
  // the log at the end
  | 'seq-gap' | 'version-gap' | 'event-stored-twice' | 'half-stored' | 'stored-unasked' | 'bytes-changed'
  // what clients were told
  | 'acknowledged-lost' | 'acknowledged-elsewhere' | 'refused-but-stored' | 'taken-in-twice' | 'answer-unfounded'
  // optimistic concurrency
  | 'expected-version-ignored' | 'guard-ignored' | 'same-version-twice' | 'claim-given-twice' | 'order-against-time' | 'conflict-unfounded'
  // commands
  | 'command-done-twice' | 'answered-otherwise'
  // what readers saw
  | 'seq-changed' | 'read-gap' | 'read-behind'
  | 'skipped' | 'delivered-unwanted' | 'delivered-out-of-order' | 'delivered-again' | 'not-reached' | 'checkpoint-ahead' | 'checkpoint-behind' | 'restarted-elsewhere';

export interface Violation {
  readonly kind: ViolationKind;
  /** What is wrong, in words. */
  readonly what: string;
  /** Ids of the operations concerned. */
  readonly operations: readonly number[];
  readonly subscriber?: string;
}
