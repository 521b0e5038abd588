import { derivedId, systemClock } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import type { Projection, RuntimeOptions } from '@touchstone/event-store';
import { openPostgresStore, Runtime } from '@touchstone/event-store';
import { blockDamaged, calibrationDue, gaugeList, GaugeRow, gauges, RegisterGauge } from './fixtures/gauges.js';
import type { FreshDatabase } from './index.js';
import { inspector, testDatabase } from './index.js';
import { asOwner } from './database.js';

const database = testDatabase();
const runtimes: Runtime[] = [];

async function start({ url, keys }: FreshDatabase, rest: Partial<RuntimeOptions> = {}): Promise<Runtime> {
  const runtime = new Runtime({
    service: 'control', url, store: await openPostgresStore({ url }), keys, clock: systemClock, contracts, slices: [gauges], projections: [gaugeList],
    reactions: [blockDamaged], deadlines: [calibrationDue], graceMs: 600, ...rest,
  });
  runtimes.push(runtime);
  await runtime.start();
  return runtime;
}
const stop = (runtime: Runtime) => runtimes.splice(runtimes.indexOf(runtime), 1)[0]?.stop();
const heldBack: { letGo(): void }[] = [];
afterEach(async () => {
  for (const one of heldBack.splice(0)) one.letGo();
  for (const runtime of [...runtimes]) await stop(runtime);
});

let count = 0;
const register = async (runtime: Runtime, many = 1) => {
  const answers = await Promise.all(Array.from({ length: many }, () => {
    count += 1;
    return runtime.commands.handle(gauges, new RegisterGauge(`g${count}`, `s${count}`), { commandId: derivedId('read-models', count), actor: inspector });
  }));
  return answers.at(-1)?.position ?? '';
};
const listed = (runtime: Runtime) => runtime.query(gaugeList).count(GaugeRow);
const list = (runtime: Runtime) => runtime.readModels.model('gauge-list');
async function until<T>(what: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const end = performance.now() + 15_000; performance.now() < end;) {
    const found = await what();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('did not happen in time');
}
const schemas = async ({ store }: FreshDatabase) =>
  (await store.pool.query<{ name: string }>(`select nspname::text as name from pg_namespace where nspname like 'gauge%' order by 1`)).rows.map(({ name }) => name);
/** Cuts off whoever writes the read models of this database. */
const cutWriters = ({ store }: FreshDatabase) => store.pool.query(
  `select pg_terminate_backend(pid) from (select distinct pid from pg_locks join pg_database on oid = database where locktype = 'advisory' and datname = current_database()) writers`,
);
const replaced = async (runtime: Runtime) => runtime.readModels.ended(await runtime.readModels.begin('gauge-list', 'replace'));

/** The list, but after so many batches it goes no further until it is let go. */
function held(projection: Projection = gaugeList) {
  let letGo = () => undefined as void;
  const gate = new Promise<void>((resolve) => { letGo = resolve; });
  const state = { left: Infinity, folded: 0, letGo: () => letGo(), projection };
  heldBack.push(state);
  state.projection = { ...projection, apply: async (events, rows) => {
    state.left -= 1;
    if (state.left < 0) await gate;
    state.folded += events.length;
    await projection.apply(events, rows);
  } };
  return state;
}

