import { withoutDuplicateCheck } from '../store/planted-bugs.js';
import { lasting } from './broker-faults.js';
import type { KafkaGrounds, KafkaOutcome } from './grounds.js';
import { kafkaOutcomeOf } from './grounds.js';
import type { PlantedBug } from './messages.js';
import { killAt } from './process-faults.js';
import type { KillPoint } from './steps.js';
import type { KafkaTrial, Member } from './trial.js';
import { inspecting, pressing } from './trial.js';

interface Plant {
  readonly bug: PlantedBug;
  readonly what: string;
  /** Findings that are its mark; others may come with it. */
  readonly mark: RegExp;
  readonly flawedShare?: number;
  readonly mangled?: boolean;
  readonly kills: readonly (KillPoint & { readonly member: Member })[];
  readonly into?: (grounds: KafkaGrounds, trial: KafkaTrial) => Promise<unknown>;
}

const at = (member: Member, step: KillPoint['step'], moment: KillPoint['moment']) => ({ member, step, moment, nth: 3 });
const STAMPED = 120;

const plants: readonly Plant[] = [
  {
    bug: 'no-duplicate-check', what: 'planted: foreign events are taken in without looking whether they are there', mark: /taken-in-twice/, flawedShare: 0, mangled: true, kills: [],
    into: (grounds, trial) => withoutDuplicateCheck(grounds.cluster, trial.databases.inspecting),
  },
  { bug: 'commits-first', what: 'planted: a consumer notes its place before the append, and begins there again', mark: /never-taken-in|taken-in-out-of-order/, flawedShare: 0, kills: [at(inspecting, 'append', 'before'), at(inspecting, 'append', 'before')] },
  { bug: 'notes-first', what: 'planted: a relay notes how far it is before the acknowledgement', mark: /never-published/, flawedShare: 0, kills: [at(pressing, 'produce', 'before'), at(pressing, 'produce', 'before')] },
  { bug: 'no-order', what: 'planted: a relay that does not wait for one request before the next', mark: /published-out-of-order/, flawedShare: 0, kills: [] },
  { bug: 'skips-what-follows', what: 'planted: a consumer passes over what follows something parked', mark: /vanished/, flawedShare: 0.1, kills: [] },
];

/** Bugs that must be found: else the run is worth nothing. */
export async function plantBugs(grounds: KafkaGrounds): Promise<KafkaOutcome[]> {
  const outcomes: KafkaOutcome[] = [];
  for (const { bug, what, mark, kills, into, ...options } of plants.filter((plant) => grounds.plan.bugs.includes(plant.bug))) {
    const since = performance.now();
    const outcome: KafkaOutcome = { ...kafkaOutcomeOf('planted', what), planted: { bug, found: [] } };
    await lasting(grounds, outcome, { name: `planted-${bug}`, bug, impatient: true, ...options }, async (trial) => {
      for (const { member, ...point } of kills) {
        await killAt(trial, outcome, member, point);
        await trial.stamps(STAMPED / 2);
      }
      await trial.stamps(STAMPED);
      grounds.progress(outcome.fault);
    }, into && ((trial) => into(grounds, trial)));
    outcomes.push({ ...outcome, planted: { bug, found: outcome.violations.filter((found) => mark.test(found)) }, durationMs: Math.round(performance.now() - since) });
  }
  return outcomes;
}
