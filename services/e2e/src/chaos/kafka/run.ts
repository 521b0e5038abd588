import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from '@touchstone/infra';
import type { KafkaBroker } from '@touchstone/testing/kafka';
import { KAFKA_VERSION, startKafka } from '@touchstone/testing/kafka';
import { Door } from '../door.js';
import { kafkaProtocol } from '../kafka-requests.js';
import { clearUpAfter, machine } from '../surroundings.js';
import { Cluster } from '../store/cluster.js';
import { WorkerPool } from '../worker-process.js';
import { cutLines, deleteTopic, freezeBroker, killBroker, loseLeader } from './broker-faults.js';
import type { KafkaGrounds, KafkaOutcome } from './grounds.js';
import { kafkaOutcomeOf } from './grounds.js';
import { mangle, poison } from './message-faults.js';
import type { Order, Report } from './messages.js';
import type { KafkaFault, KafkaPlan } from './plan.js';
import { kafkaFaults } from './plan.js';
import { plantBugs } from './plant-bugs.js';
import { fightForLease, killEverywhere, stormGroup } from './process-faults.js';
import { replayParked } from './replay-parked.js';

export interface KafkaChaosReport {
  readonly seed: number;
  readonly machine: string;
  readonly kafka: string;
  readonly durationMs: number;
  /** Of the machine over the last minute of the run: others may have been at work. */
  readonly loadAverage: number;
  readonly outcomes: readonly KafkaOutcome[];
}

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));

type Faults = Readonly<Record<KafkaFault, (grounds: KafkaGrounds) => Promise<readonly KafkaOutcome[]>>>;

const allFaults: Faults = {
  'broker-killed': one(killBroker), 'broker-frozen': one(freezeBroker), 'leader-lost': one(loseLeader), cut: one(cutLines), killed: one(killEverywhere), 'two-relays': one(fightForLease),
  rebalanced: one(stormGroup), mangled: one(mangle), poisoned: one(poison), replayed: one(replayParked), 'topic-deleted': one(deleteTopic), planted: plantBugs,
};

function one(fault: (grounds: KafkaGrounds) => Promise<KafkaOutcome>): Faults[KafkaFault] {
  return async (grounds) => {
    const since = performance.now();
    const outcome = await fault(grounds);
    outcome.durationMs = Math.round(performance.now() - since);
    return [outcome];
  };
}

/** Nothing was found but what was planted, and that was; and nothing was left out. */
export const isKafkaAsItShould = ({ outcomes }: Pick<KafkaChaosReport, 'outcomes'>): boolean =>
  outcomes.length > 0 && outcomes.every(({ planted, violations, notRun }) => notRun === undefined && (planted ? planted.found.length > 0 : violations.length === 0));

/** The report; every fault is named as not run, with the reason, where there is no Kafka. */
export async function runKafkaChaos(plan: KafkaPlan, say: (what: string) => void): Promise<KafkaChaosReport> {
  const began = performance.now();
  const reported = (outcomes: readonly KafkaOutcome[]): KafkaChaosReport =>
    ({ seed: plan.seed, machine: machine(), kafka: KAFKA_VERSION, durationMs: Math.round(performance.now() - began), loadAverage: Math.round(loadavg()[0] ?? 0), outcomes });
  const door = await Door.open(kafkaProtocol);
  const found = await startKafka({ doorPort: door.port });
  if ('why' in found) {
    door.close();
    return reported(plan.faults.map((fault) => ({ ...kafkaOutcomeOf(fault, 'not run'), notRun: found.why })));
  }
  door.lead(found.broker.port);
  try {
    return reported(await everyFault(plan, found.broker, door, say));
  } finally {
    await found.broker.remove();
    door.close();
  }
}

async function everyFault(plan: KafkaPlan, broker: KafkaBroker, door: Door, say: (what: string) => void): Promise<KafkaOutcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-chaos-kafka-'));
  chmodSync(folder, 0o755); // as root the server runs as another user, below it
  const guard = clearUpAfter(folder);
  const cluster = await Cluster.start(folder);
  const workers = new WorkerPool<Order, Report>(WORKER, folder, 2);
  const outcomes: KafkaOutcome[] = [];
  try {
    for (const fault of plan.faults) {
      let points = 0;
      const grounds: KafkaGrounds = {
        folder, cluster, broker, door, workers, plan, random: new Random(plan.seed + kafkaFaults.indexOf(fault)),
        progress: (what) => say(`${what}: ${(points += 1)}`), keepEvidence: (name, evidence) => keepEvidence(plan.seed, name, evidence),
      };
      say(`${fault} …`);
      const found = await allFaults[fault](grounds).catch((error: unknown) => [brokenOff(fault, error)]);
      outcomes.push(...found);
      for (const outcome of found) say(asLine(outcome));
    }
    return outcomes;
  } finally {
    await workers.close();
    await cluster.stop();
    guard();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A fault that did not come to its end is no success of it. */
const brokenOff = (fault: KafkaFault, error: unknown): KafkaOutcome =>
  ({ ...kafkaOutcomeOf(fault, 'broken off'), violations: [`${fault}: broken-off: ${error instanceof Error ? error.stack ?? error.message : String(error)}`] });

function asLine({ fault, points, violations, planted, durationMs }: KafkaOutcome): string {
  if (planted) return `${fault} ${planted.bug}: ${planted.found.length > 0 ? 'found' : 'NOT FOUND'}`;
  return `${fault}: ${points} points in ${Math.round(durationMs / 1_000)} s, ${violations.length === 0 ? 'nothing found' : `${violations.length} VIOLATIONS`}`;
}

function keepEvidence(seed: number, name: string, evidence: object): string {
  const path = join(tmpdir(), `touchstone-chaos-kafka-seed-${seed}-${name}.json`);
  writeFileSync(path, JSON.stringify(evidence, (_, value: unknown) => (value instanceof Set ? [...(value as Set<unknown>)] : value)));
  return path;
}
