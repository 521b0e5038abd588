import type { Actor, Clock } from '@touchstone/kernel';
import { derivedId, SimulatedClock } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import type { Accepted, AnySlice, CommandContext, EventStore, Ports, SubjectKeys } from '@touchstone/event-store';
import { AppendOutcomeUnknown, Commands, decodeAll, ERASED, MemoryKeys, MemoryStore, metaOf, noUpcasting, NotKnownYet, UNREADABLE } from '@touchstone/event-store';
import { BlockGauge, gauges, LendGauge, RegisterGauge, ReturnGauge } from './fixtures/gauges.js';
import { atFirst, inspector, testDatabase } from './index.js';

const database = testDatabase();
const now = '2026-03-02T12:00:00.000Z';
const clock: Clock = { now: () => now, simulated: false };
const nothing = () => Promise.reject(new Error('nothing is asked here'));
const ports = ({ at }: { at: string }): Ports => ({ at, stream: nothing, ask: nothing });
const commandsOn = (store: EventStore, keys: SubjectKeys = new MemoryKeys(), at: Clock = clock) => new Commands({ store, keys, clock: at, contracts, upcasting: noUpcasting, ports });

let count = 0;
/** The context of a new command. */
const by = (rest: Partial<CommandContext> = {}): CommandContext => ({ commandId: derivedId('spec', (count += 1)), actor: inspector, ...rest });

const stores: Record<string, () => Promise<EventStore>> = {
  memory: () => Promise.resolve(new MemoryStore()),
  PostgreSQL: async () => (await database.fresh()).store,
};

