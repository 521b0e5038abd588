/**
 * A process that the store is used from, to be killed: a service with its read models, reactions, deadlines and subscribers, or
 * one that only writes; with the clients of both. It guards what clients were told: kept in a file before anything follows from it.
 */
import { join } from 'node:path';
import type { PostgresStore } from '@touchstone/event-store';
import { isDatabaseLost, openPostgresStore, PostgresSubjectKeys, Runtime } from '@touchstone/event-store';
import { Random } from '@touchstone/infra';
import type { JournalEntry } from '@touchstone/testing/history';
import { HistoryRecorder } from '@touchstone/testing/history';
import { JournalFile, sharedMoment } from '../journal-file.js';
import type { ClientEntry } from './clients.js';
import { Clients } from './clients.js';
import { kill, Trap } from './kill.js';
import type { OpenLog, Order, Report } from './messages.js';
import { entryList, mouldList } from './mould-list.js';
import { blockDamaged, FILTERED_TYPES, inspectionDue, moulds, noContracts, releaseRepaired } from './moulds.js';
import { watchSteps } from './steps.js';
import { outsideSubscriber } from './subscriber.js';

const SERVICE = 'moulding';
const tell = (report: Report): void => void process.send?.(report);

/** The machine's clock, moved by so much. */
const clock = { simulated: false, movedByMs: 0, now: () => new Date(Date.now() + clock.movedByMs).toISOString() };

let postmaster = 0;
const trap = new Trap((point) => {
  tell({ report: 'killing', kill: point, at: sharedMoment() });
  if (point.victim !== 'service') return kill(point.victim, postmaster);
  kill('service', postmaster);
  for (;;); // until the signal comes
});
watchSteps(trap.onStep);

interface AtWork {
  readonly runtime: Runtime;
  readonly clients: Clients;
  readonly subscribers: readonly ReturnType<typeof outsideSubscriber>[];
  readonly wrapped: PostgresStore;
  readonly journal: JournalFile<JournalEntry | ClientEntry>;
  readonly log: OpenLog;
}

async function open(log: OpenLog): Promise<AtWork> {
  const { name, folder, url, seed, follows, bug } = log;
  const journal = new JournalFile<JournalEntry | ClientEntry>(join(folder, `${name}.journal`));
  const recorder = new HistoryRecorder({ moment: sharedMoment, keep: journal.keep });
  const store = await openPostgresStore({ url, statementTimeoutMs: log.statementTimeoutMs });
  const wrapped = recorder.wrap(store);
  const keys = new PostgresSubjectKeys(store.pool, Buffer.from(log.masterKey, 'hex'));
  const runtime = new Runtime({
    service: SERVICE, url, store: wrapped, keys, clock, contracts: noContracts, slices: [moulds],
    projections: [mouldList, entryList], reactions: [blockDamaged, releaseRepaired], deadlines: [inspectionDue],
  });
  if (follows) await runtime.start();
  const subscriber = (of: string, wants?: readonly string[]) => outsideSubscriber({
    name: of, file: join(folder, `${of}.checkpoint`), feed: runtime.feed, store, recorder, onStep: trap.onStep, wants, ahead: bug === 'checkpoint-ahead',
  });
  const subscribers = log.subscribes ? [subscriber('outside'), subscriber('filtered', FILTERED_TYPES)] : [];
  for (const each of subscribers) each.start();
  const clients = new Clients({
    name, random: new Random(seed), commands: runtime.commands, store: wrapped, keep: journal.keep, moment: sharedMoment, now: () => clock.now(), onStep: trap.onStep, hesitating: log.hesitating,
  });
  clients.start(log.clients, log.again);
  return { runtime, clients, subscribers, wrapped, journal, log };
}

/** Who has not come to the end of the log in time, and why. */
async function settle({ runtime, subscribers, wrapped, log }: AtWork, withinMs: number): Promise<string[]> {
  await runtime.poller.stop(); // what is due from now on, whoever verifies sends
  const followers = [...(log.follows ? runtime.followers : []), ...subscribers];
  const until = Date.now() + withinMs;
  for (;;) {
    const head = await wrapped.head().catch(() => Infinity);
    const behind = followers.filter(({ position }) => position !== head);
    if (behind.length === 0) break;
    if (Date.now() > until) return behind.map(({ name, position, failure }) => `${name} stands at ${position} of ${head}${failure ? `: ${String(failure)}` : ''}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return [];
}

let work: AtWork | undefined;

async function obey(order: Order): Promise<void> {
  if (order.order === 'open') {
    postmaster = order.postmaster;
    trap.arm(order.kill);
    work = await open(order.log);
    return tell({ report: 'opened' });
  }
  if (order.order === 'kill') {
    postmaster = order.postmaster;
    return trap.arm(order.kill);
  }
  if (!work) throw new Error('no log is open');
  switch (order.order) {
    case 'rest': return tell({ report: 'rested', unanswered: await work.clients.rest(order.withinMs) });
    case 'settle': return tell({ report: 'settled', behind: await settle(work, order.withinMs) });
    case 'move-clock': clock.movedByMs += order.byMs; return tell({ report: 'done' });
    case 'hold-pool': return holdPool(work.wrapped, order.forMs);
    case 'close': {
      trap.arm(undefined);
      await Promise.all(work.subscribers.map((each) => each.stop()));
      await work.runtime.stop();
      work.journal.close();
      return tell({ report: 'closed' });
    }
  }
}

/** All connections of the pool are at work with something else. */
async function holdPool({ pool }: PostgresStore, forMs: number): Promise<void> {
  await Promise.all(Array.from({ length: pool.options.max ?? 10 }, () => pool.query('select pg_sleep($1)', [forMs / 1_000])));
  tell({ report: 'done' });
}

process.on('message', (order: Order) => {
  obey(order).catch((error: unknown) => tell({ report: 'failed', error: error instanceof Error ? error.stack ?? error.message : String(error), lost: isDatabaseLost(error) }));
});
process.on('disconnect', () => process.exit(1)); // whoever gave the orders is gone
setInterval(() => tell({ report: 'answered', count: work?.clients.answered ?? 0 }), 25).unref();
tell({ report: 'loaded' });
