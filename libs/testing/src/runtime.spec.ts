import type { Clock, Instant } from '@touchstone/kernel';
import { derivedId } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import type { Deadline, Projection, RuntimeOptions } from '@touchstone/event-store';
import { metaOf, openPostgresStore, ParkedDecisions, Runtime } from '@touchstone/event-store';
import type { GaugeCommand } from './fixtures/gauges.js';
import { blockDamaged, BlockGauge, calibrationDue, gaugeList, GaugeRow, gauges, LendGauge, RegisterGauge, ReturnGauge } from './fixtures/gauges.js';
import type { FreshDatabase } from './index.js';
import { inspector, testDatabase } from './index.js';

const database = testDatabase();

/** Stands until a spec moves it; not marked as simulated, so deadlines are polled as in production. */
class SpecClock implements Clock {
  readonly simulated = false;
  at: Instant = '2026-03-02T12:00:00.000Z';
  now = () => this.at;
}

const runtimes: Runtime[] = [];
async function start({ url, keys }: FreshDatabase, rest: Partial<RuntimeOptions> = {}): Promise<Runtime> {
  const store = await openPostgresStore({ url });
  const runtime = new Runtime({
    service: 'control', url, store, keys, clock: new SpecClock(), contracts, slices: [gauges], projections: [gaugeList], reactions: [blockDamaged], deadlines: [calibrationDue], ...rest,
  });
  runtimes.push(runtime);
  await runtime.start();
  return runtime;
}
const stop = (runtime: Runtime) => runtimes.splice(runtimes.indexOf(runtime), 1)[0]?.stop();
afterEach(async () => {
  for (const runtime of [...runtimes]) await stop(runtime);
});

let count = 0;
const handle = (runtime: Runtime, command: GaugeCommand, context: object = {}) =>
  runtime.commands.handle(gauges, command, { commandId: derivedId('runtime', (count += 1)), actor: inspector, ...context });

/** A gauge that comes back in a condition. */
async function comesBack(runtime: Runtime, gaugeId: string, condition: string, context: object = {}): Promise<void> {
  await handle(runtime, new RegisterGauge(gaugeId, `serial of ${gaugeId}`), context);
  await handle(runtime, new LendGauge(gaugeId, 'p1', 'Ada Canary'), context);
  await handle(runtime, new ReturnGauge(gaugeId, condition), context);
}

