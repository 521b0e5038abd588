import fc from 'fast-check';
import type { Decider, DomainEvent } from '@touchstone/kernel';
import { derivedId, upcaster } from '@touchstone/kernel';
import { canonicalize } from '@touchstone/ledger';
import { MemoryKeys } from './memory/memory-keys.js';
import { MemoryStore } from './memory/memory-store.js';
import { encryptFields } from './personal.js';
import type { AnySlice } from './slice.js';
import { slice } from './slice.js';
import type { NewEvent } from './store.js';
import type { SnapshotIncident, SnapshotOptions, SnapshotStore, StoredSnapshot } from './stream-states.js';
import { deciderHashOf, snapshotText, StreamStates } from './stream-states.js';
import { noUpcasting, Upcasting } from './upcast.js';

type MeterEvent =
  | DomainEvent<'plant.MeterRead.v3', { readonly place: string; readonly value: string; readonly unit: string | null }>
  | DomainEvent<'plant.MeterSwapped.v1', { readonly place: string }>;
interface Meters {
  readonly last: Readonly<Record<string, string>>;
  readonly units: readonly (string | null)[];
}
class ReadMeter {
  readonly type = 'ReadMeter';
}

const meter: Decider<Meters, ReadMeter, MeterEvent> = {
  name: 'plant.meter', version: 1,
  initialState: () => ({ last: {}, units: [] }),
  evolve: (state, { type, data }) => {
    const { [data.place]: _, ...last } = state.last;
    return type === 'plant.MeterSwapped.v1' ? { ...state, last } : { last: { ...last, [data.place]: data.value }, units: [...state.units, data.unit].slice(-5) };
  },
  decide: () => [],
};
const meters = slice({ decider: meter, commands: { ReadMeter }, stream: () => 'meter-1', privateEvents: ['plant.MeterRead.v3', 'plant.MeterSwapped.v1'] });
const upcasting = new Upcasting([
  upcaster('plant.MeterRead.v1', 'plant.MeterRead.v2', (data) => ({ ...(data as object), value: String((data as { value: number }).value) })),
  upcaster('plant.MeterRead.v2', 'plant.MeterRead.v3', (data) => ({ ...(data as object), unit: null })),
]);

let count = 0;
const event = (type: string, data: object): NewEvent => ({ id: derivedId('event', (count += 1)), type, body: canonicalize(data), meta: '{}' });
const reading = (value: number): NewEvent => event('plant.MeterRead.v3', { place: 'hall', value: String(value), unit: 'kWh' });
const readings = (length: number): NewEvent[] => Array.from({ length }, (_, index) => reading(index));

/** As the table of a database: a snapshot counts for its decider, and while its event is in the log. */
class Snapshots implements SnapshotStore {
  saved?: StoredSnapshot;
  damaged = false;
  failing = false;
  constructor(private readonly log: MemoryStore) {}
  async readFrom(stream: string, deciderHash: string) {
    const events = await this.log.readStream(stream);
    const fits = this.saved?.stream === stream && this.saved.deciderHash === deciderHash && events[this.saved.version - 1]?.id === this.saved.eventId;
    return this.saved && fits ? { snapshot: { ...this.saved, damaged: this.damaged }, events: events.slice(this.saved.version) } : { events };
  }
  save(snapshot: StoredSnapshot) {
    if (this.failing) return Promise.reject(new Error('the disk is full'));
    this.saved = snapshot;
    return Promise.resolve();
  }
  forget() {
    this.saved = undefined;
    return Promise.resolve();
  }
}

function given(rest: Partial<SnapshotOptions> = {}, keys = new MemoryKeys()) {
  const store = new MemoryStore();
  const table = new Snapshots(store);
  const incidents: SnapshotIncident[] = [];
  const start = (options: Partial<SnapshotOptions> = {}) => new StreamStates({
    store, keys, upcasting, snapshots: { table, everyEvents: 20, checkOneIn: Infinity, onIncident: (incident) => incidents.push(incident), ...rest, ...options },
  });
  const append = async (...events: NewEvent[]) => {
    const id = derivedId('append', (count += 1));
    await store.append({ stream: 'meter-1', expectedVersion: 'any', events, command: { id, bodyHash: '', answer: '', record: '' } });
  };
  const loaded = async (states: StreamStates, of: AnySlice = meters) => {
    const state = await states.load(of, 'meter-1');
    await states.idle();
    return state;
  };
  return { store, table, incidents, start, append, loaded, folded: () => new StreamStates({ store, keys, upcasting }).load(meters, 'meter-1') };
}

