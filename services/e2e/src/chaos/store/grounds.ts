import type { Random } from '@touchstone/infra';
import type { Cluster } from './cluster.js';
import type { Fault, Plan } from './plan.js';
import type { Trial } from './trial.js';
import { verify } from './verify.js';
import type { PlantedBug, Workers } from './messages.js';

/** What every fault works with. */
export interface Grounds {
  readonly folder: string;
  readonly cluster: Cluster;
  readonly workers: Workers;
  readonly random: Random;
  readonly plan: Plan;
  /** How long faults that last, last. */
  readonly durationMs: number;
  readonly progress: (what: string, points?: number) => void;
  /** Keeps a history that is not allowed; the path. */
  readonly keepHistory: (name: string, history: object) => string;
}

/** What became of one fault. */
export interface Outcome {
  readonly fault: Fault;
  readonly what: string;
  /** Kills, cuts, stalls … that happened. */
  points: number;
  /** Steps that did not come in time: something was killed all the same. */
  missed: string[];
  /** Kills by step and moment. */
  readonly reached: Record<string, number>;
  trials: number;
  acknowledged: number;
  unknown: number;
  resolved: number;
  violations: string[];
  /** Why it was not run. */
  notRun?: string;
  /** A planted bug must be found: what was found of it. */
  planted?: { readonly bug: PlantedBug; readonly found: readonly string[] };
  durationMs: number;
}

export const outcomeOf = (fault: Fault, what: string): Outcome =>
  ({ fault, what, points: 0, missed: [], reached: {}, trials: 0, acknowledged: 0, unknown: 0, resolved: 0, violations: [], durationMs: 0 });

/** Ends a trial and adds what was found to the outcome of its fault. */
export async function judge(trial: Trial, outcome: Outcome, { keepHistory, cluster }: Grounds): Promise<void> {
  await trial.end();
  const { acknowledged, unknown, resolved, violations, history } = await verify(trial);
  outcome.trials += 1;
  outcome.acknowledged += acknowledged;
  outcome.unknown += unknown;
  outcome.resolved += resolved;
  const name = trial.options.name;
  if (violations.length > 0) {
    const path = outcome.planted ? '' : ` [${keepHistory(name, { violations, history })}]`;
    outcome.violations.push(...violations.map((what) => `${name}: ${what}${path}`));
  }
  await cluster.dropLog(trial.database.name);
}
