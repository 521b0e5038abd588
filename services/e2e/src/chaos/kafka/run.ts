import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Random } from '@touchstone/infra';
import type { KafkaBroker } from '@touchstone/testing/kafka';
import { KAFKA_VERSION, startKafka } from '@touchstone/testing/kafka';
import { Door } from '../door.js';
import { kafkaProtocol } from '../kafka-requests.js';
import { asLine, brokenOff, keepEvidence, onOwnCluster } from '../suite.js';
import { machine } from '../surroundings.js';
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

const everyFault = (plan: KafkaPlan, broker: KafkaBroker, door: Door, say: (what: string) => void): Promise<KafkaOutcome[]> =>
  onOwnCluster<Order, Report, KafkaOutcome[]>({ name: 'touchstone-chaos-kafka', worker: WORKER }, async (own) => {
    const outcomes: KafkaOutcome[] = [];
    for (const fault of plan.faults) {
      let points = 0;
      const grounds: KafkaGrounds = {
        ...own, broker, door, plan, random: new Random(plan.seed + kafkaFaults.indexOf(fault)),
        progress: (what) => say(`${what}: ${(points += 1)}`), keepEvidence: (name, evidence) => keepEvidence(`chaos-kafka-seed-${plan.seed}-${name}`, evidence),
      };
      say(`${fault} …`);
      const found = await allFaults[fault](grounds).catch((error: unknown) => [brokenOff(kafkaOutcomeOf(fault, 'broken off'), error)]);
      outcomes.push(...found);
      for (const outcome of found) say(asLine(outcome));
    }
    return outcomes;
  });