describe('a read model that is replaced', () => {
  it('answers all the while, never from less than before, and a caller sees what he has just done', async () => {
    const fresh = await database.fresh();
    const [one, two] = [await start(fresh), await start(fresh)];
    await register(one, 1_400); // more than a page
    expect(await two.reached(await register(two))).toBe(true);
    const seen: number[][] = [[], []];
    const glimpsed: number[][] = [[], []];
    let going = true;
    const glancing = [one, two].map(async (runtime, index) => { // asks without waiting for anything
      while (going) {
        glimpsed[index]?.push(await listed(runtime));
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
    });
    const asking = [one, two].map(async (runtime, index) => {
      while (going) {
        const position = await register(index === 0 ? one : two);
        expect(await runtime.reached(position)).toBe(true);
        seen[index]?.push(await listed(runtime));
      }
    });
    for (let round = 0; round < 3; round += 1) {
      expect(await replaced(one)).toMatchObject({ state: 'live', generation: round + 2 });
      const asked = seen.map(({ length }) => length);
      await until(() => seen.every(({ length }, index) => length > (asked[index] ?? 0) + 2));
    }
    await until(() => list(two).schema === 'gauge_list_v1_g4');
    going = false;
    await Promise.all([...asking, ...glancing]);
    for (const numbers of [...seen, ...glimpsed]) {
      expect(numbers.length).toBeGreaterThan(3);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      expect(numbers[0]).toBeGreaterThanOrEqual(1_401);
    }
    const total = await one.options.store.head();
    await until(async () => (await listed(two)) === total);
    expect([await listed(one), list(one).schema]).toEqual([total, 'gauge_list_v1_g4']);
    expect(await two.rebuild('gauge-list')).toMatchObject({ equal: true, seq: total });
    await until(async () => (await schemas(fresh)).length === 1);
    expect(await schemas(fresh)).toEqual(['gauge_list_v1_g4']);
  }, 60_000);

  it('holds what the log says, whatever was done to its predecessor', async () => {
    const fresh = await database.fresh();
    const runtime = await start(fresh);
    await runtime.reached(await register(runtime, 3));
    await asOwner(fresh.ownerUrl, ['delete from gauge_list_v1.gauge']);
    expect(await listed(runtime)).toBe(0);
    expect(await runtime.rebuild('gauge-list')).toMatchObject({ equal: false });
    await replaced(runtime);
    expect(await listed(runtime)).toBe(3);
    expect(await runtime.rebuild('gauge-list')).toMatchObject({ equal: true });
  });

  it('goes on from where it was when the process that built it is gone, and is the same as one built in one go', async () => {
    const fresh = await database.fresh();
    const slow = held();
    const first = await start(fresh, { projections: [slow.projection] });
    await register(first, 1_300);
    await until(async () => (await listed(first)) === 1_300);
    slow.left = 1;
    const { operation } = await first.readModels.begin('gauge-list', 'replace');
    const half = await until(async () => {
      const progress = await first.readModels.progress(operation);
      return progress?.seq ? progress : undefined;
    });
    expect(half).toMatchObject({ head: 1_300, state: 'building' });
    const begun = half.seq ?? 0; // one batch, which may be any length: it shares the pages of those that follow the log as it grew
    expect(begun).toBeLessThan(1_300);
    runtimes.splice(0); // it hangs in its second batch, and its connection is cut
    await cutWriters(fresh);
    const again = held();
    const second = await start(fresh, { projections: [again.projection] });
    expect(await second.readModels.ended(half)).toMatchObject({ state: 'live', operation, generation: 2 });
    expect(again.folded).toBe(1_300 - begun);
    expect(await second.rebuild('gauge-list')).toMatchObject({ equal: true, seq: 1_300 });
    slow.left = Infinity;
    slow.letGo();
    await until(() => list(first).schema === 'gauge_list_v1_g2'); // who was overtaken goes over to what the other built
    await first.stop();
  }, 60_000);

  it('can be cancelled and gone on with; its progress says how far it is', async () => {
    const slow = held();
    const runtime = await start(await database.fresh(), { projections: [slow.projection] });
    await register(runtime, 1_300);
    await until(async () => (await listed(runtime)) === 1_300);
    slow.left = 1;
    const { operation } = await runtime.readModels.begin('gauge-list', 'replace');
    const half = await until(async () => {
      const progress = await runtime.readModels.progress(operation);
      return progress?.seq ? progress : undefined;
    });
    expect(half).toMatchObject({ state: 'building', purpose: 'replace', head: 1_300 });
    expect(half.seq).toBeLessThan(1_300);
    expect(half.eventsPerSecond).toBeGreaterThan(0);
    expect(half.secondsLeft).toBeGreaterThan(0);
    await expect(runtime.readModels.begin('gauge-list', 'compare')).rejects.toMatchObject({ code: 'REBUILD_UNDER_WAY' });
    expect(await runtime.readModels.begin('gauge-list', 'replace')).toMatchObject({ operation });
    expect(await runtime.readModels.cancel('gauge-list')).toMatchObject({ state: 'stopped', operation });
    expect(await runtime.readModels.cancel('gauge-list')).toBeUndefined();
    slow.left = Infinity;
    slow.letGo();
    expect(await replaced(runtime)).toMatchObject({ operation, generation: 2, state: 'live' });
    expect(await runtime.rebuild('gauge-list')).toMatchObject({ equal: true });
  }, 60_000);

  it('starts over when its projection says something else than when it was stopped', async () => {
    const fresh = await database.fresh();
    const runtime = await start(fresh);
    await runtime.reached(await register(runtime, 2));
    await fresh.store.pool.query(`insert into read_model (schema, name, version, generation, state, purpose, fingerprint, ended_at) values ('gauge_list_v1_g2', 'gauge-list', 1, 2, 'stopped', 'replace', 'of another text', now())`);
    expect(await replaced(runtime)).toMatchObject({ generation: 3 });
  });

  it('that cannot be built fails, says why, and leaves the live one as it is', async () => {
    let broken = false;
    const breaking: Projection = { ...gaugeList, apply: (events, rows) => (broken ? Promise.reject(new Error('nobody foresaw this')) : gaugeList.apply(events, rows)) };
    const runtime = await start(await database.fresh(), { projections: [breaking] });
    await runtime.reached(await register(runtime, 2));
    broken = true;
    await expect(replaced(runtime)).rejects.toThrow('gauge-list: nobody foresaw this');
    expect(await listed(runtime)).toBe(2);
  }, 20_000);

  it('sends no deadline a second time', async () => {
    const fresh = await database.fresh();
    const runtime = await start(fresh);
    const answer = await runtime.commands.handle(gauges, new RegisterGauge('due', 'due', '2020-01-01T00:00:00.000Z'), { commandId: derivedId('due', 1), actor: inspector });
    await runtime.reached(answer.position);
    await until(async () => (await runtime.options.store.readStream('gauge-due', 1))[0]);
    await until(async () => (await runtime.poller.next()) === undefined);
    const head = await runtime.options.store.head();
    await runtime.readModels.ended(await runtime.readModels.begin('deadlines', 'replace'));
    expect([await runtime.poller.next(), await runtime.poller.fire()]).toEqual([undefined, 0]);
    expect(await runtime.options.store.head()).toBe(head);
  });
});

describe('a new version of a read model', () => {
  const second: Projection = { ...gaugeList, version: 2 };

  it('is built beside the old one, which other processes go on with; the old one is dropped when nobody has it any more', async () => {
    const fresh = await database.fresh();
    const old = await start(fresh);
    await old.reached(await register(old, 1_500));
    const slow = held(second);
    slow.left = 0;
    const next = await start(fresh, { projections: [slow.projection] });
    expect([list(next).ready, list(next).trouble]).toEqual([false, 'gauge-list v2: building, 0 %']);
    await old.reached(await register(old));
    expect(await listed(old)).toBe(1_501);
    slow.letGo();
    await until(() => list(next).ready);
    expect([list(next).trouble, await listed(next), await listed(old)]).toEqual([undefined, 1_501, 1_501]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await schemas(fresh)).toEqual(['gauge_list_v1', 'gauge_list_v2']);
    await old.reached(await register(next));
    await stop(old);
    await until(async () => (await schemas(fresh)).length === 1);
    expect(await schemas(fresh)).toEqual(['gauge_list_v2']);
    expect(await next.rebuild('gauge-list')).toMatchObject({ equal: true, name: 'gauge_list_v2' });
  }, 60_000);

  it('that was dropped is built again by an old process that comes back', async () => {
    const fresh = await database.fresh();
    const old = await start(fresh);
    await old.reached(await register(old, 3));
    await stop(old);
    const next = await start(fresh, { projections: [second] });
    await until(() => list(next).ready);
    await until(async () => (await schemas(fresh)).length === 1);
    const back = await start(fresh);
    await until(() => list(back).ready);
    expect(await listed(back)).toBe(3);
  }, 60_000);
});

describe('the processes of one service', () => {
  it('start at once: one writes, all see, no failure shows; another takes over when the writer goes', async () => {
    const fresh = await database.fresh();
    const all = await Promise.all([1, 2, 3].map(() => start(fresh)));
    const failures: string[] = [];
    for (const runtime of all) list(runtime).watch = { passed: () => undefined, failed: () => failures.push(list(runtime).follower.failure?.message ?? '') };
    const see = async () => {
      const position = await register(all[0] as Runtime, 20);
      expect(await Promise.all(all.map((runtime) => runtime.reached(position)))).toEqual(all.map(() => true));
      expect(await Promise.all(all.map(listed))).toEqual(all.map(() => Number(position.slice(position.lastIndexOf('@') + 1))));
    };
    for (let round = 0; round < 5; round += 1) await see();
    expect(failures).toEqual([]);
    const locks = () => fresh.store.pool.query<{ pid: number }>(`select distinct pid from pg_locks join pg_database on oid = database where locktype = 'advisory' and datname = current_database()`);
    expect((await locks()).rows.length).toBeLessThanOrEqual(2); // one for each of two read models, at most
    await cutWriters(fresh);
    await see();
    expect(failures).toEqual([]);
    expect(await (all[1] as Runtime).rebuild('gauge-list')).toMatchObject({ equal: true });
  }, 60_000);
});

describe('a follower', () => {
  it('that wants nothing of what it reads moves its position on disk all the same, in few writes', async () => {
    const fresh = await database.fresh();
    const none: Projection = { ...gaugeList, name: 'gauge-none', on: ['control.GaugeLent.v1'] };
    const runtime = await start(fresh, { projections: [none, gaugeList], reactions: [] });
    await register(runtime, 4_500);
    await until(() => runtime.readModels.model('gauge-none').follower.position === 4_500);
    const { rows } = await fresh.store.pool.query<{ seq: number }>(`select seq from checkpoint where name = 'gauge_none_v1'`);
    expect(rows[0]?.seq).toBeGreaterThan(2_000);
  }, 60_000);
  it('stops at a hole, and says so', async () => {
    const fresh = await database.fresh();
    const before = await start(fresh);
    await before.reached(await register(before, 3));
    await stop(before);
    await asOwner(fresh.ownerUrl, ['alter table event disable trigger all', 'delete from event where seq = 2', `update checkpoint set seq = 0 where name = 'gauge_list_v1'`]);
    const after = await start(fresh);
    await until(() => list(after).follower.stopped);
    expect([list(after).ready, list(after).trouble]).toEqual([false, 'gauge-list: expected event 2 after 1, found 3']);
  });
});
