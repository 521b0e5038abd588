/**
 * What a bench process and its writer processes say to each other. A writer process holds many writers, as one instance of a
 * service holds many requests: `prepare` opens what they need, `begin` lets them append until the time is over, `end` closes.
 */
export type ContenderName = 'this store' | 'plain inserts' | 'lock over fsync';

export interface Job {
  readonly contender: ContenderName;
  /** Of the application role. */
  readonly url: string;
  readonly writers: number;
}

export type Request = ({ readonly kind: 'prepare' } & Job) | { readonly kind: 'begin'; readonly durationMs: number } | { readonly kind: 'end' };

/** What the writers of one process did. */
export interface Written {
  readonly count: number;
  readonly elapsedMs: number;
  /** One an append, from the call to the answer. */
  readonly latenciesMs: Float64Array;
  /** Processor time of the process, both user and system, ms. */
  readonly processorMs: number;
}

export type Reply = { readonly kind: 'ready' } | ({ readonly kind: 'written' } & Written) | { readonly kind: 'failed'; readonly message: string };
