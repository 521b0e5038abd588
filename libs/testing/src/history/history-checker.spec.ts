import type { Append, EventStore, PostgresStore } from '@touchstone/event-store';
import { AppendOutcomeUnknown, MemoryStore, migrate, openPostgresStore, pause } from '@touchstone/event-store';
import type { TemporaryPostgres } from '../database.js';
import { startTemporaryPostgres, testDatabase } from '../database.js';
import { newAppend } from '../store-checks.js';
import type { History, Operation } from './history-checker.js';
import { checkHistory, HistoryRecorder, kindsOf } from './history-checker.js';
import { acceptingGaps, byNumber, byTransaction, openGate, openSequenceStore, reconnectingInSilence, withoutDuplicateCheck, withoutFlush, withoutLuck } from './planted-bugs.spec-kit.js';
import type { ReaderOptions, Workload } from './workload.spec-kit.js';
import { RecordedReader, runWorkload } from './workload.spec-kit.js';

const database = testDatabase();

/** Clients write, a reader follows them live and is restarted meanwhile; another reads all of it when they are done. */
async function underLoad(store: EventStore, workload: Workload, read?: ReaderOptions['read'], more: Omit<ReaderOptions, 'read'> = {}): Promise<History> {
  const recorder = new HistoryRecorder();
  const recorded = recorder.wrap(store);
  const reading = read ?? ((seq: number) => recorded.readAll(seq, 5));
  const live = new RecordedReader(recorder, 'live', { ...more, read: reading });
  let done = false;
  const writing = runWorkload(recorded, workload).finally(() => { done = true; });
  while (!done) {
    await pause(10);
    await live.restart();
  }
  await writing;
  await live.drain();
  await new RecordedReader(recorder, 'afterwards', { ...more, read: reading }).drain();
  return recorder.finish(store);
}

const found = (history: History) => kindsOf(checkHistory(history));
/** Words first, so that a failure tells what was wrong. */
const nothingFound = (history: History) => expect(checkHistory(history).map(({ kind, what }) => `${kind}: ${what}`)).toEqual([]);
const seen = (history: History, name: string) => new Set(checkHistory(history).filter(({ subscriber }) => subscriber === name).map(({ kind }) => kind));

function toldBy(operation: Operation): readonly string[] {
  if (operation.kind === 'append') return [operation.outcome.status];
  return operation.kind === 'ingest' && operation.outcome.status === 'ingested' ? operation.outcome.results : [];
}

describe('a store without a bug', () => {
  it.each([1, 2, 3])('has nothing found against it: PostgreSQL, seed %i', async (seed) => {
    const history = await underLoad((await database.fresh()).store, { seed, claims: true });
    nothingFound(history);
    expect([...new Set(history.operations.flatMap(toldBy))].toSorted()).toEqual(['appended', 'claimed', 'conflict', 'duplicate', 'incident', 'repeated']);
    expect(history.subscribers[0]?.steps.filter(({ kind }) => kind === 'started').length).toBeGreaterThan(1);
  });
  it.each([1, 2, 3])('has nothing found against it: memory, seed %i', async (seed) => {
    nothingFound(await underLoad(new MemoryStore(), { seed, claims: true }));
  });
  it('has nothing found against it by two processes on one log', async () => {
    const { store, url } = await database.fresh();
    const other = await openPostgresStore({ url });
    const recorder = new HistoryRecorder();
    await Promise.all([store, other].map((each, index) => runWorkload(recorder.wrap(each), { seed: 10 + index, claims: true })));
    nothingFound(await recorder.finish(store));
    await other.close();
  });
});

describe('the checker finds', () => {
  it('what a reader skips that goes by a bare insert sequence', async () => {
    const fresh = await database.fresh();
    const store = await openSequenceStore(fresh, 4);
    const history = await underLoad(store, { seed: 4, most: 1 }, byNumber(fresh.store.pool)).finally(() => store.close());
    expect(found(history)).toEqual(['skipped']);
    expect([...seen(history, 'afterwards')]).toEqual([]); // only who reads live misses them
    nothingFound(await underLoad((await database.fresh()).store, { seed: 4, most: 1 }));
  });
  it('what a reader by (transaction, position) loses that keeps the position only, also of a finished log', async () => {
    const fresh = await database.fresh();
    const store = await openSequenceStore(fresh, 5);
    const history = await underLoad(store, { seed: 5, most: 1 }, byTransaction(fresh.store.pool)).finally(() => store.close());
    expect(found(history)).toEqual(['delivered-again', 'delivered-out-of-order', 'skipped']);
    expect([...seen(history, 'afterwards')].toSorted()).toEqual(['delivered-again', 'delivered-out-of-order', 'skipped']);
    nothingFound(await underLoad((await database.fresh()).store, { seed: 5, most: 1 }));
  });
  it('an ingest without its duplicate check', async () => {
    const { store, ownerUrl } = await database.fresh();
    await withoutDuplicateCheck(ownerUrl);
    expect(found(await underLoad(store, { seed: 6, claims: true }))).toEqual(['event-stored-twice', 'taken-in-twice']);
    nothingFound(await underLoad((await database.fresh()).store, { seed: 6, claims: true }));
  });
  it('a version gap that was accepted', async () => {
    const { store, ownerUrl } = await database.fresh();
    await acceptingGaps(ownerUrl);
    // Who expected a version within the gap and was served shows, by the turn that writers take, as ignoring what was expected too.
    const kinds = found(await underLoad(store, { seed: 7, claims: true }));
    expect(kinds).toContain('version-gap');
    expect(kinds.filter((kind) => kind !== 'version-gap' && kind !== 'expected-version-ignored')).toEqual([]);
    nothingFound(await underLoad((await database.fresh()).store, { seed: 7, claims: true }));
  });
});

