import type { WorkerPool, WorkerProcess } from '../worker-process.js';
import type { Asked } from './clients.js';
import type { Moment, Step } from './steps.js';

/** Whom a kill point kills: the service's own process; the postmaster; all processes of the server at once; one backend of it. */
export const victims = ['service', 'postmaster', 'server', 'backend'] as const;
export type Victim = (typeof victims)[number];

/** Where to kill: at the `nth` time from now on that the step comes to this moment, so long after it. */
export interface KillPoint {
  readonly step: Step;
  readonly moment: Moment;
  readonly nth: number;
  readonly delayMicroseconds: number;
  readonly victim: Victim;
}

export const planted = ['no-flush', 'checkpoint-ahead', 'no-duplicate-check'] as const;
export type PlantedBug = (typeof planted)[number];

export interface OpenLog {
  readonly url: string;
  readonly masterKey: string;
  /** Journals and checkpoints. */
  readonly folder: string;
  /** Of this process; unique in the trial. */
  readonly name: string;
  readonly seed: number;
  readonly clients: number;
  /** Follows the log: read models, reactions, deadlines. */
  readonly follows: boolean;
  /** Has subscribers that act outside the database. One process of a log. */
  readonly subscribes: boolean;
  readonly statementTimeoutMs: number;
  readonly bug?: PlantedBug;
  /** Deciders look something up that takes long, so that the world changes between what they read and what they append. */
  readonly hesitating: boolean;
  /** What the process before it was asked, and did not answer. */
  readonly again: readonly Asked[];
}

/** What a worker is told to do. */
export type Order =
  | { readonly order: 'open'; readonly log: OpenLog; readonly kill?: KillPoint; readonly postmaster: number }
  | { readonly order: 'kill'; readonly kill?: KillPoint; readonly postmaster: number }
  | { readonly order: 'rest'; readonly withinMs: number }
  | { readonly order: 'settle'; readonly withinMs: number }
  | { readonly order: 'move-clock'; readonly byMs: number }
  | { readonly order: 'hold-pool'; readonly forMs: number }
  | { readonly order: 'close' };

/** What a worker says. */
export type Report =
  | { readonly report: 'loaded' | 'opened' | 'closed' | 'done' }
  /** `lost`: because the database could not be reached; another time it may go. */
  | { readonly report: 'failed'; readonly error: string; readonly lost: boolean }
  /** Its kill point was reached; the victim is killed next. */
  | { readonly report: 'killing'; readonly kill: KillPoint; readonly at: number }
  | { readonly report: 'rested'; readonly unanswered: number }
  | { readonly report: 'settled'; readonly behind: readonly string[] }
  | { readonly report: 'answered'; readonly count: number };

export type Worker = WorkerProcess<Order, Report>;
export type Workers = WorkerPool<Order, Report>;
