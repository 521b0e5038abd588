import { lasting } from './broker-faults.js';
import type { KafkaGrounds, KafkaOutcome } from './grounds.js';
import { kafkaOutcomeOf } from './grounds.js';
import { inspecting, pressing } from './trial.js';

const STAMPED = 300;

/** The wrapper around the port sends again, changes places and hands on again, by seed; a process of each service is killed in between. */
export async function mangle(grounds: KafkaGrounds): Promise<KafkaOutcome> {
  const outcome = kafkaOutcomeOf('mangled', 'at the port, by seed: records sent again, streams of a batch in another order, batches handed on again; and a process of each service killed');
  return lasting(grounds, outcome, { name: 'mangled', mangled: true }, async (trial) => {
    for (const member of [pressing, inspecting]) {
      await trial.stamps(STAMPED);
      await trial.kill(member);
      await trial.start(member);
      outcome.points += 1;
      grounds.progress(outcome.fault);
    }
    await trial.stamps(STAMPED);
  });
}

/** What cannot be taken in is put aside with what follows on its stream, also by who comes after a kill; others flow. */
export async function poison(grounds: KafkaGrounds): Promise<KafkaOutcome> {
  const outcome = kafkaOutcomeOf('poisoned', '1 % of the events cannot be taken in: streams park, others flow; the process that takes in is killed twice');
  return lasting(grounds, outcome, { name: 'poisoned', flawedShare: 0.01 }, async (trial) => {
    for (let kill = 0; kill < 2; kill += 1) {
      await trial.stamps(STAMPED);
      await trial.kill(inspecting);
      await trial.start(inspecting);
      await trial.flows();
      outcome.points += 1;
      grounds.progress(outcome.fault);
    }
    await trial.stamps(STAMPED);
  });
}
