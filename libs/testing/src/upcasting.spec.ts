import type { Decider, DomainEvent, Fact, RecordedEvent } from '@touchstone/kernel';
import { derivedId, upcaster } from '@touchstone/kernel';
import type { PublicEvents, Reaction, RuntimeOptions } from '@touchstone/event-store';
import { deadline, EventNotWritable, EventVersionsBroken, openPostgresStore, projection, reaction, Runtime, slice } from '@touchstone/event-store';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { FreshDatabase } from './index.js';
import { inspector, recorded, testDatabase } from './index.js';

// A press shop as it was released first, and as it is today. Then: a tool was mounted. Today: at a station, with a due date for its
// regrinding; of what was mounted before, nobody noted the station.

class MountTool {
  readonly type = 'MountTool';
  constructor(readonly tool = '', readonly station = '') {}
}
type MountedV1 = DomainEvent<'plant.ToolMounted.v1', { readonly tool: string }>;
type MountedV2 = DomainEvent<'plant.ToolMounted.v2', { readonly tool: string; readonly station: string | null }>;

const of = ({ tool }: MountTool) => `press-${tool.slice(0, 1)}`;
const before: Decider<readonly string[], MountTool, MountedV1> = {
  name: 'plant.press', version: 1,
  initialState: () => [], evolve: (tools, { data }) => [...tools, data.tool], decide: (_, { tool }) => [{ type: 'plant.ToolMounted.v1', data: { tool } }],
};
const pressBefore = slice({ decider: before, commands: { MountTool }, stream: of, privateEvents: ['plant.ToolMounted.v1'] });

type Mounted = readonly MountedV2['data'][];
const today: Decider<Mounted, MountTool, MountedV2, { readonly history?: Fact<readonly RecordedEvent[]> }> = {
  name: 'plant.press', version: 2,
  initialState: () => [],
  evolve: (tools, { type, data }) => {
    if (type !== 'plant.ToolMounted.v2') throw new Error(`nobody told the press about ${String(type)}`);
    return [...tools, data];
  },
  decide: (tools, { tool, station }, { history }) => {
    const stations = history?.value.map(({ data }) => (data as MountedV2['data']).station);
    expect(stations).toEqual(tools.map((each) => each.station)); // what `prepare` finds is as new as the state
    return [{ type: 'plant.ToolMounted.v2', data: { tool, station } }];
  },
};
const mountedV1ToV2 = upcaster<MountedV1, MountedV2>('plant.ToolMounted.v1', 'plant.ToolMounted.v2', (data) => ({ ...data, station: null }));
const pressToday = slice({
  decider: today, commands: { MountTool }, stream: of, privateEvents: ['plant.ToolMounted.v2'], upcasters: [mountedV1ToV2],
  prepare: async (_, command, ports) => ({ history: await ports.stream(of(command)) }),
});

@Entity('tool')
class ToolRow {
  @PrimaryColumn('text') tool!: string;
  @Column('text', { nullable: true }) station!: string | null;
}
const tools = projection({
  name: 'tools', version: 1, tables: [ToolRow], on: ['plant.ToolMounted.v2', 'depot.PalletMoved.v2'],
  apply: (events, rows) => {
    for (const { type, data } of events) {
      const { tool, station } = type === 'depot.PalletMoved.v2' ? { tool: 'pallet', station: String((data as { to: unknown }).to) } : (data as MountedV2['data']);
      rows(ToolRow).put({ tool, station });
    }
    return Promise.resolve();
  },
});
const seen: RecordedEvent[] = [];
const regrind = (rest: Partial<Reaction> = {}): Reaction => reaction({
  name: 'regrind', on: ['plant.ToolMounted.v2'], from: 'beginning',
  send: (event) => {
    seen.push(event);
    return [];
  },
  ...rest,
});
const regrinding = deadline({
  name: 'regrinding', slice: pressToday,
  set: { 'plant.ToolMounted.v2': ({ data }) => ({ key: (data as MountedV2['data']).tool, dueAt: '2027-01-01T00:00:00.000Z', command: new MountTool('x', String((data as MountedV2['data']).station)) }) },
});

