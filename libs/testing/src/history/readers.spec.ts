import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Append, EventStore, PostgresStore } from '@touchstone/event-store';
import { AppendOutcomeUnknown, MemoryStore, metaOf, migrate, openPool, openPostgresStore, pause } from '@touchstone/event-store';
import { startTemporaryPostgres, testDatabase } from '../database.js';
import { openDoorway } from '../doorway.js';
import { newAppend } from '../store-checks.js';
import type { History } from './history-checker.js';
import { checkHistory, HistoryRecorder, kindsOf } from './history-checker.js';
import { byType, byTypePastUnread, withoutLuck } from './planted-bugs.spec-kit.js';
import type { ReaderOptions } from './workload.spec-kit.js';
import { HELD, RecordedReader, runWorkload } from './workload.spec-kit.js';

const found = (history: History) => kindsOf(checkHistory(history));
const nothingFound = (history: History) => expect(checkHistory(history).map(({ kind, what }) => `${kind}: ${what}`)).toEqual([]);
const stepsOf = (history: History, kind: string) => history.subscribers.flatMap(({ steps }) => steps.filter((step) => step.kind === kind));

describe('a subscriber that wants some types only', () => {
  const database = testDatabase();

  /** Follows clients at work and is restarted meanwhile; another reads when they are done. */
  async function following(options: (store: PostgresStore) => ReaderOptions): Promise<History> {
    const { store } = await database.fresh();
    const recorder = new HistoryRecorder();
    const live = new RecordedReader(recorder, 'live', options(store));
    let done = false;
    const writing = runWorkload(recorder.wrap<EventStore>(store), { seed: 11 }).finally(() => { done = true; });
    while (!done) {
      await pause(10);
      await live.restart();
    }
    await writing;
    await live.drain();
    await new RecordedReader(recorder, 'afterwards', options(store)).drain();
    return recorder.finish(store);
  }

  it('sees each of them once and in order, and its checkpoint keeps up with what it passes over', async () => {
    const history = await following((store) => ({ wants: [HELD], read: byType(store.pool, [HELD]) }));
    nothingFound(history);
    const held = history.stored.filter(({ type }) => type === HELD).length;
    expect(held).toBeGreaterThan(20);
    expect(history.stored.length).toBeGreaterThan(held);
    expect(history.subscribers[1]?.steps.filter(({ kind }) => kind === 'delivered')).toHaveLength(held);
  });
  it('is found out when it moves past what it has not read', async () => {
    expect(found(await following((store) => ({ wants: [HELD], read: byTypePastUnread(store.pool, [HELD]) })))).toEqual(['skipped']);
  });
  it('is found out when it saves a checkpoint only with an event for it, and so would read the rest again at every start', async () => {
    const none = ['control.LotScrapped.v1'];
    const reader = (more: Partial<ReaderOptions>) => (store: PostgresStore) => ({ wants: none, read: byType(store.pool, none), ...more });
    expect(found(await following(reader({ savesOnlyWhatItHandled: true })))).toEqual(['checkpoint-behind']);
    nothingFound(await following(reader({})));
  });
  it('is found out when it is given what it does not want', async () => {
    expect(found(await following((store) => ({ wants: [HELD], read: (seq) => store.readAll(seq, 5) })))).toEqual(['delivered-unwanted']);
  });
});

