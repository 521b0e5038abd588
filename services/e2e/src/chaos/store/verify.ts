import { join } from 'node:path';
import type { StoredCommand, StoredEvent } from '@touchstone/event-store';
import { openPostgresStore, PostgresSubjectKeys, Runtime } from '@touchstone/event-store';
import { systemClock } from '@touchstone/kernel';
import { Random } from '@touchstone/infra';
import type { History, JournalEntry } from '@touchstone/testing/history';
import { historyOf, HistoryRecorder } from '@touchstone/testing/history';
import { readJournal, sharedMoment } from '../journal-file.js';
import { findings } from './checks.js';
import type { ClientEntry } from './clients.js';
import { Clients } from './clients.js';
import { entryList, EntryRow, mouldList } from './mould-list.js';
import { blockDamaged, FILTERED_TYPES, inspectionDue, moulds, noContracts, releaseRepaired } from './moulds.js';
import { outsideSubscriber } from './subscriber.js';
import type { Trial } from './trial.js';

export interface Verdict {
  readonly acknowledged: number;
  /** Operations that were not answered when the fault came. */
  readonly unknown: number;
  /** Of these, those of which it is known in the end what became of them. */
  readonly resolved: number;
  readonly violations: readonly string[];
  readonly history: History;
}

const SETTLE_MS = 20_000;

/** After the fault: whoever was not answered asks again, all followers come to the end, and then everything is compared. */
export async function verify(trial: Trial): Promise<Verdict> {
  const own: (JournalEntry | ClientEntry)[] = [...trial.crashes];
  const keep = (entry: JournalEntry | ClientEntry) => void own.push(entry);
  const recorder = new HistoryRecorder({ moment: sharedMoment, keep });
  const url = trial.database.directUrl();
  const store = await openPostgresStore({ url });
  const runtime = new Runtime({
    service: 'moulding', url, store: recorder.wrap(store), keys: new PostgresSubjectKeys(store.pool, trial.masterKey), clock: systemClock, contracts: noContracts,
    slices: [moulds], projections: [mouldList, entryList], reactions: [blockDamaged, releaseRepaired], deadlines: [inspectionDue],
  });
  const violations: string[] = [...trial.failures];
  try {
    await runtime.start();
    const resolving = new Clients({
      name: 'resolving', random: new Random(1), commands: runtime.commands, store: runtime.options.store, keep, moment: sharedMoment, now: () => systemClock.now(), onStep: () => undefined,
    });
    resolving.start(0, trial.unanswered());
    const open = await resolving.rest(SETTLE_MS);
    if (open > 0) violations.push(`unanswered: ${open} commands had no answer after the fault`);
    violations.push(...(await settled(runtime)));
    await drain(trial, recorder, runtime);
    await joinLate(recorder, runtime);
    for (const name of ['mould-list', 'entry-list', 'deadlines']) {
      const { equal, liveHash, rebuiltHash } = await runtime.rebuild(name);
      if (!equal) violations.push(`rebuilt-otherwise: ${name} has hash ${liveHash}, rebuilt ${rebuiltHash}`);
    }
    const entryRows = await runtime.query(entryList).find(EntryRow);
    const journals = [...trial.journals.map((path) => readJournal<JournalEntry | ClientEntry>(path)), own];
    const history = await historyOf(journals.map((journal) => journal.filter(isHistory)), store);
    const clients = journals.flatMap((journal) => journal.filter(isOfClient));
    const events = await whole(runtime);
    const commands = await allCommands(runtime);
    violations.push(...findings({ history, events, commands, clients, parked: await runtime.parking.list(), entryRows, logId: store.logId }));
    return { ...told(history, clients), violations, history };
  } finally {
    await runtime.stop();
  }
}

const isHistory = (entry: JournalEntry | ClientEntry): entry is JournalEntry => 'operation' in entry || 'subscriber' in entry || 'crash' in entry;

const isOfClient = (entry: JournalEntry | ClientEntry): entry is ClientEntry => !isHistory(entry);

/** Until every follower stands at the head and no deadline is open, so that nothing is appended any more; who does not, when it takes too long. */
async function settled(runtime: Runtime): Promise<string[]> {
  for (const until = Date.now() + SETTLE_MS; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const head = await runtime.options.store.head();
    const next = await runtime.poller.next();
    const behind = runtime.followers.filter(({ position }) => position !== head);
    if (behind.length === 0 && next === undefined) return [];
    if (Date.now() > until) return [`not-settled: ${behind.map(({ name, position, failure }) => `${name} at ${position} of ${head} ${failure ? String(failure) : ''}`).join('; ')} ${next ?? ''}`];
  }
}

/** Those who act outside the database go on where they kept their checkpoint, to the end of the log. */
async function drain({ folder, options: { roles } }: Trial, recorder: HistoryRecorder, { feed, options: { store } }: Runtime): Promise<void> {
  const head = await store.head();
  for (const name of roles.some(({ follows }) => follows) ? ['outside', 'filtered'] : []) {
    const wants = name === 'filtered' ? FILTERED_TYPES : undefined;
    const subscriber = outsideSubscriber({ name, file: join(folder, `${name}.checkpoint`), feed, store, recorder, onStep: () => undefined, wants });
    subscriber.start();
    await subscriber.reached(head, SETTLE_MS);
    await subscriber.stop();
    subscriber.drained();
  }
}

/** A subscriber that begins when all is over reads all of it. */
async function joinLate(recorder: HistoryRecorder, { options: { store } }: Runtime): Promise<void> {
  const late = recorder.subscriber('late');
  let position = 0;
  late.started(position);
  for (let page = await store.readAll(position, 500); page.length > 0; page = await store.readAll(position, 500)) {
    late.delivered(page);
    position = page.at(-1)?.seq ?? position;
  }
  late.drained();
}

async function whole({ options: { store } }: Runtime): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (let page = await store.readAll(0, 5_000); page.length > 0; page = await store.readAll(events.length, 5_000)) events.push(...page);
  return events;
}

async function allCommands({ options: { store } }: Runtime): Promise<Map<string, StoredCommand>> {
  const { rows } = await store.pool.query<StoredCommand>('select id, stream, seq, body_hash as "bodyHash", answer, record from command');
  return new Map(rows.map((command) => [command.id, command]));
}

function told({ operations, commands }: History, clients: readonly ClientEntry[]): Pick<Verdict, 'acknowledged' | 'unknown' | 'resolved'> {
  const answered = new Set(clients.flatMap((entry) => ('told' in entry ? [entry.told] : [])));
  const appends = operations.filter((operation) => operation.kind === 'append');
  const kept = new Set(commands.map(({ id }) => id));
  const later = new Set(appends.filter(({ outcome }) => outcome.status !== 'unknown' && outcome.status !== 'refused').map(({ command }) => command.id));
  const ingests = operations.filter((operation) => operation.kind === 'ingest');
  const unknown = new Set(appends.filter(({ outcome }) => outcome.status === 'unknown').map(({ command }) => command.id));
  // Kept in the log: done. Asked again and answered otherwise: not done.
  const resolved = [...unknown].filter((id) => kept.has(id) || later.has(id) || answered.has(id));
  return {
    acknowledged: appends.filter(({ outcome }) => outcome.status === 'appended').length + ingests.filter(({ outcome }) => outcome.status === 'ingested').length,
    unknown: unknown.size, resolved: resolved.length,
  };
}
