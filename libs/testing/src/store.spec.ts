import type { Append, Capability, EventStore } from '@touchstone/event-store';
import { allCapabilities, CapabilityMissing, MemoryStore, migrate, openPostgresStore, OverlayStore, requireCapabilities } from '@touchstone/event-store';
import { derivedId } from '@touchstone/kernel';
import type { TemporaryPostgres } from './index.js';
import { conformanceOf, startTemporaryPostgres, storeChecks, storeConformance, testDatabase } from './index.js';

const lasting: Capability = 'durable-flush';
const inMemory = new Set([...allCapabilities].filter((each) => each !== lasting));
storeConformance('memory', { make: () => Promise.resolve(new MemoryStore()) }, inMemory);
storeConformance('overlay', { make: () => Promise.resolve(new OverlayStore(new MemoryStore())) }, new Set(['command-records', 'claims', 'guards']));

const database = testDatabase();
const servers: TemporaryPostgres[] = [];

/** On a server of its own, which is killed; the next one takes its data. */
async function makeToCrash() {
  const server = await startTemporaryPostgres();
  servers.push(server);
  const open = async (at: TemporaryPostgres) => openPostgresStore({ url: await at.createDatabase('control', 'app-password') });
  await server.createDatabase('control', 'app-password');
  await migrate({ ownerUrl: server.ownerUrl('control'), applicationRole: 'control_app', logId: 'control:test:1' });
  const store = await open(server);
  return { store, crash: async () => {
    await server.kill();
    await store.close();
    const next = await startTemporaryPostgres({ dataDir: server.dataDir });
    servers.push(next);
    return open(next);
  } };
}
afterAll(async () => { await servers.at(-1)?.remove(); }, 30_000);

storeConformance('PostgreSQL', { make: async () => (await database.fresh()).store, makeToCrash });

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

const kindOf = (make: () => EventStore) => ({ make: () => Promise.resolve(make()) });

describe('the conformance suite', () => {
  it.each(Object.entries(bugs))('catches a store that %s', async (_, [foundBy, make]) => {
    expect((await conformanceOf(kindOf(make))).failed).toContain(foundBy);
  });
  it('catches nothing in a store without a bug, and says what it did not ask', async () => {
    const { passed, failed, notApplicable } = await conformanceOf(kindOf(() => broken(() => ({}))));
    expect([passed.length, failed, notApplicable]).toEqual([storeChecks.length, [], ['what was answered, and what was read and flushed, is there after a crash']]);
  });
  it('asks nothing of a store that it does not declare', async () => {
    const { failed, notApplicable } = await conformanceOf(kindOf(() => broken((store) => ({ capabilities: new Set(), append: ({ claims: _, ...append }) => store.append(append) }))));
    expect(failed).toEqual([]);
    expect(notApplicable).toEqual(expect.arrayContaining(storeChecks.filter(({ needs }) => needs.length > 0).map(({ name }) => name)));
  });
});

/** For each capability a store that lacks it; declared, it must be caught. */
const lacking: Readonly<Record<Capability, (store: MemoryStore) => Partial<EventStore>>> = {
  'dense-seq': (store) => ({ readAll: async (seq, limit) => (await store.readAll(seq, limit)).map((event) => ({ ...event, seq: event.seq * 2 })) }),
  'command-records': () => ({ command: () => Promise.resolve(undefined) }),
  claims: (store) => ({ append: ({ claims: _, ...append }) => store.append(append) }),
  guards: (store) => ({ append: ({ guard: _, ...append }) => store.append(append) }),
  'ingest-by-id': (store) => ({ ingest: async (events) => (await store.ingest(events)).map(() => 'appended') }),
  'durable-flush': () => ({}),
};

describe('a store that declares a capability which it lacks', () => {
  const forgetful = () => Promise.resolve({ store: new MemoryStore(), crash: () => Promise.resolve(new MemoryStore()) });
  it.each(Object.entries(lacking) as [Capability, (typeof lacking)[Capability]][])('fails: %s', async (capability, bug) => {
    const lying = kindOf(() => broken((store) => ({ ...bug(store), capabilities: new Set([...inMemory, capability]) })));
    const foundBy = (failed: readonly string[]) => failed.length > 0;
    expect(foundBy((await conformanceOf({ ...lying, makeToCrash: forgetful })).failed)).toBe(true);
    const honest = kindOf(() => broken((store) => ({ ...bug(store), capabilities: new Set([...inMemory].filter((each) => each !== capability)) })));
    expect((await conformanceOf(honest)).failed).toEqual([]);
  });
  it('fails when it says that it survives a crash, and nobody can crash it', async () => {
    const lying = kindOf(() => broken(() => ({ capabilities: allCapabilities })));
    expect((await conformanceOf(lying)).failed).toHaveLength(1);
  });
});

describe('who needs a capability', () => {
  it('is refused where the log is opened, and told what is missing and for whom', () => {
    const store = new MemoryStore('memory:test:1');
    expect(() => requireCapabilities(store, ['claims', 'dense-seq'], 'the relay')).not.toThrow();
    const refused = () => requireCapabilities(store, ['claims', lasting], 'the relay');
    expect(refused).toThrow(CapabilityMissing);
    expect(refused).toThrow('the relay cannot work on memory:test:1, which lacks durable-flush');
  });
});