describe.each(Object.entries(stores))('a command, on the %s store', (_, makeStore) => {
  let store: EventStore;
  let keys: MemoryKeys;
  let commands: Commands;
  beforeEach(async () => {
    store = await makeStore();
    keys = new MemoryKeys();
    commands = commandsOn(store, keys);
  });
  const registerG1 = () => commands.handle(gauges, new RegisterGauge('g1', 's1'), by());

  it('is decided, appended with its context, and answered', async () => {
    const context = by({ occurredAt: atFirst, reason: 'new in the shop', correlationId: derivedId('chain') });
    const answer = await commands.handle(gauges, new RegisterGauge('g1', 's1'), context);
    const [event] = await store.readStream('gauge-g1');
    expect(answer).toEqual({
      outcome: 'accepted', stream: 'gauge-g1', version: 1, events: [{ id: event?.id, type: 'control.GaugeRegistered.v1' }], position: `${store.logId}@1`, repeated: false,
    });
    expect(event?.body).toBe('{"gaugeId":"g1","serialNumber":"s1"}');
    expect(event && metaOf(event)).toEqual({
      actor: 'inspector-1', commandId: context.commandId, causationId: context.commandId, correlationId: derivedId('chain'),
      occurredAt: atFirst, recordedAt: now, decider: 'control.gauge@1', reason: 'new in the shop',
    });
  });
  it('that is refused is recorded beside its stream, whose version does not move', async () => {
    await registerG1();
    const answer = await commands.handle(gauges, new RegisterGauge('g1', 's2'), by());
    expect(answer).toMatchObject({ outcome: 'refused', code: 'GAUGE_KNOWN', stream: 'gauge-g1', version: 1, repeated: false });
    expect(await store.readStream('gauge-g1')).toHaveLength(1);
    const [refusal] = await decodeAll(await store.readStream('refusals-gauge-g1'), keys, noUpcasting);
    expect([refusal?.type, refusal?.data]).toEqual(['CommandRefused', { command: 'RegisterGauge', code: 'GAUGE_KNOWN', details: {}, stream: 'gauge-g1', atVersion: 1 }]);
    await expect(commands.handle(gauges, new BlockGauge('g1', 'worn'), by({ ifMatch: 1 }))).resolves.toMatchObject({ outcome: 'accepted', version: 2 });
  });
  it.each([['accepted', new RegisterGauge('g1', 's1')], ['refused', new ReturnGauge('nobody knows it')]])('that was %s and comes again is told the same, and appends nothing', async (outcome, command) => {
    const context = by();
    const first = await commands.handle(gauges, command, context);
    expect(first.outcome).toBe(outcome);
    const again = [await commands.handle(gauges, command, context), await commandsOn(store, keys).handle(gauges, command, context)];
    expect(again).toEqual([{ ...first, repeated: true }, { ...first, repeated: true }]);
    expect(await store.head()).toBe(1);
  });
  it('that comes fifty times at once, through two processes, is taken once', async () => {
    const context = by();
    const other = commandsOn(store, keys);
    const answers = await Promise.all(Array.from({ length: 50 }, (__, index) => (index % 2 ? commands : other).handle(gauges, new RegisterGauge('g1', 's1'), context)));
    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(new Set(answers.map(({ events }) => events[0]?.id)).size).toBe(1);
    expect(await store.head()).toBe(1);
  });
  it('may not come again under its id with another content or time', async () => {
    const context = by();
    await commands.handle(gauges, new RegisterGauge('g1', 's1'), context);
    await expect(commands.handle(gauges, new RegisterGauge('g1', 's2'), context)).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED', status: 409 });
    await expect(commands.handle(gauges, new RegisterGauge('g1', 's1'), { ...context, occurredAt: atFirst })).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
    expect(await store.head()).toBe(1);
  });
  it('may be told late but never early', async () => {
    await expect(commands.handle(gauges, new RegisterGauge('g1', 's1'), by({ occurredAt: '2026-03-02T12:00:00.001Z' }))).rejects.toMatchObject({ code: 'OCCURRED_IN_FUTURE', status: 400 });
    await expect(commands.handle(gauges, new RegisterGauge('g1', 's1'), by({ occurredAt: now }))).resolves.toMatchObject({ outcome: 'accepted' });
  });
  it('of somebody who saw another version is not taken, unless it is a repetition', async () => {
    await registerG1();
    await expect(commands.handle(gauges, new BlockGauge('g1', 'worn'), by({ ifMatch: 0 }))).rejects.toMatchObject({ code: 'VERSION_MISMATCH', status: 412 });
    const context = by({ ifMatch: 1 });
    await commands.handle(gauges, new BlockGauge('g1', 'worn'), context);
    await expect(commands.handle(gauges, new BlockGauge('g1', 'worn'), context)).resolves.toMatchObject({ version: 2, repeated: true });
  });
  it('is decided anew when another process was faster', async () => {
    await registerG1();
    await commandsOn(store, keys).handle(gauges, new LendGauge('g1', 'p1', 'Ada'), by());
    await expect(commands.handle(gauges, new LendGauge('g1', 'p2', 'Bob'), by())).resolves.toMatchObject({ outcome: 'refused', code: 'GAUGE_LENT', details: { to: 'p1' }, version: 2 });
    await expect(commands.handle(gauges, new LendGauge('g1', 'p2', 'Bob'), by({ ifMatch: 1 }))).rejects.toMatchObject({ code: 'VERSION_MISMATCH' });
  });
  it('that is moot yields no events and is remembered all the same', async () => {
    await registerG1();
    const context = by();
    const answer = await commands.handle(gauges, new ReturnGauge('g1'), context);
    expect(answer).toMatchObject({ outcome: 'accepted', version: 1, events: [] });
    expect(await commands.handle(gauges, new ReturnGauge('g1'), context)).toEqual({ ...answer, repeated: true });
  });
  it('cannot claim a name that is taken', async () => {
    await registerG1();
    await expect(commands.handle(gauges, new RegisterGauge('g2', 's1'), by())).rejects.toMatchObject({ code: 'NAME_TAKEN', status: 409, details: { name: 'serial:s1' } });
    expect(await store.readStream('gauge-g2')).toEqual([]);
  });
});

describe('provenance', () => {
  it('goes with every event, and a clock that is moved by hand leaves its mark', async () => {
    const store = new MemoryStore();
    await commandsOn(store, undefined, new SimulatedClock(now)).handle(gauges, new RegisterGauge('g1', 's1'), by({ provenance: ['migrated'] }));
    expect((await store.readStream('gauge-g1')).map((event) => metaOf(event).provenance)).toEqual([['migrated', 'simulated']]);
  });
});

