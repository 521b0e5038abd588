import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Random } from '@touchstone/infra';
import { asLine, brokenOff, keepEvidence, onOwnCluster } from '../suite.js';
import { machine } from '../surroundings.js';
import type { Grounds, Outcome } from './grounds.js';
import { outcomeOf } from './grounds.js';
import { fillDisk } from './disk-full.js';
import { killEverywhere } from './kills.js';
import { cutLines, slowLines, stallLines } from './line-faults.js';
import { plantBugs } from './planted-bugs.js';
import { exhaustConnections, foreignTransactions, freezeServer, stepClock } from './server-faults.js';
import { manyWriters, unflushedReads } from './writers.js';
import type { Fault, Plan } from './plan.js';
import { faults, pointsOf } from './plan.js';
import type { Order, Report } from './messages.js';

export interface ChaosReport {
  readonly seed: number;
  readonly points: number;
  readonly machine: string;
  readonly postgres: string;
  readonly durationMs: number;
  /** Of the machine over the last minute of the run: others may have been at work. */
  readonly loadAverage: number;
  readonly outcomes: readonly Outcome[];
}

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
const SAY_EVERY_MS = 5_000;

type Faults = Readonly<Record<Fault, (grounds: Grounds) => Promise<readonly Outcome[]>>>;

const allFaults: Faults = {
  kill: one(killEverywhere), 'four-writers': one(manyWriters), 'unflushed-reads': one(unflushedReads), cut: one(cutLines), stall: one(stallLines), slow: one(slowLines),
  'open-transaction': one(foreignTransactions), 'disk-full': one(fillDisk), 'clock-back': one(stepClock), 'pool-exhausted': one(exhaustConnections), frozen: one(freezeServer),
  planted: plantBugs,
};

function one(fault: (grounds: Grounds) => Promise<Outcome>): Faults[Fault] {
  return async (grounds) => [await fault(grounds)];
}

/** Nothing was found but what was planted, and that was. */
export const isAsItShould = ({ outcomes }: Pick<ChaosReport, 'outcomes'>): boolean =>
  outcomes.every(({ planted, violations }) => (planted ? planted.found.length > 0 : violations.length === 0));

export async function runChaos(plan: Plan, { durationMs }: { durationMs: number }, say: (what: string) => void): Promise<ChaosReport> {
  const began = performance.now();
  return onOwnCluster<Order, Report, ChaosReport>({ name: 'touchstone-chaos', worker: WORKER }, async (own) => {
    const outcomes: Outcome[] = [];
    const progress = new Progress(plan, say);
    for (const fault of plan.faults) {
      const grounds: Grounds = {
        ...own, plan, durationMs, random: new Random(plan.seed + faults.indexOf(fault)), progress: progress.reached,
        keepHistory: (name, history) => keepEvidence(`chaos-seed-${plan.seed}-${name}`, history),
      };
      const since = performance.now();
      const found = await allFaults[fault](grounds).catch((error: unknown) => [brokenOff(outcomeOf(fault, 'broken off'), error)]);
      for (const outcome of found) outcome.durationMs = Math.round(performance.now() - since);
      outcomes.push(...found);
      for (const outcome of found) say(asLine(outcome));
    }
    const [version] = await own.cluster.asOwner(['show server_version']);
    const postgres = (version?.rows[0] as { server_version: string }).server_version;
    return { seed: plan.seed, points: plan.kills.length, machine: machine(), postgres, durationMs: Math.round(performance.now() - began), loadAverage: Math.round(loadavg()[0] ?? 0), outcomes };
  });
}

/** Says now and then how far the run has come, and how long it will still take at this pace. */
class Progress {
  private done = 0;
  private readonly began = performance.now();
  private saidAt = 0;

  constructor(private readonly plan: Plan, private readonly say: (what: string) => void) {}

  readonly reached = (fault: string, points = 0): void => {
    this.done += points;
    const now = performance.now();
    if (now - this.saidAt < SAY_EVERY_MS) return;
    this.saidAt = now;
    const all = Math.max(this.done, pointsOf(this.plan));
    const leftS = Math.round(((now - this.began) / this.done) * (all - this.done) / 1_000);
    this.say(`${fault}: ${this.done} of ${all} points, about ${Math.floor(leftS / 60)}:${String(leftS % 60).padStart(2, '0')} left`);
  };
}
