import type { Clock, Decider, DomainEvent } from '@touchstone/kernel';
import { derivedId } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import { canonicalize } from '@touchstone/ledger';
import type { AnySlice, PostgresStore, SnapshotIncident, SnapshotOptions } from '@touchstone/event-store';
import { Commands, deciderHashOf, noUpcasting, slice } from '@touchstone/event-store';
import type { FreshDatabase } from './index.js';
import { asOwner, inspector, newEvent, testDatabase } from './index.js';

class CountStroke {
  readonly type = 'CountStroke';
}
interface Press {
  readonly strokes: number;
  readonly lastTool: string | null;
}
type PressEvent = DomainEvent<'plant.StrokeCounted.v1', { readonly tool: string }>;
const press: Decider<Press, CountStroke, PressEvent> = {
  name: 'plant.press', version: 1,
  initialState: () => ({ strokes: 0, lastTool: null }),
  evolve: ({ strokes }, { data }) => ({ strokes: strokes + 1, lastTool: data.tool }),
  decide: ({ strokes }) => [{ type: 'plant.StrokeCounted.v1', data: { tool: `after ${strokes}` } }],
};
const presses = slice({ decider: press, commands: { CountStroke }, stream: () => 'press-1', privateEvents: ['plant.StrokeCounted.v1'] });

const database = testDatabase();
const clock: Clock = { now: () => '2026-03-02T12:00:00.000Z', simulated: false };
const nothing = () => Promise.reject(new Error('nothing is asked here'));
let count = 0;

/** A service on this log; it says how many events it has read. */
function on({ store, keys }: Pick<FreshDatabase, 'store' | 'keys'>, rest: Partial<SnapshotOptions> = {}) {
  const read = { events: 0 };
  const counted = <T extends { readonly length: number }>(events: T): T => {
    read.events += events.length;
    return events;
  };
  const { snapshots } = store;
  const incidents: SnapshotIncident[] = [];
  const commands = new Commands({
    store: { ...store, readStream: async (stream, afterVersion) => counted(await store.readStream(stream, afterVersion)) },
    keys, clock, contracts, upcasting: noUpcasting, ports: ({ at }) => ({ at, stream: nothing, ask: nothing }),
    snapshots: {
      table: {
        readFrom: async (stream, hash) => {
          const found = await snapshots.readFrom(stream, hash);
          counted(found.events);
          return found;
        },
        save: (snapshot) => snapshots.save(snapshot), forget: (hash) => snapshots.forget(hash),
      },
      checkOneIn: Infinity, onIncident: (incident) => incidents.push(incident), ...rest,
    },
  });
  const stroke = async (of: AnySlice = presses) => {
    const answer = await commands.handle(of, new CountStroke(), { commandId: derivedId('stroke', (count += 1)), actor: inspector });
    await commands.states.idle();
    return answer;
  };
  return { read, incidents, stroke, counts: commands.states.counts };
}

async function strokes(store: PostgresStore, length: number): Promise<void> {
  const id = derivedId('strokes', (count += 1));
  await store.append({
    stream: 'press-1', expectedVersion: 'any',
    events: Array.from({ length }, () => ({ ...newEvent(`stroke ${(count += 1)}`), type: 'plant.StrokeCounted.v1', body: canonicalize({ tool: 'A' }) })),
    command: { id, bodyHash: '', answer: '', record: '' },
  });
}
const lastTool = async (store: PostgresStore, version: number) => JSON.parse((await store.readStream('press-1', version - 1))[0]?.body ?? 'null') as unknown;
const saved = async ({ store }: Pick<FreshDatabase, 'store'>) => (await store.pool.query<{ version: number; decider: string; state: string }>('select version, decider, state from snapshot')).rows;

describe('a stream of 100,000 events', () => {
  it('is read once, and from then on only as far as it has grown', async () => {
    const fresh = await database.fresh();
    for (let at = 0; at < 100_000; at += 5_000) await strokes(fresh.store, 5_000);
    const first = on(fresh);
    await first.stroke();
    expect(first.read.events).toBe(100_000);
    expect(await saved(fresh)).toEqual([{ version: 100_000, decider: 'plant.press@1', state: '{"strokes":100000,"lastTool":"A"}' }]);
    for (const grown of [1, 2, 3]) {
      const later = on(fresh);
      expect(await later.stroke()).toMatchObject({ outcome: 'accepted', version: 100_001 + grown });
      expect([later.read.events, later.counts]).toEqual([grown, expect.objectContaining({ used: 1, written: 0 })]);
    }
    expect(await lastTool(fresh.store, 100_004)).toEqual({ tool: 'after 100003' });
  });
});