const palletTypes = ['depot.PalletMoved.v1', 'depot.PalletMoved.v2'];
/** The public events as they are today: a pallet was once moved to a numbered place, now to a named one. */
const contracts: PublicEvents = {
  events: palletTypes.map((type) => ({ type })), isPublic: (type) => palletTypes.includes(type), isWritten: (type) => type === 'depot.PalletMoved.v2',
  upcasters: [upcaster('depot.PalletMoved.v1', 'depot.PalletMoved.v2', (data) => ({ to: `place ${(data as { to: number }).to}` }))],
  personalFields: () => [], check: () => undefined,
};

const database = testDatabase();
const runtimes: Runtime[] = [];
async function start({ url, keys }: FreshDatabase, rest: Partial<RuntimeOptions>): Promise<Runtime> {
  const store = await openPostgresStore({ url });
  const clock = { now: () => '2026-03-02T12:00:00.000Z', simulated: false };
  const runtime = new Runtime({ service: 'plant', url, store, keys, clock, contracts, slices: [], projections: [], reactions: [], deadlines: [], ...rest });
  runtimes.push(runtime);
  await runtime.start();
  return runtime;
}
const stopAll = async () => {
  for (const runtime of runtimes.splice(0)) await runtime.stop();
};
afterEach(stopAll);

const all = { slices: [pressToday], projections: [tools], reactions: [regrind()], deadlines: [regrinding] };
let count = 0;
const mount = (runtime: Runtime, of: typeof pressToday, tool: string, station?: string) =>
  runtime.commands.handle(of, new MountTool(tool, station), { commandId: derivedId('upcasting', (count += 1)), actor: inspector });
async function settled(runtime: Runtime): Promise<void> {
  const head = await runtime.options.store.head();
  const reached = await Promise.all(runtime.followers.map((follower) => follower.reached(head, 5_000)));
  if (!reached.every(Boolean)) throw new Error(runtime.followers.map(({ failure }) => failure?.message).join(', '));
}

/** Two tools mounted by the first release, and a pallet as another service wrote it then. */
async function released1(): Promise<FreshDatabase> {
  const fresh = await database.fresh({ service: 'plant' });
  const runtime = await start(fresh, { slices: [pressBefore] });
  await mount(runtime, pressBefore, 'a1');
  await mount(runtime, pressBefore, 'a2');
  const { meta } = recorded('depot.PalletMoved.v1', { to: 7 }, { stream: 'depot/pallet-1' });
  await runtime.options.store.ingest([{ id: derivedId('pallet'), stream: 'depot/pallet-1', type: 'depot.PalletMoved.v1', body: '{"to":7}', meta: JSON.stringify(meta), topic: 'depot.events.v1', offset: 1 }]);
  await stopAll();
  seen.length = 0;
  return fresh;
}