describe('a reader that acts outside the database and keeps its checkpoint there, through the kill of the server,', () => {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-reader-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  type Work = (at: { store: PostgresStore; recorder: HistoryRecorder; url: string; kill: () => Promise<void> }) => Promise<void>;

  /** The reader is attached all the time; the server is killed in the course of the work, and another goes on with its data. */
  async function throughAKill(name: string, flushes: boolean, work: Work): Promise<History> {
    let server = await startTemporaryPostgres();
    const door = await openDoorway();
    const opened: PostgresStore[] = [];
    try {
      const address = new URL(await server.createDatabase('control', 'app-password'));
      await migrate({ ownerUrl: server.ownerUrl('control'), applicationRole: 'control_app', logId: 'control:test:1' });
      await withoutLuck(server.ownerUrl('postgres'));
      door.lead(server.port);
      const url = Object.assign(address, { port: String(door.port) }).href;
      const store = await openPostgresStore({ url });
      opened.push(store);
      const recorder = new HistoryRecorder();
      const reader = new RecordedReader(recorder, 'outside', {
        read: (seq) => store.readAll(seq, 5), epoch: () => store.epoch, actsOutside: true, file: join(folder, name), ...(flushes && { flush: () => store.durable() }),
      });
      await work({ store, recorder, url, kill: async () => {
        await server.kill();
        recorder.crashed();
        server = await startTemporaryPostgres({ dataDir: server.dataDir });
        door.lead(server.port);
      } });
      await reader.drain();
      return await recorder.finish(store);
    } finally {
      for (const store of opened) await store.close();
      door.close();
      await server.remove();
    }
  }

  const again = async (store: EventStore, wanted: Append): Promise<void> => {
    for (;;) {
      const told = await store.append(wanted).catch((error: unknown) => error);
      if (!(told instanceof AppendOutcomeUnknown)) return;
      await pause(20);
    }
  };

  const underLoad: Work = async ({ store, recorder, kill }) => {
    const unknown: Append[] = [];
    let [answered, killing] = [0, undefined as Promise<void> | undefined];
    const watched: Pick<EventStore, 'append'> = { append: async (wanted) => {
      const result = await store.append(wanted).catch((error: unknown) => {
        unknown.push(wanted);
        throw error;
      });
      if ((answered += 1) >= 200) killing ??= kill();
      return result;
    } };
    const proxied = new Proxy<EventStore>(store, { get: (target, member) => (Reflect.get(member === 'append' ? watched : target, member) as unknown) });
    await runWorkload(recorder.wrap(proxied), { seed: 12, writers: 16, steps: Infinity, plain: true });
    await killing;
    for (const wanted of unknown) await again(recorder.wrap<EventStore>(store), wanted);
    await runWorkload(recorder.wrap<EventStore>(store), { seed: 13 });
  };

  /** Another process has appended and not flushed; our reader sees it; the server is killed. */
  const unflushed: Work = async ({ store, recorder, url, kill }) => {
    const recorded = recorder.wrap<EventStore>(store);
    await recorded.append(newAppend('a', 'lot-1', 0));
    const other = openPool({ url }, 1);
    const before = stepsOf(await recorder.finish(store), 'delivered').length;
    const appending: Pick<EventStore, 'append'> = { append: async ({ stream, events, command }) => {
      const items = events.map((event) => ({ ...event, causation: metaOf(event).causationId, correlation: metaOf(event).correlationId }));
      await other.query('set synchronous_commit = off');
      await other.query('select append_batch($1::json)', [JSON.stringify([{ kind: 'append', stream, expected: 'any', claims: [], events: items, command: command.id, hash: command.bodyHash, answer: command.answer, record: command.record }])]);
      throw new AppendOutcomeUnknown('it was killed before its flush');
    } };
    const theirs = new Proxy<EventStore>(store, { get: (target, member) => (Reflect.get(member === 'append' ? appending : target, member) as unknown) });
    await recorder.wrap(theirs).append(newAppend('b', 'lot-2', 'any')).catch(() => undefined);
    while (stepsOf(await recorder.finish(store), 'delivered').length <= before) await pause(5);
    await other.end();
    await kill();
    await again(recorded, newAppend('c', 'lot-3', 'any'));
  };

  it('has seen nothing that is gone when it waits for the flush before it acts', async () => {
    const history = await throughAKill('load', true, underLoad);
    nothingFound(history);
    expect(history.crashes).toHaveLength(1);
    expect(stepsOf(history, 'started').length).toBeGreaterThan(1);
    nothingFound(await throughAKill('unflushed', true, unflushed));
  });
  it('is found out when it acts before the flush: what it saw is gone', async () => {
    // PostgreSQL may write ahead by itself in the same moment: then nothing is gone, nothing is to be found, and another is killed.
    let kinds: readonly string[] = [];
    for (let attempt = 1; attempt <= 10 && kinds.length === 0; attempt += 1) kinds = found(await throughAKill(`bug ${attempt}`, false, unflushed));
    expect(kinds).toEqual(['seq-changed']);
  }, 400_000);
  it('is found out also when it had saved no checkpoint yet, as who stays inside the database may have', async () => {
    const recorder = new HistoryRecorder();
    const store = new MemoryStore();
    for (const actsOutside of [true, false]) {
      const seen = recorder.subscriber(actsOutside ? 'outside' : 'inside', 'at-least-once', { actsOutside });
      seen.started(0);
      seen.delivered([{ seq: 1, id: 'gone' }]);
    }
    recorder.crashed();
    await recorder.wrap<EventStore>(store).append(newAppend('a', 'lot-1', 0));
    expect(checkHistory(await recorder.finish(store)).map(({ kind, subscriber }) => [subscriber, kind])).toEqual([['outside', 'seq-changed']]);
  });
});
