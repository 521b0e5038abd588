import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { derivedId, systemClock } from '@touchstone/kernel';
import type { PostgresStore } from '@touchstone/event-store';
import { openPostgresStore, PostgresSubjectKeys, Runtime } from '@touchstone/event-store';
import type { JournalEntry } from '@touchstone/testing/history';
import { HistoryRecorder } from '@touchstone/testing/history';
import { JournalFile, sharedMoment } from '../journal-file.js';
import type { ClientEntry } from './clients.js';
import type { Grounds, Outcome } from './grounds.js';
import { judge } from './grounds.js';
import { kill } from './kill.js';
import type { Victim } from './messages.js';
import type { MouldCommand } from './moulds.js';
import { BlockMould, moulds, noContracts, RegisterMould, ReportDamage, UseMould } from './moulds.js';
import { statementOf } from './steps.js';
import { Trial } from './trial.js';

/** What a decision may rest on that is gone when it is appended. */
const grounds = ['state', 'fact', 'refusal'] as const;
const LOOK_UP_MS = 900;
const HELD_MS = 5_000;

/**
 * One client's append is in the log and not on disk; another reads it and takes its time; PostgreSQL is killed and started again,
 * the append is gone, and a third puts something else in its place. What the second then appends must not rest on what it read.
 */
export async function decideOnWhatIsGone(given: Grounds, outcome: Outcome): Promise<void> {
  for (const victim of ['server', 'postmaster', 'backend'] as const) {
    for (const ground of grounds) {
      const { folder, random, cluster, workers } = given;
      const trial = await Trial.open({ folder, random, cluster, workers, roles: [], name: `gone-${ground}-${victim}` });
      const decided = await decide(given, trial, ground, victim);
      outcome.points += 1;
      const place = `a ${ground} read before its flush, ${victim} killed`;
      outcome.reached[place] = 1;
      if (!decided) trial.failures.push(`unanswered: a decision on a ${ground} never came to an end`);
      given.progress('unflushed-reads', 1);
      await judge(trial, outcome, given);
    }
  }
}

/** What the first appends, and nobody is told; what is decided on it meanwhile; what takes its place. */
function parts(ground: (typeof grounds)[number]): { vanishing: MouldCommand; deciding: MouldCommand; replacing: MouldCommand } {
  const replacing = new ReportDamage('m0', 'replacing');
  const deciding = (mouldId: string, beside: string) => new UseMould(mouldId, 'deciding', 1, beside, 'p1', 'Person 1', LOOK_UP_MS);
  switch (ground) {
    case 'state': return { vanishing: new ReportDamage('m0', 'vanishing'), deciding: deciding('m0', ''), replacing };
    case 'fact': return { vanishing: new ReportDamage('m0', 'vanishing'), deciding: deciding('m1', 'm0'), replacing };
    case 'refusal': return { vanishing: new BlockMould('m0', 'vanishing', 'for a moment'), deciding: deciding('m0', ''), replacing };
  }
}

async function decide({ cluster }: Grounds, trial: Trial, ground: (typeof grounds)[number], victim: Victim): Promise<boolean> {
  const path = join(trial.folder, 'direct.journal');
  const journal = new JournalFile<JournalEntry | ClientEntry>(path);
  trial.journals.push(path);
  const recorder = new HistoryRecorder({ moment: sharedMoment, keep: journal.keep });
  const [first, second, third] = await Promise.all([1, 2, 3].map(() => openClient(trial, recorder)));
  if (!first || !second || !third) throw new Error('unreachable: three were opened');
  const give = async ({ runtime }: typeof first, command: MouldCommand) => {
    const id = derivedId('chaos', trial.options.name, command.entry);
    journal.keep({ asked: id, request: command, at: sharedMoment() });
    const answer = await runtime.commands.handle(moulds, command, { commandId: id, actor: { id: 'operator-1', roles: ['operator'] } });
    journal.keep({ told: id, answer, at: sharedMoment() });
  };
  for (const mouldId of ['m0', 'm1']) await give(first, new RegisterMould(mouldId, `register ${mouldId}`, `serial of ${mouldId}`));
  const { vanishing, deciding, replacing } = parts(ground);
  await give(second, new ReportDamage('m1', 'before')); // every connection is open by now
  const { door } = cluster;
  door.holdUp = { concerns: (text) => statementOf(text) === 'flush', byMs: HELD_MS };
  const head = await third.store.head();
  // Two at once: who appends alone would have his append flushed in the same call.
  const telling = Promise.allSettled([give(first, vanishing), give(first, new ReportDamage('m2', 'beside'))]);
  for (let waited = 0; (await third.store.head()) === head && waited < 200; waited += 1) await pause(5);
  const decided = give(second, deciding).then(() => true, () => true); // an error is an end too: asked again when all is checked
  await pause(LOOK_UP_MS / 3); // it has read, and looks something up
  door.holdUp = undefined;
  kill(victim, cluster.postmaster);
  if (victim === 'backend') trial.crashed();
  else await cluster.startAgain(() => trial.crashed());
  await first.store.close(); // gone with its client: nobody asks again for what it wrote
  await untilDone(() => give(third, replacing));
  const ended = await Promise.race([decided, pause(20_000, false, { ref: false })]);
  await telling;
  trial.crashed();
  await Promise.all([second, third].map(({ store }) => store.close()));
  journal.close();
  return ended;
}

async function untilDone(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      await work();
      return;
    } catch {
      await pause(10); // not there yet
    }
  }
}

async function openClient(trial: Trial, recorder: HistoryRecorder): Promise<{ store: PostgresStore; runtime: Runtime }> {
  const { url } = trial.database;
  const store = await openPostgresStore({ url });
  const runtime = new Runtime({
    service: 'moulding', url, store: recorder.wrap(store), keys: new PostgresSubjectKeys(store.pool, trial.masterKey), clock: systemClock, contracts: noContracts,
    slices: [moulds], projections: [], reactions: [], deadlines: [],
  });
  return { store, runtime };
}