describe('a snapshot in the database', () => {
  let fresh: FreshDatabase;
  beforeEach(async () => {
    fresh = await database.fresh();
    await strokes(fresh.store, 600);
    await on(fresh).stroke();
    expect(await saved(fresh)).toMatchObject([{ version: 600 }]);
  });
  /** Reads everything, decides rightly, and takes a new snapshot. */
  const isPassedOver = async (rest: Partial<SnapshotOptions> = {}, of = presses) => {
    const later = on(fresh, rest);
    expect(await later.stroke(of)).toMatchObject({ outcome: 'accepted', version: 602 });
    expect(await lastTool(fresh.store, 602)).toEqual({ tool: 'after 601' });
    expect([later.read.events, later.counts.used]).toEqual([601, 0]);
    return later;
  };

  it('is for one decider and one text of it', async () => {
    const other = slice({ ...(presses as object), decider: { ...press, evolve: (state: Press, event: PressEvent) => press.evolve(state, event) } } as never);
    await isPassedOver({}, other);
    expect(await saved(fresh)).toMatchObject([{ version: 601 }]);
    const { rows } = await fresh.store.pool.query('select from snapshot where decider_hash = $1', [deciderHashOf(other.decider, noUpcasting)]);
    expect(rows).toHaveLength(1);
  });
  it('counts for nothing when another event stands at its version, as after a restore', async () => {
    await fresh.store.pool.query('update snapshot set event_id = $1', [derivedId('another future')]);
    await isPassedOver();
  });
  it('counts for nothing when the log does not reach so far, as after a restore', async () => {
    await fresh.store.pool.query('update snapshot set version = 700');
    await isPassedOver();
  });
  it('that was changed by anybody is not used, told, and thrown away', async () => {
    await fresh.store.pool.query(`update snapshot set state = '{"strokes":7,"lastTool":"A"}'`);
    const later = on(fresh);
    expect(await later.stroke()).toMatchObject({ version: 602 });
    expect(await lastTool(fresh.store, 602)).toEqual({ tool: 'after 601' });
    expect(later.incidents).toEqual([{ stream: 'press-1', decider: 'plant.press@1', version: 600, finding: 'damaged' }]);
    expect(await saved(fresh)).toEqual([]);
  });
  it('that its decider would not come to any more is found at its first use in a process', async () => {
    const hash = deciderHashOf(presses.decider, noUpcasting);
    const [event] = await fresh.store.readStream('press-1', 599);
    const wrong = { stream: 'press-1', decider: 'plant.press@1', deciderHash: hash, version: 600, eventId: event?.id ?? '', state: '{"strokes":7,"lastTool":"A"}' };
    await fresh.store.snapshots.save(wrong);
    const later = on(fresh, { checkOneIn: 1_000_000_000 });
    await later.stroke();
    expect(await lastTool(fresh.store, 602)).toEqual({ tool: 'after 601' });
    expect(later.incidents).toEqual([expect.objectContaining({ finding: 'differs from the fold' })]);
    expect(await saved(fresh)).toEqual([]);
  });
  it('is read together with those of other streams in one round trip, each its own', async () => {
    const hash = deciderHashOf(presses.decider, noUpcasting);
    const [with600, without, unknown] = await Promise.all([
      fresh.store.snapshots.readFrom('press-1', hash), fresh.store.snapshots.readFrom('press-1', 'of another decider'), fresh.store.snapshots.readFrom('press-2', hash),
    ]);
    expect([with600.snapshot?.version, with600.events.map(({ version }) => version)]).toEqual([600, [601]]);
    expect([without.snapshot, without.events.map(({ version }) => version)]).toEqual([undefined, Array.from({ length: 601 }, (_, index) => index + 1)]);
    expect(unknown).toEqual({ events: [] });
  });
  it('does not hide a hole in the log behind it', async () => {
    await asOwner(fresh.ownerUrl, [`update event set version = 603 where stream = 'press-1' and version = 601`]);
    await expect(on(fresh).stroke()).rejects.toMatchObject({ code: 'HOLE_IN_LOG' });
  });
  it('may be lost at any time', async () => {
    await fresh.store.pool.query('delete from snapshot');
    await isPassedOver();
    expect(await saved(fresh)).toMatchObject([{ version: 601 }]);
  });
});
