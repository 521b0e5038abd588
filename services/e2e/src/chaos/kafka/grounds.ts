import type { Random } from '@touchstone/infra';
import type { KafkaBroker } from '@touchstone/testing/kafka';
import type { Door } from '../door.js';
import type { Cluster } from '../store/cluster.js';
import type { PlantedBug, Workers } from './messages.js';
import type { KafkaFault, KafkaPlan } from './plan.js';

/** What every fault works with. */
export interface KafkaGrounds {
  readonly folder: string;
  readonly cluster: Cluster;
  readonly broker: KafkaBroker;
  /** Before the broker: all clients come through it. */
  readonly door: Door;
  readonly workers: Workers;
  readonly random: Random;
  readonly plan: KafkaPlan;
  readonly progress: (what: string) => void;
  /** Keeps the evidence of what is not allowed; the path. */
  readonly keepEvidence: (name: string, evidence: object) => string;
}

/** What became of one fault. */
export interface KafkaOutcome {
  readonly fault: KafkaFault;
  readonly what: string;
  /** Kills, cuts, freezes … that happened. */
  points: number;
  /** Steps that did not come in time: the process was killed all the same. */
  missed: string[];
  /** Kills by step and moment. */
  readonly reached: Record<string, number>;
  trials: number;
  /** Public events that clients were told, or that reactions made. */
  published: number;
  /** Records on the topics beyond one for each event. */
  duplicates: number;
  takenIn: number;
  parked: number;
  violations: string[];
  /** Why it was not run. */
  notRun?: string;
  /** A planted bug must be found: what was found of it. */
  planted?: { readonly bug: PlantedBug; readonly found: readonly string[] };
  durationMs: number;
}

export const kafkaOutcomeOf = (fault: KafkaFault, what: string): KafkaOutcome =>
  ({ fault, what, points: 0, missed: [], reached: {}, trials: 0, published: 0, duplicates: 0, takenIn: 0, parked: 0, violations: [], durationMs: 0 });
