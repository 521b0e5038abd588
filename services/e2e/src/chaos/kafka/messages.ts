import type { ParkedTarget } from '@touchstone/event-store';
import type { WorkerPool, WorkerProcess } from '../worker-process.js';
import type { Service } from './presses.js';
import type { KillPoint } from './steps.js';

export const plantedBugs = ['no-duplicate-check', 'commits-first', 'notes-first', 'no-order', 'skips-what-follows'] as const;
export type PlantedBug = (typeof plantedBugs)[number];

/** So many are stamped on side by side, each for about so many parts: a flawed one stops the stream of its press and not all. */
export interface Presses {
  readonly atOnce: number;
  readonly parts: number;
}

export interface Decision {
  readonly decision: 'replayed' | 'discarded';
  readonly target: ParkedTarget;
}

export interface OpenService {
  readonly service: Service;
  readonly url: string;
  readonly masterKey: string;
  readonly brokers: readonly string[];
  /** Before the name of each topic and group: a trial has its own. */
  readonly prefix: string;
  /** Journals. */
  readonly folder: string;
  /** Of this process; unique in the trial. */
  readonly name: string;
  readonly seed: number;
  readonly clients: number;
  /** Of all parts. */
  readonly flawedShare: number;
  readonly presses: Presses;
  /** A newer release, which knows flawed parts. */
  readonly newer: boolean;
  readonly sessionTimeoutMs: number;
  /** Records are sent again and streams change places before the broker has them; batches come again after. */
  readonly mangled: boolean;
  readonly bug?: PlantedBug;
}

/** What a worker is told to do. */
export type Order =
  | { readonly order: 'open'; readonly open: OpenService; readonly kill?: KillPoint }
  | { readonly order: 'kill'; readonly kill?: KillPoint }
  /** Another member of the group, in the same process; it leaves again in the order in which they came. */
  | { readonly order: 'join' | 'leave' }
  | { readonly order: 'rest'; readonly withinMs: number }
  | { readonly order: 'settle'; readonly withinMs: number }
  | { readonly order: 'decide'; readonly decide: Decision; readonly kill?: KillPoint }
  | { readonly order: 'close' };

/** What a worker says. */
export type Report =
  | { readonly report: 'loaded' | 'opened' | 'closed' | 'done' | 'killing' }
  | { readonly report: 'failed'; readonly error: string; readonly lost: boolean }
  | { readonly report: 'rested'; readonly unanswered: number }
  | { readonly report: 'settled'; readonly behind: readonly string[] }
  /** `left` of its stream; when nothing of it is parked any more, nothing is. */
  | { readonly report: 'decided'; readonly left: number }
  | { readonly report: 'answered'; readonly count: number };

export type Worker = WorkerProcess<Order, Report>;
export type Workers = WorkerPool<Order, Report>;
