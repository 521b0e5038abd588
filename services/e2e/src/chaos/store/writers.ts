import { setTimeout as pause } from 'node:timers/promises';
import { sharedMoment } from '../journal-file.js';
import type { Grounds, Outcome } from './grounds.js';
import { outcomeOf } from './grounds.js';
import { decideOnWhatIsGone } from './hesitation.js';
import { kill } from './kill.js';
import { lasting } from './line-faults.js';
import type { Victim } from './messages.js';
import { statementOf } from './steps.js';
import type { Role, Trial } from './trial.js';

const fourWriters: readonly Role[] = [{ name: 'service', follows: true, clients: 4 }, ...[2, 3, 4].map((number) => ({ name: `writer${number}`, follows: false, clients: 4 }))];
const twoServices: readonly Role[] = [{ name: 'service', follows: true, clients: 4 }, { name: 'replica', follows: true, clients: 4 }];

/** Somebody is killed at a moment that nobody chose. */
async function killSomebody({ cluster, random }: Grounds, trial: Trial, victim: Victim): Promise<void> {
  trial.crashes.push({ crash: sharedMoment() });
  if (victim === 'service') {
    const role = random.pick(trial.roles);
    trial.worker(role).kill();
    await trial.worker(role).exited;
    return trial.start(role);
  }
  kill(victim, cluster.postmaster);
  if (victim !== 'backend') await cluster.startAgain(() => trial.crashed());
  trial.crashed();
}

/** Four processes write one log, on the same streams, while they and the server are killed; then two services that both follow it. */
export async function manyWriters(grounds: Grounds): Promise<Outcome> {
  const outcome = outcomeOf('four-writers', 'four writer processes on one log, then two whole services, while they and PostgreSQL are killed at random moments');
  await grounds.cluster.delayBackgroundFlush('10s');
  for (const [name, roles] of [['four-writers', fourWriters], ['two-services', twoServices]] as const) {
    await lasting(grounds, outcome, { name, roles }, async (trial) => {
      for (const victim of ['service', 'server', 'service', 'backend', 'service', 'postmaster'] as const) {
        await pause(grounds.random.below(400));
        await killSomebody(grounds, trial, victim);
        outcome.points += 1;
        grounds.progress('four-writers', 1);
        await trial.goesOn();
      }
    });
  }
  return outcome;
}

const threeWriters: readonly Role[] = fourWriters.slice(0, 3);
const ROUNDS = 4;

/**
 * Flushes are held up, so that readers and deciders see what is not on disk; then all of PostgreSQL is killed, and what they saw is
 * gone. Nobody may have acted on it: a decision that was under way must not be appended on the next server as if nothing had happened.
 */
export async function unflushedReads(grounds: Grounds): Promise<Outcome> {
  const outcome = outcomeOf('unflushed-reads', 'flushes held up, so that what is not on disk is read and decided on; then PostgreSQL or one backend killed, so that it is gone');
  const { cluster, random } = grounds;
  await cluster.delayBackgroundFlush('10s');
  await lasting(grounds, outcome, { name: 'unflushed-reads', hesitating: true, roles: threeWriters }, async (trial) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      cluster.door.holdUp = { concerns: (text) => statementOf(text) === 'flush', byMs: 100 + random.below(200) };
      await pause(150 + random.below(250));
      // With whoever wrote what was seen: he would write it again at once, and nobody could tell.
      const writer = random.pick(trial.roles.filter(({ follows }) => !follows));
      trial.worker(writer).kill();
      await killSomebody(grounds, trial, round % 3 === 2 ? 'backend' : 'server');
      cluster.door.holdUp = undefined;
      await trial.worker(writer).exited;
      await pause(random.below(400));
      await trial.start(writer);
      outcome.points += 1;
      grounds.progress('unflushed-reads', 1);
      await trial.goesOn(2);
    }
  });
  await decideOnWhatIsGone(grounds, outcome);
  return outcome;
}