describe('events that an earlier release stored', () => {
  it('are read in their newest version by deciders, facts, read models, reactions and deadlines', async () => {
    const runtime = await start(await released1(), all);
    expect(await mount(runtime, pressToday, 'a3', 'left')).toMatchObject({ outcome: 'accepted', version: 3 });
    await settled(runtime);
    expect((await runtime.query(tools).find(ToolRow, { order: { tool: 'asc' } })).map(({ tool, station }) => [tool, station]))
      .toEqual([['a1', null], ['a2', null], ['a3', 'left'], ['pallet', 'place 7']]);
    expect(seen.map(({ type, recordedAs, data }) => [type, recordedAs, data])).toEqual([
      ['plant.ToolMounted.v2', 'plant.ToolMounted.v1', { tool: 'a1', station: null }],
      ['plant.ToolMounted.v2', 'plant.ToolMounted.v1', { tool: 'a2', station: null }],
      ['plant.ToolMounted.v2', undefined, { tool: 'a3', station: 'left' }],
    ]);
    const due = await runtime.query({ name: 'deadlines' }).query<{ key: string }[]>('select key from deadlines_v1.deadline order by key');
    expect(due.map(({ key }) => key)).toEqual(['a1', 'a2', 'a3']);
    expect(await runtime.rebuild('tools')).toMatchObject({ equal: true });
  });
  it('stay in the log, and go to others, byte for byte as they were recorded', async () => {
    const fresh = await released1();
    const stored = await fresh.store.readAll(0, 10);
    const runtime = await start(fresh, all);
    await mount(runtime, pressToday, 'a3', 'left');
    await settled(runtime);
    expect((await fresh.store.readAll(0, 10)).slice(0, 3)).toEqual(stored);
    expect((await runtime.feed.readStored(0)).slice(0, 3)).toEqual(stored);
    expect(stored.map(({ type, body }) => [type, body])).toEqual([
      ['plant.ToolMounted.v1', '{"tool":"a1"}'], ['plant.ToolMounted.v1', '{"tool":"a2"}'], ['depot.PalletMoved.v1', '{"to":7}'],
    ]);
  });
  it('are parked as they were recorded, and replayed in the newest version', async () => {
    let failing = true;
    const send = (event: RecordedEvent) => {
      if (failing) throw new Error('nobody foresaw this');
      seen.push(event);
      return [];
    };
    const runtime = await start(await released1(), { ...all, projections: [], deadlines: [], slices: [pressToday], reactions: [regrind({ send })] });
    await settled(runtime);
    const parked = (await runtime.parking.list()).toSorted((a, b) => a.position - b.position);
    expect(parked.map(({ event }) => JSON.parse(event) as RecordedEvent).map(({ type, data }) => [type, data])).toEqual([
      ['plant.ToolMounted.v1', { tool: 'a1' }], ['plant.ToolMounted.v1', { tool: 'a2' }],
    ]);
    failing = false;
    for (const { event } of parked) await runtime.reactions[0]?.retake([{ event }]);
    expect(seen.map(({ type, data }) => [type, data])).toEqual([
      ['plant.ToolMounted.v2', { tool: 'a1', station: null }], ['plant.ToolMounted.v2', { tool: 'a2', station: null }],
    ]);
  });
});

describe('a service', () => {
  it('does not start when a handler names an older version', async () => {
    const fresh = await database.fresh();
    const starting = start(fresh, { ...all, reactions: [regrind({ on: ['plant.ToolMounted.v1'] })], deadlines: [{ ...regrinding, lift: { 'depot.PalletMoved.v1': () => 'a1' } }] });
    await expect(starting).rejects.toThrow(EventVersionsBroken);
    await expect(starting).rejects.toThrow(
      'the reaction regrind names plant.ToolMounted.v1: handlers name the newest version, plant.ToolMounted.v2\n' +
      'the deadline regrinding names depot.PalletMoved.v1: handlers name the newest version, depot.PalletMoved.v2',
    );
  });
  it('does not start when a slice still writes what has an upcaster', async () => {
    const both = slice({ ...(pressToday as object), privateEvents: ['plant.ToolMounted.v1', 'plant.ToolMounted.v2'] } as never);
    await expect(start(await database.fresh(), { slices: [both] })).rejects.toThrow('plant.ToolMounted.v1: has an upcaster and is still written');
  });
  it('never writes a version that has a successor, nor an event that nobody declared', async () => {
    const fresh = await database.fresh();
    const runtime = await start(fresh, { slices: [pressToday] });
    const writing = (type: string, privateEvents: string[]) => slice({ ...(pressToday as object), prepare: undefined, privateEvents, decider: { ...today, decide: () => [{ type, data: { tool: 'a1' } }] } } as never);
    await expect(mount(runtime, writing('plant.ToolMounted.v1', ['plant.ToolMounted.v1']), 'a1')).rejects.toThrow(EventNotWritable);
    await expect(mount(runtime, writing('plant.ToolLost.v1', []), 'a1')).rejects.toThrow('plant.press yields plant.ToolLost.v1');
    expect(await fresh.store.head()).toBe(0);
  });
});