describe('a store that fails', () => {
  const failing = (fail: (append: () => ReturnType<EventStore['append']>, call: number) => ReturnType<EventStore['append']>) => {
    const store = new MemoryStore();
    const append = store.append.bind(store);
    let calls = 0;
    return Object.assign(store, { append: (...args: Parameters<EventStore['append']>) => fail(() => append(...args), (calls += 1)) });
  };
  const lost = () => Promise.reject(new AppendOutcomeUnknown('the connection broke'));

  it('after the append: the command is found by its id', async () => {
    const store = failing(async (append) => { await append(); return lost(); });
    const answer = await commandsOn(store).handle(gauges, new RegisterGauge('g1', 's1'), by());
    expect(answer).toMatchObject({ outcome: 'accepted', version: 1, repeated: true });
    expect(await store.head()).toBe(1);
  });
  it('before the append: the command is tried again', async () => {
    const store = failing((append, call) => (call < 3 ? lost() : append()));
    await expect(commandsOn(store).handle(gauges, new RegisterGauge('g1', 's1'), by())).resolves.toMatchObject({ version: 1, repeated: false });
  });
  it('always conflicting: the caller is told after a bounded number of attempts', async () => {
    const store = failing(() => Promise.resolve({ status: 'conflict', version: 1 }));
    await expect(commandsOn(store).handle(gauges, new RegisterGauge('g1', 's1'), by())).rejects.toMatchObject({ code: 'CONFLICT' });
  });
  it('otherwise: the error is the caller\'s', async () => {
    const store = failing(() => Promise.reject(new Error('the disk is full')));
    await expect(commandsOn(store).handle(gauges, new RegisterGauge('g1', 's1'), by())).rejects.toThrow('the disk is full');
  });
});

describe('what is not known yet', () => {
  it('is no refusal: it is thrown, and nothing is recorded', async () => {
    const store = new MemoryStore();
    const waiting: AnySlice = { ...gauges, prepare: () => Promise.reject(new NotKnownYet('the read model is behind')) };
    await expect(commandsOn(store).handle(waiting, new RegisterGauge('g1', 's1'), by())).rejects.toThrow(NotKnownYet);
    expect(await store.head()).toBe(0);
  });
});