describe('a snapshot', () => {
  it('is written after a load that read many events, and the next load reads only what came later', async () => {
    const { start, append, loaded, table, folded } = given();
    await append(...readings(19));
    await loaded(start());
    expect(table.saved).toBeUndefined();
    await append(reading(19));
    const states = start();
    await loaded(states);
    expect(table.saved).toMatchObject({ stream: 'meter-1', decider: 'plant.meter@1', version: 20, state: '{"last":{"hall":"19"},"units":["kWh","kWh","kWh","kWh","kWh"]}' });
    await append(reading(20));
    expect(await loaded(states)).toEqual(await folded());
    expect(states.counts).toMatchObject({ written: 1, used: 1, checked: 0 });
    await append(reading(21));
    await loaded(states);
    expect(table.saved).toMatchObject({ version: 22 });
  });
  it('and the events after it give what all events give, whatever versions they were stored in', async () => {
    const place = fc.constantFrom('hall', 'yard', '7', '10');
    const value = fc.integer({ min: 0, max: 99 });
    const stored = fc.oneof(
      fc.record({ place, value }).map((data) => event('plant.MeterRead.v1', data)),
      fc.record({ place, value: value.map(String) }).map((data) => event('plant.MeterRead.v2', data)),
      fc.record({ place, value: value.map(String), unit: fc.constantFrom('kWh', null) }).map((data) => event('plant.MeterRead.v3', data)),
      fc.record({ place }).map((data) => event('plant.MeterSwapped.v1', data)),
    );
    await fc.assert(fc.asyncProperty(fc.array(stored, { minLength: 1, maxLength: 25 }), fc.array(stored, { maxLength: 25 }), async (before, after) => {
      const { start, append, loaded, folded } = given({ everyEvents: 1 });
      await append(...before);
      await loaded(start());
      await append(...after);
      const states = start();
      const state = await loaded(states);
      expect(states.counts.used).toBe(1);
      expect(JSON.stringify(state)).toBe(JSON.stringify(await folded()));
    }), { numRuns: 200 });
  });
  it('is written when an append passes the mark, without any load', async () => {
    const { start, append, table, folded } = given();
    const states = start();
    const before = { state: meter.initialState(), version: 0, plain: true };
    const events = readings(22);
    await append(...events);
    const after = states.next(meters, 'meter-1', before, events.map(({ type, body }) => ({ type, data: JSON.parse(body) as unknown })), events);
    await states.idle();
    expect(after).toEqual(await folded());
    expect(table.saved).toMatchObject({ version: 22, eventId: events[21]?.id });
    states.next(meters, 'meter-1', after, [], []);
    await states.idle();
    expect(states.counts.written).toBe(1);
  });
  it('of a stream with anything personal is never written, whether it can be read or not', async () => {
    const keys = new MemoryKeys();
    const body = canonicalize(await encryptFields({ place: 'hall', value: 'Ada', unit: 'p1' }, [{ path: 'value', subject: 'unit' }], keys));
    for (const reader of [keys, new MemoryKeys()]) {
      const { start, append, loaded, table } = given({}, reader);
      await append(...readings(30), { ...reading(20), body }, ...readings(30));
      const states = start();
      const { plain } = await loaded(states);
      states.next(meters, 'meter-1', { state: meter.initialState(), version: 18, plain: true }, [], [...readings(5), { ...reading(0), body }]);
      states.next(meters, 'meter-1', { state: meter.initialState(), version: 18, plain }, [], readings(5));
      await states.idle();
      expect([plain, table.saved, states.counts.written]).toEqual([false, undefined, 0]);
    }
  });
  it('is of one decider: with another version, another evolve or other upcasters it is passed over', async () => {
    const { start, append, loaded, table } = given();
    await append(...readings(25));
    await loaded(start());
    const counting = slice({ ...(meters as object), decider: { ...meter, evolve: (state: Meters) => ({ ...state, units: [] }) } } as never);
    const states = start();
    expect((await loaded(states, counting)).state).toEqual({ last: {}, units: [] });
    expect(states.counts.used).toBe(0);
    expect(table.saved).toMatchObject({ state: '{"last":{},"units":[]}' });
    const others = [{ ...meter, version: 2 }, { ...meter, name: 'plant.other' }, { ...meter, initialState: () => ({ last: {}, units: [null] }) }];
    const hashes = [...[meter, ...others].map((decider) => deciderHashOf(decider as unknown as AnySlice['decider'], upcasting)), deciderHashOf(meters.decider, noUpcasting)];
    expect(new Set(hashes).size).toBe(5);
  });
});

describe('a state', () => {
  it.each([
    ['a Map', { last: new Map([['hall', '1']]) }], ['a Set', new Set([1])], ['a Date', { at: new Date(0) }], ['an undefined field', { a: 1, b: undefined }],
    ['nothing at all', undefined], ['NaN', [Number.NaN]], ['a BigInt', { a: 1n }], ['an instance of a class', { a: new ReadMeter() }], ['minus zero', [-0]],
    ['more than four million characters', 'x'.repeat(4_000_001)],
  ])('with %s does not become a snapshot', (_, state) => {
    expect(snapshotText(state)).toBeUndefined();
  });
  it('that does not come back as it was is counted, and folded each time', async () => {
    const { start, append, loaded, table } = given();
    await append(...readings(25));
    const states = start();
    await loaded(states, slice({ ...(meters as object), decider: { ...meter, evolve: (state: Meters) => ({ ...state, units: undefined }) } } as never));
    expect([table.saved, states.counts.unfit, states.counts.written]).toEqual([undefined, 1, 0]);
  });
  it('keeps the order of its names, which a decider may walk over', () => {
    expect(snapshotText({ last: { yard: '1', hall: '2' }, a: [null, 'ä\u0000\ud800'] })).toBe('{"last":{"yard":"1","hall":"2"},"a":[null,"ä\\u0000\\ud800"]}');
  });
});

