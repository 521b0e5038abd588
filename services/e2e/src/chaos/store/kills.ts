import { setTimeout as pause } from 'node:timers/promises';
import { sharedMoment } from '../journal-file.js';
import type { Grounds, Outcome } from './grounds.js';
import { judge, outcomeOf } from './grounds.js';
import { kill } from './kill.js';
import type { KillPoint, Worker } from './messages.js';
import { betweenSteps, PLACES } from './plan.js';
import type { Step } from './steps.js';
import type { Role, TrialOptions } from './trial.js';
import { serviceAndWriter, Trial } from './trial.js';

const POINTS_IN_A_TRIAL = 16;
const REACHED_WITHIN_MS = 4_000;
/** Steps that only a process takes that follows the log. */
const OF_FOLLOWERS: ReadonlySet<Step> = new Set<Step>(['take-turn', 'read-all', 'load-rows', 'write-rows', 'write-checkpoint', 'ask-rows', 'read-deadlines', 'note-sent', 'find-position', 'keep-checkpoint']);
/** Steps that a process takes when it begins. */
const AT_START: ReadonlySet<Step> = new Set<Step>(['open-log', 'connect', 'take-turn', 'find-position']);

/** SIGKILL at every place of the plan, a few to a log. */
export async function killEverywhere(grounds: Grounds): Promise<Outcome> {
  const outcome = outcomeOf('kill', 'SIGKILL of the service, the postmaster, all processes of PostgreSQL, one backend; between every two steps');
  const { kills } = grounds.plan;
  for (let from = 0; from < kills.length; from += POINTS_IN_A_TRIAL) {
    const number = from / POINTS_IN_A_TRIAL;
    await grounds.cluster.delayBackgroundFlush(number % 2 === 0 ? '10s' : '200ms');
    await killTrial(grounds, outcome, { name: `kill-${number}`, roles: serviceAndWriter }, kills.slice(from, from + POINTS_IN_A_TRIAL));
  }
  if (kills.length >= PLACES) {
    const missing = betweenSteps.map(({ step, moment }) => `${step} ${moment}`).filter((place) => !(place in outcome.reached));
    if (missing.length > 0) outcome.violations.push(`kill: not-covered: nobody was killed at ${missing.join(', ')}`);
  }
  return outcome;
}

/** Points on one log, one after the other, each when those at work have recovered from the one before. */
export async function killTrial(grounds: Grounds, outcome: Outcome, options: Pick<TrialOptions, 'name' | 'roles' | 'bug'>, points: readonly KillPoint[], prepare?: Parameters<typeof Trial.open>[1]): Promise<void> {
  const trial = await Trial.open({ ...options, folder: grounds.folder, random: grounds.random, cluster: grounds.cluster, workers: grounds.workers }, prepare);
  try {
    await trial.goesOn(20);
    for (const point of points) {
      await killAt(grounds, trial, outcome, point);
      await trial.goesOn();
      grounds.progress(outcome.fault, 1);
    }
    await judge(trial, outcome, grounds);
  } finally {
    trial.endNow();
  }
}

async function killAt(grounds: Grounds, trial: Trial, outcome: Outcome, point: KillPoint): Promise<void> {
  const { cluster, random } = grounds;
  const following = trial.roles.filter(({ follows }) => follows);
  const role = random.pick(OF_FOLLOWERS.has(point.step) ? following : trial.roles);
  const killed = AT_START.has(point.step) ? await killAtStart(trial, role, point) : await killAtWork(grounds, trial, role, point);
  const place = `${point.step} ${point.moment}`;
  if (killed) outcome.reached[place] = (outcome.reached[place] ?? 0) + 1;
  else {
    outcome.missed.push(`${place} (${point.victim})`);
    if (point.victim === 'service') trial.worker(role).kill();
    else kill(point.victim, cluster.postmaster);
  }
  outcome.points += 1;
  trial.crashes.push({ crash: sharedMoment() });
  if (point.victim === 'service') {
    await trial.worker(role).exited;
    await trial.start(role);
    return;
  }
  if (point.victim !== 'backend') await cluster.startAgain(() => trial.crashed());
  trial.crashed();
  for (const worker of trial.workers) worker.send({ order: 'kill', postmaster: cluster.postmaster });
  if (killed === 'opening') { // a service that cannot open its log at the start gives up, and whoever runs it starts it again
    trial.worker(role).kill();
    await trial.worker(role).exited;
    await trial.start(role);
  }
}

async function killAtWork({ cluster }: Grounds, trial: Trial, role: Role, point: KillPoint): Promise<'at work' | undefined> {
  const worker = trial.worker(role);
  const killing = sprung(worker);
  worker.send({ order: 'kill', kill: point, postmaster: cluster.postmaster });
  if (point.step === 'find-command') cluster.door.cutAll(); // asked for only when an answer was lost
  const killed = await killing;
  if (!killed) worker.send({ order: 'kill', postmaster: cluster.postmaster });
  return killed ? 'at work' : undefined;
}

async function killAtStart(trial: Trial, role: Role, point: KillPoint): Promise<'opening' | undefined> {
  trial.worker(role).kill();
  await trial.worker(role).exited;
  let killing: Promise<boolean> = Promise.resolve(false);
  await trial.start(role, point, (worker) => (killing = sprung(worker)));
  return (await killing) ? 'opening' : undefined;
}

const sprung = (worker: Worker): Promise<boolean> => Promise.race([
  new Promise<boolean>((done) => { worker.onKilling = () => done(true); }),
  pause(REACHED_WITHIN_MS, false, { ref: false }),
]);