describe('personal data', () => {
  const canary = 'Ada Canary Lovelace';
  const actor: Actor = { id: 'clerk-1', name: `clerk ${canary}`, roles: ['clerk'] };
  const fact = { value: { known: canary }, refs: [], seq: 1, subject: 'p1' };
  const asking: AnySlice = { ...gauges, prepare: () => Promise.resolve({ known: fact }) };

  it('is ciphertext wherever it is stored, readable to whoever has the key, and gone with the key', async () => {
    const { store, keys } = await database.fresh();
    const commands = commandsOn(store, keys);
    await commands.handle(gauges, new RegisterGauge('g1', 's1'), by());
    const context = by({ actor });
    const answer = (await commands.handle(asking, new LendGauge('g1', 'p1', canary), context)) as Accepted;
    const raw = await store.pool.query<{ text: string }>('select e::text as text from event e union all select c::text from command c union all select k::text from subject_key k');
    expect(raw.rows.map(({ text }) => text).join()).toContain('A256GCM');
    expect(raw.rows.map(({ text }) => text).join()).not.toContain('Canary');
    const read = async () => (await decodeAll(await store.readStream('gauge-g1', 1), keys, noUpcasting))[0]?.data;
    expect(await read()).toEqual({ gaugeId: 'g1', personId: 'p1', personName: canary });
    const record = JSON.parse((await store.command(context.commandId))?.record ?? '') as object;
    const sealed = (subject: string): unknown => expect.objectContaining({ cipher: 'A256GCM', subject });
    expect(record).toMatchObject({
      command: { type: 'LendGauge', gaugeId: 'g1', personId: 'p1', personName: sealed('p1') },
      actor: { id: 'clerk-1', name: sealed('clerk-1') },
      facts: { known: { value: sealed('p1'), seq: 1 } },
    });
    await keys.destroy(['p1']);
    expect(await read()).toEqual({ gaugeId: 'g1', personId: 'p1', personName: ERASED });
    expect(await commandsOn(store, keys).handle(gauges, new ReturnGauge('g1'), by())).toMatchObject({ outcome: 'accepted', version: answer.version + 1 });
  });
  it('of somebody who was erased is recorded no more: nothing is, not even the command', async () => {
    const { store, keys } = await database.fresh();
    const commands = commandsOn(store, keys);
    await commands.handle(gauges, new RegisterGauge('g1', 's1'), by());
    await keys.destroy(['p1', 'clerk-1']);
    const context = by();
    await expect(commands.handle(gauges, new LendGauge('g1', 'p1', canary), context)).rejects.toMatchObject({ code: 'SUBJECT_ERASED', status: 410, details: { subject: 'p1' } });
    expect([await store.head(), await store.command(context.commandId)]).toEqual([1, undefined]);
  });
  it('of somebody who was erased is no reason to answer a command otherwise than the first time', async () => {
    const { store, keys } = await database.fresh();
    const commands = commandsOn(store, keys);
    await commands.handle(gauges, new RegisterGauge('g1', 's1'), by());
    const context = by();
    const first = await commands.handle(gauges, new LendGauge('g1', 'p1', canary), context);
    await commands.handle(gauges, new ReturnGauge('g1'), by());
    await keys.destroy(['p1']);
    expect(await commands.handle(gauges, new LendGauge('g1', 'p1', canary), context)).toEqual({ ...first, repeated: true });
  });
  it('of an erased actor, or that was known about somebody erased, is left out, and what he does is recorded', async () => {
    const { store, keys } = await database.fresh();
    await keys.destroy(['clerk-1', 'p1']);
    await commandsOn(store, keys).handle(gauges, new RegisterGauge('g1', 's1'), by());
    const context = by({ actor });
    expect(await commandsOn(store, keys).handle(asking, new BlockGauge('g1', 'worn'), context)).toMatchObject({ outcome: 'accepted' });
    expect(JSON.parse((await store.command(context.commandId))?.record ?? '')).toMatchObject({ actor: { id: 'clerk-1', name: UNREADABLE }, facts: { known: { value: UNREADABLE } } });
  });
  it('makes no key when the command is refused, since nothing names whom it is about; a key that is there is used', async () => {
    const { store, keys } = await database.fresh();
    const commands = commandsOn(store, keys);
    const recorded = async () => {
      const context = by();
      expect(await commands.handle(gauges, new LendGauge('nobody knows it', 'p1', canary), context)).toMatchObject({ outcome: 'refused' });
      return (JSON.parse((await store.command(context.commandId))?.record ?? '') as { command: { personName: unknown } }).command.personName;
    };
    expect(await recorded()).toBe(UNREADABLE);
    expect(await keys.find('p1')).toBeUndefined();
    await keys.obtain('p1');
    expect(await recorded()).toMatchObject({ cipher: 'A256GCM', subject: 'p1' });
    await keys.destroy(['p1']);
    expect(await recorded()).toBe(UNREADABLE);
  });
  it('is not decided on once it is erased, in a process that has the state at hand and another that did it', async () => {
    const { store, keys } = await database.fresh();
    const seen: unknown[] = [];
    type Named = { personName?: string };
    const naming = {
      ...gauges,
      decider: {
        ...gauges.decider,
        evolve: (state, event) => ({ ...(gauges.decider.evolve(state, event) as object), ...(event.data as Named) }),
        decide: (state, ...rest) => { seen.push((state as Named).personName); return gauges.decider.decide(state, ...rest); },
      },
    } satisfies AnySlice;
    const commands = commandsOn(store, keys);
    await commands.handle(naming, new RegisterGauge('g1', 's1'), by());
    await commands.handle(naming, new LendGauge('g1', 'p1', canary), by());
    await commands.handle(naming, new LendGauge('g1', 'p2', 'other'), by());
    await store.pool.query(`select destroy_subject_keys('{p1}')`);
    for (let asked = 0; seen.at(-1) !== ERASED && asked < 3_000; asked += 1) await commands.handle(naming, new LendGauge('g1', 'p2', 'other'), by());
    expect(seen.slice(0, 3)).toEqual([undefined, undefined, canary]);
    expect(seen.at(-1)).toBe(ERASED);
  });
});