const password = 'app-password';

async function onServerOfItsOwn(run: (server: TemporaryPostgres, servers: TemporaryPostgres[]) => Promise<History>, bug: (ownerUrl: string) => Promise<unknown>): Promise<History> {
  const server = await startTemporaryPostgres();
  const servers = [server];
  try {
    await server.createDatabase('control', password);
    await migrate({ ownerUrl: server.ownerUrl('control'), applicationRole: 'control_app', logId: 'control:test:1' });
    await withoutLuck(server.ownerUrl('postgres'));
    await bug(server.ownerUrl('control'));
    return await run(server, servers);
  } finally {
    await servers.at(-1)?.remove();
  }
}

/** On the same data. */
async function restarted({ dataDir }: Pick<TemporaryPostgres, 'dataDir'>, servers: TemporaryPostgres[]): Promise<TemporaryPostgres> {
  const server = await startTemporaryPostgres({ dataDir });
  servers.push(server);
  return server;
}

/** Clients at work when the server is killed; whoever was not answered asks again on the next one. */
async function killedUnderLoad(server: TemporaryPostgres, servers: TemporaryPostgres[]): Promise<History> {
  const recorder = new HistoryRecorder();
  const store = await openPostgresStore({ url: await server.createDatabase('control', password) });
  let answered = 0;
  let killed: Promise<void> | undefined;
  const unknown: Append[] = [];
  const killing: Pick<EventStore, 'append'> = { append: async (wanted) => {
    const result = await store.append(wanted).catch((error: unknown) => {
      unknown.push(wanted);
      throw error;
    });
    if ((answered += 1) >= 300) killed ??= server.kill();
    return result;
  } };
  await runWorkload(recorder.wrap<EventStore>({ ...store, ...killing }), { seed: 8, writers: 16, steps: Infinity, plain: true });
  await killed;
  recorder.crashed();
  await store.close();
  const next = await openPostgresStore({ url: await (await restarted(server, servers)).createDatabase('control', password) });
  try {
    await Promise.all([...unknown, ...unknown].map((wanted) => recorder.wrap(next).append(wanted)));
    await runWorkload(recorder.wrap<EventStore>(next), { seed: 9 });
    return await recorder.finish(next);
  } finally {
    await next.close();
  }
}

/** The server is killed with two appends in its log: the flush of the first is under way, the other waits for the next flush. */
async function flushedByTheNext(server: TemporaryPostgres, servers: TemporaryPostgres[], bug?: (store: PostgresStore) => void): Promise<History> {
  const recorder = new HistoryRecorder();
  const gate = await openGate(server.port);
  const url = Object.assign(new URL(await server.createDatabase('control', password)), { port: String(gate.port) }).href;
  const store: PostgresStore = await openPostgresStore({ url });
  const recorded = recorder.wrap(store);
  bug?.(store);
  try {
    let calls = 0;
    const inTheLog = new Promise<void>((done) => { store.onAppend(() => { if ((calls += 1) === 2) done(); }); });
    const wanted = [newAppend('a', 'lot-1', 0), newAppend('b', 'lot-2', 0)];
    const telling = wanted.map((append) => recorded.append(append).catch((error: unknown) => error));
    await inTheLog;
    gate.shut();
    await server.kill();
    recorder.crashed();
    gate.leadTo((await restarted(server, servers)).port);
    for (const [index, told] of (await Promise.all(telling)).entries()) {
      if (told instanceof AppendOutcomeUnknown) await recorded.append(wanted[index] as Append);
    }
    await recorded.append(newAppend('c', 'lot-2', 'any'));
    return await recorder.finish(store);
  } finally {
    await store.close();
    gate.close();
  }
}

describe('after a server was killed, the checker finds', () => {
  const nothing = () => Promise.resolve();

  it('answers that were given before the flush', async () => {
    expect(found(await onServerOfItsOwn(killedUnderLoad, withoutFlush))).toEqual(['acknowledged-lost']);
  });
  it('nothing when they were given after it', async () => {
    const history = await onServerOfItsOwn(killedUnderLoad, nothing);
    nothingFound(history);
    expect(history.operations.filter((operation) => operation.kind === 'append' && operation.outcome.status === 'unknown').length).toBeGreaterThan(0);
  });
  it('a flush that was taken as proof of an append on the server before', async () => {
    const mend = reconnectingInSilence();
    const silent = (store: PostgresStore) => void store.pool.removeAllListeners('error').on('error', () => undefined);
    const history = await onServerOfItsOwn((server, servers) => flushedByTheNext(server, servers, silent), nothing).finally(mend);
    expect(found(history)).toEqual(['acknowledged-lost']);
  });
  it('nothing when such an append is unknown, and asked for again', async () => {
    const history = await onServerOfItsOwn(flushedByTheNext, nothing);
    nothingFound(history);
    expect(history.operations.map((operation) => operation.kind === 'append' && operation.outcome.status)).toEqual(['unknown', 'unknown', 'appended', 'appended', 'appended']);
  });
});