/** Until every follower stands at the head, and stays there. */
async function settled(runtime: Runtime): Promise<void> {
  for (let waited = 0; waited < 400; waited += 1) {
    const head = await runtime.options.store.head();
    if (runtime.followers.every(({ position }) => position === head)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`not settled: ${runtime.followers.map(({ name, position, failure }) => `${name} ${position} ${String(failure)}`).join(', ')}`);
}

async function until<T>(what: () => Promise<T | undefined>): Promise<T> {
  for (let waited = 0; waited < 400; waited += 1) {
    const found = await what();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('did not happen in time');
}

const decisionsOf = ({ parking, reactions }: Runtime) => new ParkedDecisions(parking, (name) => reactions.find(({ follower }) => follower.name === name));
const types = async (runtime: Runtime, gaugeId: string) => (await runtime.options.store.readStream(`gauge-${gaugeId}`)).map(({ type }) => type.split('.')[1]);

describe('a read model', () => {
  it('shows to a caller what he has just done', async () => {
    const runtime = await start(await database.fresh());
    const { position } = await handle(runtime, new RegisterGauge('g1', 's1'));
    expect(await runtime.reached(position)).toBe(true);
    expect(await runtime.query(gaugeList).find(GaugeRow)).toMatchObject([{ gaugeId: 'g1', serialNumber: 's1', timesLent: 0 }]);
    await expect(runtime.reached('planning:test:1@1')).rejects.toMatchObject({ code: 'FOREIGN_POSITION' });
  });
  it('is the same when it is rebuilt from zero, and nothing happens a second time', async () => {
    const runtime = await start(await database.fresh());
    for (const gaugeId of ['g1', 'g2', 'g3']) await comesBack(runtime, gaugeId, gaugeId === 'g2' ? 'damaged' : 'good');
    await settled(runtime);
    const head = await runtime.options.store.head();
    const report = await runtime.rebuild('gauge-list');
    expect(report).toMatchObject({ name: 'gauge_list_v1', equal: true, seq: head });
    expect(report.liveHash).toMatch(/^[0-9a-f]{64}$/);
    expect(await runtime.rebuild('deadlines')).toMatchObject({ equal: true });
    await handle(runtime, new BlockGauge('g1', 'worn'));
    await settled(runtime);
    expect(await runtime.options.store.head()).toBe(head + 1);
    expect(await runtime.rebuild('gauge-list').then(({ liveHash }) => liveHash)).not.toBe(report.liveHash);
  });
  it('that does not follow from the log alone is found out by its rebuild', async () => {
    let applied = 0;
    const planted: Projection = { ...gaugeList, apply: async (events, rows) => {
      await gaugeList.apply(events, rows);
      const row = rows(GaugeRow).get({ gaugeId: 'g1' });
      if (row) rows(GaugeRow).put({ ...row, serialNumber: String((applied += 1)) });
    } };
    const runtime = await start(await database.fresh(), { projections: [planted] });
    await handle(runtime, new RegisterGauge('g1', 's1'));
    await settled(runtime);
    const report = await runtime.rebuild('gauge-list');
    expect([report.equal, report.liveHash === report.rebuiltHash]).toEqual([false, false]);
  });
  it('may be filled by two processes at once', async () => {
    const fresh = await database.fresh();
    const [one, two] = [await start(fresh), await start(fresh)];
    await Promise.all(Array.from({ length: 30 }, (_, index) => handle(index % 2 ? one : two, new RegisterGauge(`g${index}`, `s${index}`))));
    await Promise.all([settled(one), settled(two)]);
    expect(await one.query(gaugeList).count(GaugeRow)).toBe(30);
    await stop(two);
    await settled(one);
    expect(await one.rebuild('gauge-list')).toMatchObject({ equal: true, seq: 30 });
  });
});

describe('a reaction', () => {
  it('sends commands that name what they follow from', async () => {
    const runtime = await start(await database.fresh());
    await comesBack(runtime, 'g1', 'damaged');
    const blocked = await until(async () => (await runtime.options.store.readStream('gauge-g1', 3))[0]);
    const [returned] = await runtime.options.store.readStream('gauge-g1', 2);
    expect(blocked.body).toBe('{"gaugeId":"g1","reason":"came back damaged"}');
    expect(metaOf(blocked)).toMatchObject({ actor: 'system:control:block-damaged', causationId: returned?.id, correlationId: returned && metaOf(returned).correlationId });
  });
  it('that sees its events again changes nothing', async () => {
    const fresh = await database.fresh();
    const first = await start(fresh);
    await comesBack(first, 'g1', 'damaged');
    await until(async () => (await first.options.store.readStream('gauge-g1', 3))[0]);
    await settled(first);
    const head = await first.options.store.head();
    await stop(first);
    await fresh.store.pool.query(`update checkpoint set seq = 0 where name = 'reaction:block-damaged'`);
    const second = await start(fresh);
    await settled(second);
    expect(await second.options.store.head()).toBe(head);
  });
  it('that is added to a running service begins at the head, unless it says otherwise', async () => {
    const fresh = await database.fresh();
    const before = await start(fresh, { reactions: [{ ...blockDamaged, name: 'older', on: [] }] });
    await comesBack(before, 'g1', 'damaged');
    await settled(before);
    await stop(before);
    const added = await start(fresh, { reactions: [blockDamaged] });
    await settled(added);
    expect(await types(added, 'g1')).not.toContain('GaugeBlocked');
    await stop(added);
    const whole = await start(fresh, { reactions: [{ ...blockDamaged, name: 'block-all-damaged', from: 'beginning' }] });
    await until(async () => (await types(whole, 'g1')).find((type) => type === 'GaugeBlocked'));
  });
  it('that fails parks its stream, encrypted as it is stored, while the others flow', async () => {
    const runtime = await start(await database.fresh());
    await comesBack(runtime, 'g1', 'unforeseen');
    await handle(runtime, new LendGauge('g1', 'p1', 'Ada Canary'));
    await handle(runtime, new ReturnGauge('g1', 'damaged'));
    await comesBack(runtime, 'g2', 'damaged');
    await until(async () => (await types(runtime, 'g2')).find((type) => type === 'GaugeBlocked'));
    const parked = await until(async () => ((await runtime.parking.list()).length === 2 ? runtime.parking.list() : undefined));
    expect(parked.map(({ consumer, stream, error }) => [consumer, stream, error])).toEqual([
      ['reaction:block-damaged', 'gauge-g1', 'nobody foresaw this of g1'],
      ['reaction:block-damaged', 'gauge-g1', 'waits for what is parked before it on its stream'],
    ]);
    expect(await types(runtime, 'g1')).not.toContain('GaugeBlocked');
    await decisionsOf(runtime).discard({ consumer: 'reaction:block-damaged', stream: 'gauge-g1' }, 'admin-1', 'looked into by hand');
    await handle(runtime, new LendGauge('g1', 'p1', 'Ada Canary'));
    await handle(runtime, new ReturnGauge('g1', 'damaged'));
    await until(async () => (await types(runtime, 'g1')).find((type) => type === 'GaugeBlocked'));
  });
  it.each(['57P02', '53100', '40001', 'ECONNREFUSED', 'APPEND_OUTCOME_UNKNOWN'])('that meets a database in trouble (%s) parks nothing, says so, and goes on when that is over', async (code) => {
    let trouble = true;
    const runtime = await start(await database.fresh(), {
      reactions: [{ ...blockDamaged, send: (event, ports) => {
        if (trouble) throw Object.assign(new Error('the database is in trouble'), { code });
        return blockDamaged.send(event, ports);
      } }],
    });
    await comesBack(runtime, 'g1', 'damaged');
    const [reaction] = runtime.reactions;
    await until(() => Promise.resolve(reaction?.follower.failure));
    trouble = false;
    await settled(runtime);
    expect(await runtime.parking.list()).toEqual([]);
    expect(await types(runtime, 'g1')).toContain('GaugeBlocked');
  });
  it('parks nothing personal in plain text, and a person can have it sent again', async () => {
    let mended = false;
    const names: unknown[] = [];
    const onLent = { name: 'on-lent', on: ['control.GaugeLent.v1'], send: ({ data }: { data: unknown }) => {
      if (!mended) throw new Error('not mended yet');
      const { gaugeId, personName } = data as { gaugeId: string; personName: string };
      names.push(personName);
      return [{ slice: gauges, command: new BlockGauge(gaugeId, 'lent by mistake') }];
    } };
    const runtime = await start(await database.fresh(), { reactions: [onLent] });
    await comesBack(runtime, 'g1', 'good');
    const [parked] = await until(async () => ((await runtime.parking.list()).length > 0 ? runtime.parking.list() : undefined));
    if (!parked) throw new Error('nothing was parked');
    expect(parked.event).toContain('A256GCM');
    expect(parked.event).not.toContain('Canary');
    mended = true;
    await decisionsOf(runtime).replay(parked, 'admin-1', 'mended');
    expect(names).toEqual(['Ada Canary']);
    expect(await types(runtime, 'g1')).toContain('GaugeBlocked');
    expect(await runtime.parking.list()).toEqual([]);
  });
});

describe('a deadline', () => {
  const dueAt = '2026-04-01T00:00:00.000Z';

  it('sends its command when it is due, once', async () => {
    const clock = new SpecClock();
    const runtime = await start(await database.fresh(), { clock });
    await handle(runtime, new RegisterGauge('g1', 's1', dueAt));
    await settled(runtime);
    expect(await runtime.poller.next()).toBe(dueAt);
    expect(await runtime.poller.fire()).toBe(0);
    clock.at = '2026-04-02T00:00:00.000Z';
    const blocked = await until(async () => (await runtime.options.store.readStream('gauge-g1', 1))[0]);
    expect(blocked.body).toBe('{"gaugeId":"g1","reason":"calibration is due"}');
    expect(metaOf(blocked)).toMatchObject({ actor: 'system:control:calibration-due', occurredAt: dueAt, recordedAt: clock.at });
    await until(async () => ((await runtime.poller.next()) === undefined ? true : undefined));
    expect(await runtime.poller.fire()).toBe(0);
  });
  it('that fails does not hold up the others', async () => {
    const clock = new SpecClock();
    const nobody: Deadline = { ...calibrationDue, name: 'a-command-that-was-removed', set: {
      'control.GaugeRegistered.v1': () => ({ key: 'g', dueAt, command: { type: 'Removed' } }),
    } };
    const runtime = await start(await database.fresh(), { clock, deadlines: [nobody, calibrationDue] });
    await handle(runtime, new RegisterGauge('g1', 's1', dueAt));
    await settled(runtime);
    clock.at = dueAt;
    await until(async () => (await runtime.options.store.readStream('gauge-g1', 1))[0]);
    await until(() => Promise.resolve(runtime.poller.failure));
    expect(runtime.poller.failure?.message).toBe('deadline a-command-that-was-removed sends Removed, which nobody takes any more');
    expect((await runtime.options.store.pool.query('select from deadline_sent')).rowCount).toBe(1);
  });
});

describe('a migrated record', () => {
  it.each([['starts nothing', ['migrated'] as const, []], ['that was not migrated starts what it should', undefined, ['GaugeBlocked', 'GaugeBlocked']]])('%s', async (_, provenance, expected) => {
    const clock = new SpecClock();
    const runtime = await start(await database.fresh(), { clock });
    const context = { occurredAt: '2025-01-01T00:00:00.000Z', ...(provenance && { provenance }) };
    await comesBack(runtime, 'damaged', 'damaged', context);
    await handle(runtime, new RegisterGauge('due', 'serial', '2025-06-01T00:00:00.000Z'), context);
    await settled(runtime);
    await runtime.poller.fire();
    await settled(runtime);
    const blocked = [...(await types(runtime, 'damaged')), ...(await types(runtime, 'due'))].filter((type) => type === 'GaugeBlocked');
    expect(blocked).toEqual(expected);
    expect(await runtime.query(gaugeList).count(GaugeRow)).toBe(2);
  });
});
