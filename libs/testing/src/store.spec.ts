import type { Append, EventStore } from '@touchstone/event-store';
import { MemoryStore } from '@touchstone/event-store';
import { derivedId } from '@touchstone/kernel';
import { storeChecks, storeConformance, testDatabase } from './index.js';

storeConformance('memory', () => Promise.resolve(new MemoryStore()));

const database = testDatabase();
storeConformance('PostgreSQL', async () => (await database.fresh()).store);

/** A store with one bug. */
const broken = (change: (store: MemoryStore) => Partial<EventStore>): EventStore => {
  const store = new MemoryStore();
  const bug = change(store);
  return new Proxy<EventStore>(store, { get: (target, name) => {
    const member: unknown = Reflect.get(name in bug ? bug : target, name);
    return typeof member === 'function' ? (member as () => unknown).bind(name in bug ? bug : target) : member;
  } });
};

const atVersionOf = async (store: EventStore, append: Append): Promise<Append> => ({ ...append, expectedVersion: (await store.readStream(append.stream)).length });

/** Each bug, and the check that must find it. */
const bugs: Record<string, readonly [foundBy: string, make: () => EventStore]> = {
  'accepts a version beyond the end': ['a version beyond the end is a conflict: no gap in a stream', () => broken((store) => ({
    append: async (append) => {
      const { length } = await store.readStream(append.stream);
      return store.append(append.expectedVersion !== 'any' && append.expectedVersion > length ? { ...append, expectedVersion: length } : append);
    },
  }))],
  'swallows conflicts': ['a conflict is answered with the version that stands, and leaves no trace', () => broken((store) => ({ append: async (append) => store.append(await atVersionOf(store, append)) }))],
  'ignores guards': ['a guard on another stream that moved is a conflict', () => broken((store) => ({ append: ({ guard: _, ...append }) => store.append(append) }))],
  'ignores claims': ['a claimed name is given once, also among many at once', () => broken((store) => ({ append: ({ claims: _, ...append }) => store.append(append) }))],
  'does not know a command again': ['a repeated command is answered from the log and appends nothing', () => broken((store) => {
    let calls = 0;
    const renamed = (append: Append): Append => {
      calls += 1;
      return { ...append, command: { ...append.command, id: derivedId('call', calls) }, events: append.events.map((event, index) => ({ ...event, id: derivedId('call', calls, index) })) };
    };
    return { append: async (append) => store.append(await atVersionOf(store, renamed(append))) };
  })],
  'records no command without events': ['an append of no events records the command and its answer', () => broken((store) => ({
    append: async (append) => (append.events.length > 0 ? store.append(append) : { status: 'appended', version: (await store.readStream(append.stream)).length, seq: await store.head() }),
  }))],
  'takes foreign events in twice': ['an event that was taken in before is a duplicate, in another call or in the same', () => broken((store) => {
    let calls = 0;
    return { ingest: (events) => store.ingest(events.map((event) => ({ ...event, id: derivedId('taken', (calls += 1)) }))) };
  })],
  'takes an incident for a duplicate': ['an id that comes again with other bytes is an incident, and what was first stays', () => broken((store) => ({
    ingest: async (events) => (await store.ingest(events)).map((result) => (result === 'incident' ? 'duplicate' : result)),
  }))],
  'skips the first event of each page': ['pages of the log follow each other without a gap', () => broken((store) => ({ readAll: async (seq, limit) => (await store.readAll(seq, limit)).slice(seq > 0 ? 1 : 0) }))],
  'tells nobody': ['an append is visible when it is answered, and its listeners were called', () => broken(() => ({ onAppend: () => () => undefined }))],
};

describe('the conformance suite', () => {
  it.each(Object.entries(bugs))('catches a store that %s', async (_, [foundBy, make]) => {
    const failed: string[] = [];
    for (const { name, run } of storeChecks) await run(make()).catch(() => failed.push(name));
    expect(failed).toContain(foundBy);
  });
  it('catches nothing in a store without a bug', async () => {
    for (const { run } of storeChecks) await run(broken(() => ({})));
  });
});
