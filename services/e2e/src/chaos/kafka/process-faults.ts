import { setTimeout as pause } from 'node:timers/promises';
import { lasting } from './broker-faults.js';
import type { KafkaGrounds, KafkaOutcome } from './grounds.js';
import { kafkaOutcomeOf } from './grounds.js';
import type { Worker } from './messages.js';
import type { KillPoint } from './steps.js';
import type { KafkaTrial, Member } from './trial.js';
import { inspecting, pressing } from './trial.js';

const ROUNDS_IN_A_TRIAL = 10;
const REACHED_WITHIN_MS = 10_000;
const BETWEEN = 20;
/** Steps that a process takes when it begins, and seldom afterwards. */
const AT_START: ReadonlySet<string> = new Set(['acquire', 'assigned', 'mark']);

/** SIGKILL of both services at every place of the plan, a few rounds to a trial. */
export async function killEverywhere(grounds: KafkaGrounds): Promise<KafkaOutcome> {
  const outcome = kafkaOutcomeOf('killed', 'SIGKILL of pressing between every two steps of its relay, and at the same time of inspecting between every two steps of its ingest');
  const { relayKills, ingestKills } = grounds.plan;
  const rounds = Math.max(relayKills.length, ingestKills.length);
  for (let from = 0; from < rounds; from += ROUNDS_IN_A_TRIAL) {
    await lasting(grounds, outcome, { name: `killed-${from / ROUNDS_IN_A_TRIAL}`, flawedShare: 0.03 }, async (trial) => {
      for (let round = from; round < Math.min(rounds, from + ROUNDS_IN_A_TRIAL); round += 1) {
        await Promise.all([killAt(trial, outcome, pressing, relayKills[round]), killAt(trial, outcome, inspecting, ingestKills[round])]);
        await trial.flows();
        await trial.stamps(BETWEEN);
        grounds.progress(outcome.fault);
      }
    });
  }
  return outcome;
}

export async function killAt(trial: KafkaTrial, outcome: KafkaOutcome, member: Member, point: KillPoint | undefined): Promise<void> {
  if (!point) return;
  const place = `${point.step} ${point.moment}`;
  let killed = false;
  if (AT_START.has(point.step)) {
    await trial.kill(member);
    if (point.step === 'mark') await trial.pool(member.service).query(`delete from checkpoint where name like 'ingest:%'`); // it reads all topics from their beginning
    await trial.start(member, point, (worker) => sprung(worker).then(async (reached) => {
      killed = reached;
      if (reached) await worker.exited;
      else await new Promise(() => undefined); // it is open, or says that it cannot be
    }));
    if (!killed) killed = await sprung(trial.worker(member)); // e.g. its partitions come when it is open
  } else {
    const springing = sprung(trial.worker(member));
    trial.worker(member).send({ order: 'kill', kill: point });
    killed = await springing;
  }
  if (killed) outcome.reached[place] = (outcome.reached[place] ?? 0) + 1;
  else outcome.missed.push(place);
  outcome.points += 1;
  await trial.kill(member);
  await trial.start(member);
}

export const sprung = (worker: Worker): Promise<boolean> => Promise.race([
  new Promise<boolean>((done) => { worker.onKilling = () => done(true); }), worker.exited.then(() => true), pause(REACHED_WITHIN_MS, false, { ref: false }),
]);

/** Who has the lease is frozen, loses its session, or is killed; the other takes over, and the first one comes back. */
export async function fightForLease(grounds: KafkaGrounds): Promise<KafkaOutcome> {
  const outcome = kafkaOutcomeOf('two-relays', 'two processes of pressing: the session with the lease is ended under who publishes, or he is frozen while it is, or killed; then he comes back');
  const other: Member = { name: 'pressing-2', service: 'pressing' };
  return lasting(grounds, outcome, { name: 'two-relays' }, async (trial) => {
    await trial.start(other);
    for (let fight = 0; fight < grounds.plan.fights; fight += 1) {
      const members = [pressing, other];
      if (fight % 4 === 0) await endLease(grounds, trial);
      else if (fight % 4 === 2) {
        const member = grounds.random.pick(members);
        await trial.kill(member);
        await trial.flows();
        await trial.start(member);
      } else await freezeOne(grounds, trial, members[fight % 2] ?? pressing);
      await trial.stamps(BETWEEN);
      await trial.flows();
      outcome.points += 1;
      grounds.progress(outcome.fault);
    }
  });
}

/** As if the network between it and its database were gone: the other one publishes meanwhile, and what it had in hand comes late. */
async function freezeOne(grounds: KafkaGrounds, trial: KafkaTrial, member: Member): Promise<void> {
  trial.worker(member).freeze();
  try {
    await endLease(grounds, trial);
    await pause(2_000);
  } finally {
    trial.worker(member).thaw();
  }
}

const endLease = ({ cluster }: KafkaGrounds, trial: KafkaTrial): Promise<unknown> =>
  cluster.asOwner([`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'relay ${trial.prefix}pressing%'`]);

/** Members of inspecting's group come and go all the time, in one process and in another that is killed. */
export async function stormGroup(grounds: KafkaGrounds): Promise<KafkaOutcome> {
  const outcome = kafkaOutcomeOf('rebalanced', 'members of a group that join and leave all the time, one of them a process that is killed in between');
  const other: Member = { name: 'inspecting-2', service: 'inspecting' };
  return lasting(grounds, outcome, { name: 'rebalanced' }, async (trial) => {
    const orders = async (member: Member, order: 'join' | 'leave') => void (await trial.worker(member).ask({ order }, 'done', 30_000));
    for (let storm = 0; storm < grounds.plan.storms; storm += 1) {
      if (storm % 3 === 0) await trial.start(other);
      await orders(inspecting, 'join');
      await pause(300 + grounds.random.below(700));
      await orders(storm % 2 === 0 ? inspecting : other, 'join');
      await pause(grounds.random.below(500));
      await orders(inspecting, 'leave');
      await trial.stamps(BETWEEN);
      if (storm % 3 === 2) await trial.kill(other);
      await orders(inspecting, storm % 2 === 0 ? 'leave' : 'join');
      if (storm % 2 !== 0) await orders(inspecting, 'leave');
      outcome.points += 4;
      grounds.progress(outcome.fault);
    }
    await trial.flows();
  });
}
