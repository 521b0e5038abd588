import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaGrounds, KafkaOutcome } from './grounds.js';
import { kafkaOutcomeOf } from './grounds.js';
import { administer } from './administer.js';
import type { KafkaTrialOptions } from './trial.js';
import { inspecting, KafkaTrial, pressing } from './trial.js';
import { judge } from './verify.js';

const DOWN_MS = 1_000;
const REQUEST_WITHIN_MS = 8_000;
const BEFORE = 60;
const BETWEEN = 30;

/** One trial under load: something goes wrong with it, then it is judged. */
export async function lasting(grounds: KafkaGrounds, outcome: KafkaOutcome, options: Omit<KafkaTrialOptions, 'grounds'>, work: (trial: KafkaTrial) => Promise<void>, prepare?: (trial: KafkaTrial) => Promise<unknown>): Promise<KafkaOutcome> {
  const trial = await KafkaTrial.open({ ...options, grounds }, prepare);
  try {
    await trial.stamps(BEFORE);
    await trial.flows();
    await work(trial);
    await judge(trial, outcome, grounds);
  } finally {
    await trial.drop();
  }
  return outcome;
}

const happened = (grounds: KafkaGrounds, outcome: KafkaOutcome): void => {
  outcome.points += 1;
  grounds.progress(outcome.fault);
};

export async function killBroker(grounds: KafkaGrounds): Promise<KafkaOutcome> {
  const outcome = kafkaOutcomeOf('broker-killed', 'SIGKILL of the broker under load, and a start on the same data; commands are taken meanwhile');
  const { broker, plan, random } = grounds;
  return lasting(grounds, outcome, { name: 'broker-killed' }, async (trial) => {
    for (let count = 0; count < plan.brokerKills; count += 1) {
      await pause(random.below(500));
      await broker.kill();
      await trial.stamps(BETWEEN);
      await pause(DOWN_MS);
      await broker.start();
      await trial.flows();
      await trial.stamps(BETWEEN);
      happened(grounds, outcome);
    }
  });
}

export async function freezeBroker(grounds: KafkaGrounds): Promise<KafkaOutcome> {
  const { freezesMs } = grounds.plan;
  const outcome = kafkaOutcomeOf('broker-frozen', `SIGSTOP of the broker for ${freezesMs.join(' and ')} ms, as a disk that hangs would; then SIGCONT`);
  return lasting(grounds, outcome, { name: 'broker-frozen' }, async (trial) => {
    for (const forMs of freezesMs) {
      grounds.broker.freeze();
      try {
        await pause(forMs);
      } finally {
        grounds.broker.thaw();
      }
      await trial.flows();
      await trial.stamps(BETWEEN);
      happened(grounds, outcome);
    }
  });
}

/** With one node the leader of a partition is lost when its broker is killed while a batch is on its way to it. */
export async function loseLeader(grounds: KafkaGrounds): Promise<KafkaOutcome> {
  const outcome = kafkaOutcomeOf('leader-lost', 'SIGKILL of the broker when it has been given a batch and has not acknowledged it; then a start on the same data');
  const { broker, door, plan, random } = grounds;
  return lasting(grounds, outcome, { name: 'leader-lost' }, async (trial) => {
    for (let count = 0; count < plan.leadersLost; count += 1) {
      const cut = random.pick(['after-request', 'before-answer'] as const);
      const broken = await door.break({ concerns: (request) => request === 'produce', cut, nth: 1 + random.below(5), silentMs: 0 }, REQUEST_WITHIN_MS);
      if (!broken) outcome.missed.push('produce');
      await broker.kill();
      await pause(DOWN_MS);
      await broker.start();
      await trial.flows();
      await trial.stamps(BETWEEN);
      happened(grounds, outcome);
    }
  });
}

export async function cutLines(grounds: KafkaGrounds): Promise<KafkaOutcome> {
  const outcome = kafkaOutcomeOf('cut', 'TCP connection reset before and after the broker had a request, before and in the middle of its answer');
  const { door, plan } = grounds;
  return lasting(grounds, outcome, { name: 'cut' }, async (trial) => {
    for (const { request, cut, nth } of plan.cuts) {
      const broken = await door.break({ concerns: (each) => each === request, cut, nth, silentMs: 0 }, REQUEST_WITHIN_MS);
      if (!broken) {
        outcome.missed.push(`${cut} of ${request}`);
        door.cutAll();
      }
      await trial.flows();
      await trial.stamps(BETWEEN);
      happened(grounds, outcome);
    }
  });
}

/** By mistake, under load. In the second round of each topic both services are killed before it is there again. */
export async function deleteTopic(grounds: KafkaGrounds): Promise<KafkaOutcome> {
  const outcome = kafkaOutcomeOf('topic-deleted', 'the topic of pressing deleted under load, then that of inspecting; each again, and both services killed at once: all is published again from the log');
  return lasting(grounds, outcome, { name: 'topic-deleted', flawedShare: 0.03 }, async (trial) => {
    for (const [kills, service] of [[false, 'pressing'], [false, 'inspecting'], [true, 'pressing'], [true, 'inspecting']] as const) {
      await administer(grounds, (admin) => admin.deleteTopic(trial.topicOf(service)));
      if (kills) await Promise.all([pressing, inspecting].map((member) => trial.kill(member).then(() => trial.start(member))));
      await trial.stamps(2 * BETWEEN);
      await trial.flows();
      happened(grounds, outcome);
    }
  });
}
