import type { Upcaster } from '@touchstone/kernel';
import { upcaster } from '@touchstone/kernel';
import { canonicalize } from '@touchstone/ledger';
import type { PublicEvents } from './declared-events.js';
import { upcastingOf } from './declared-events.js';
import { decode } from './decode.js';
import { MemoryKeys } from './memory/memory-keys.js';
import { encryptFields, UNREADABLE } from './personal.js';
import type { AnySlice } from './slice.js';
import type { StoredEvent } from './store.js';
import { checkVersions, EventVersionsBroken, noUpcasting, Upcasting } from './upcast.js';

const step = (from: string, to: string): Upcaster => upcaster(from, to, (data) => ({ ...(data as object), [to.slice(-2)]: true }));
const moved = [step('control.LotMoved.v1', 'control.LotMoved.v2'), step('control.LotMoved.v2', 'control.LotMoved.v3')];
const stored = (type: string, body: object): StoredEvent => ({
  seq: 1, id: '00000000-0000-5000-8000-000000000000', stream: 'lot-1', version: 1, type, body: canonicalize(body), meta: '{}',
});
const found = (run: () => unknown): readonly string[] => {
  try {
    run();
  } catch (error) {
    if (error instanceof EventVersionsBroken) return error.findings;
    throw error;
  }
  return [];
};

describe('an event of an older version', () => {
  it('is read as the newest one, step by step, and says what it was', async () => {
    const event = stored('control.LotMoved.v1', { to: 'b' });
    const read = await decode(event, new MemoryKeys(), new Upcasting(moved.toReversed()));
    expect(read).toMatchObject({ type: 'control.LotMoved.v3', recordedAs: 'control.LotMoved.v1' });
    expect(read.data).toEqual({ to: 'b', v2: true, v3: true });
    expect(event).toEqual(stored('control.LotMoved.v1', { to: 'b' }));
  });
  it('of the newest version, or without any other, is read as it stands', async () => {
    for (const type of ['control.LotMoved.v3', 'control.LotSplit.v1', 'CommandRefused']) {
      const read = await decode(stored(type, { to: 'b' }), new MemoryKeys(), new Upcasting(moved));
      expect([read.type, read.data, 'recordedAs' in read]).toEqual([type, { to: 'b' }, false]);
    }
  });
  it('is upcast from what was decrypted, and from the marker when that can no longer be read', async () => {
    const keys = new MemoryKeys();
    const body = await encryptFields({ name: 'Ada', personId: 'p1' }, [{ path: 'name', subject: 'personId' }], keys);
    const greeting = new Upcasting([upcaster('a.Met.v1', 'a.Met.v2', (data) => ({ greeting: `met ${(data as { name: string }).name}` }))]);
    expect((await decode(stored('a.Met.v1', body), keys, greeting)).data).toEqual({ greeting: 'met Ada' });
    expect((await decode(stored('a.Met.v1', body), new MemoryKeys(), greeting)).data).toEqual({ greeting: `met ${UNREADABLE}` });
  });
  it('is asked for under all names that lead to the newest', () => {
    const upcasting = new Upcasting([...moved, step('control.LotSplit.v1', 'control.LotSplit.v2')]);
    expect(upcasting.withAncestors(['control.LotMoved.v3', 'control.LotClosed.v1']).toSorted())
      .toEqual(['control.LotClosed.v1', 'control.LotMoved.v1', 'control.LotMoved.v2', 'control.LotMoved.v3']);
    expect(noUpcasting.withAncestors(['control.LotMoved.v3'])).toEqual(['control.LotMoved.v3']);
  });
});

describe('a chain of upcasters', () => {
  it.each([
    ['goes back', step('control.LotMoved.v3', 'control.LotMoved.v2')],
    ['goes round in a circle', step('control.LotMoved.v3', 'control.LotMoved.v3')],
    ['leaves a version out', step('control.LotMoved.v3', 'control.LotMoved.v5')],
    ['leads to another event', step('control.LotMoved.v3', 'control.LotShifted.v4')],
    ['begins at a type without a version', step('LotMoved', 'LotMoved.v2')],
  ])('that %s is refused', (_, wrong) => {
    expect(found(() => new Upcasting([...moved, wrong]))).toEqual([`${wrong.from} → ${wrong.to}: an upcaster leads to the next version of the same event`]);
  });
  it('with two ways on from one version is refused', () => {
    expect(found(() => new Upcasting([...moved, step('control.LotMoved.v1', 'control.LotMoved.v2')]))).toEqual(['control.LotMoved.v1: two upcasters begin here']);
  });
  it('has another hash when an upcaster says something else', () => {
    const other = { ...moved[0], from: 'control.LotMoved.v1', to: 'control.LotMoved.v2', upcast: () => ({}) };
    expect(new Upcasting([other]).hash).not.toBe(new Upcasting(moved.slice(0, 1)).hash);
    expect(new Upcasting(moved.toReversed()).hash).toBe(new Upcasting(moved).hash);
  });
});

describe('the versions that a service declares', () => {
  const [known, written] = [['control.LotMoved.v3', 'control.LotSplit.v1'], ['control.LotMoved.v3', 'control.LotSplit.v1']];
  const findings = (rest: Partial<Parameters<typeof checkVersions>[1]>, upcasting = new Upcasting(moved)) => found(() => checkVersions(upcasting, { known, written, wanted: [], ...rest }));

  it('fit together when each older one leads to one that is written', () => expect(findings({})).toEqual([]));
  it('may not leave an older one without a way on', () => {
    expect(findings({}, new Upcasting(moved.slice(1)))).toEqual(['control.LotMoved.v1: no upcaster leads on from here, and nobody writes it']);
    expect(findings({}, new Upcasting(moved.slice(0, 1)))).toContain('control.LotMoved.v2: no upcaster leads on from here, and nobody writes it');
  });
  it('may stand side by side while both are written, without an upcaster', () => {
    expect(findings({ known: [...known, 'control.LotSplit.v2'], written: [...written, 'control.LotSplit.v2'] })).toEqual([]);
  });
  it('may not end in a type that nobody declares', () => {
    expect(findings({ known: known.slice(1), written: written.slice(1) })).toEqual(['control.LotMoved.v3: upcasters end here, but no contract and no slice declares it']);
  });
  it('may not retire a version that is still written', () => {
    expect(findings({ written: [...written, 'control.LotMoved.v2'] })).toEqual(['control.LotMoved.v2: has an upcaster and is still written']);
  });
  it('are named by handlers in the newest version only', () => {
    expect(findings({ wanted: [{ type: 'control.LotMoved.v1', by: 'the read model lots' }] }))
      .toEqual(['the read model lots names control.LotMoved.v1: handlers name the newest version, control.LotMoved.v3']);
  });
  it('of a public event are no business of a slice', () => {
    const contracts: PublicEvents = {
      events: [{ type: 'control.LotMoved.v3' }], upcasters: [], isPublic: (type) => type === 'control.LotMoved.v3', isWritten: () => true, personalFields: () => [], check: () => undefined,
    };
    const slices = [{ privateEvents: [], upcasters: moved } as unknown as AnySlice];
    expect(found(() => upcastingOf({ contracts, slices, projections: [], reactions: [], deadlines: [] }))).toEqual(['control.LotMoved.v2: the upcaster of a public event stands beside its contract']);
  });
});
