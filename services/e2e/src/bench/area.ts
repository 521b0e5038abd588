import type { BenchServer } from './database.js';
import type { Contest } from './measure.js';
import type { BenchOptions } from './options.js';

/** The contests of an area, with what they run on; closed when they are over. */
export interface OpenedArea {
  readonly contests: readonly Contest[];
  /** What was left out and why, and what else a reader of the figures must know. */
  readonly notes?: readonly string[];
  close(): Promise<void>;
}

export type OpenArea = (server: BenchServer, options: Pick<BenchOptions, 'durationMs' | 'events' | 'large'>) => Promise<OpenedArea>;