describe('the check of snapshots', () => {
  const wrong = (saved: StoredSnapshot | undefined) => ({ ...(saved as StoredSnapshot), state: '{"last":{"hall":"999"},"units":[]}' });

  it('folds the first one that a process uses of a decider, believes the log, and throws a wrong one away', async () => {
    const { start, append, loaded, table, incidents, folded } = given({ checkOneIn: 1_000_000_000 });
    await append(...readings(25));
    await loaded(start());
    await append(reading(25));
    table.saved = wrong(table.saved);
    const states = start();
    expect(await loaded(states)).toEqual(await folded());
    expect(incidents).toEqual([{ stream: 'meter-1', decider: 'plant.meter@1', version: 25, finding: 'differs from the fold' }]);
    expect([table.saved, states.counts]).toEqual([undefined, expect.objectContaining({ checked: 1, differed: 1, used: 0 })]);
  });
  it('trusts the next ones of that decider, but for those that are drawn', async () => {
    const { start, append, loaded, table, incidents } = given({ checkOneIn: 8 });
    await append(...readings(25));
    const states = start();
    await loaded(states);
    for (let version = 25; version < 225; version += 1) {
      await loaded(states);
      await append(reading(version));
    }
    expect(incidents).toEqual([]);
    expect(states.counts.checked + states.counts.used).toBe(200);
    expect(states.counts.checked).toBeGreaterThan(10);
    expect(states.counts.checked).toBeLessThan(50);
    const [again] = [start()];
    await loaded(again);
    const checked = await Promise.all([again, states].map(async (each) => {
      const before = each.counts.checked;
      await loaded(each);
      return each.counts.checked - before;
    }));
    expect(checked[0]).toBe(checked[1]); // drawn by stream and version, not by chance
    expect(table.saved).toBeDefined();
  });
  it('finds one that is drawn and wrong, later as well', async () => {
    const { start, append, loaded, table, incidents, folded } = given({ checkOneIn: 1 });
    await append(...readings(25));
    const states = start();
    await loaded(states);
    await loaded(states);
    table.saved = wrong(table.saved);
    expect(await loaded(states)).toEqual(await folded());
    expect(incidents).toHaveLength(1);
  });
  it('never uses a damaged one', async () => {
    const { start, append, loaded, table, incidents, folded } = given();
    await append(...readings(25));
    await loaded(start());
    Object.assign(table, { saved: wrong(table.saved), damaged: true });
    expect(await loaded(start())).toEqual(await folded());
    expect(incidents).toEqual([expect.objectContaining({ finding: 'damaged' })]);
  });
  it('folds no further than what was read, when somebody appends meanwhile', async () => {
    const { start, append, loaded, table, store } = given({ checkOneIn: 1 });
    await append(...readings(25));
    await loaded(start());
    const readStream = store.readStream.bind(store);
    store.readStream = async (stream: string) => {
      await append(reading(25));
      return readStream(stream);
    };
    const snapshot = { ...(table.saved as StoredSnapshot), damaged: false };
    table.readFrom = () => Promise.resolve({ snapshot, events: [] });
    expect(await loaded(start())).toMatchObject({ version: 25 });
  });
});

describe('writing a snapshot', () => {
  it('that fails harms nobody, and is counted', async () => {
    const { start, append, loaded, table, folded } = given();
    table.failing = true;
    await append(...readings(25));
    const states = start();
    expect(await loaded(states)).toEqual(await folded());
    expect(states.counts).toMatchObject({ failed: 1, written: 0 });
  });
  it('is done once at a time for a stream', async () => {
    const { start, append } = given();
    await append(...readings(25));
    const states = start();
    for (const version of [19, 39]) states.next(meters, 'meter-1', { state: meter.initialState(), version, plain: true }, [], readings(1));
    await states.idle();
    expect(states.counts).toMatchObject({ written: 1, skipped: 1 });
  });
  it('is bounded: what comes on top is left out, and counted', async () => {
    const { start, append } = given();
    await append(...readings(25));
    const states = start();
    const before = { state: meter.initialState(), version: 19, plain: true };
    for (let index = 0; index < 20; index += 1) states.next(meters, `meter-${index % 18}`, before, [], readings(1));
    await states.idle();
    expect(states.counts).toMatchObject({ written: 16, skipped: 4 });
  });
});
