import type { RecordedEvent } from '@touchstone/kernel';
import { derivedId, systemClock } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import type { Reaction } from '@touchstone/event-store';
import { openPostgresStore, ParkedDecisions, Runtime } from '@touchstone/event-store';
import type { GaugeCommand } from './fixtures/gauges.js';
import { BlockGauge, gauges, LendGauge, RegisterGauge, ReturnGauge } from './fixtures/gauges.js';
import type { FreshDatabase } from './index.js';
import { inspector, testDatabase } from './index.js';

const database = testDatabase();
const runtimes: Runtime[] = [];
/** Conditions that nobody foresaw, and what was made of each return. */
let unforeseen: Set<string>;
let seen: string[];
beforeEach(() => {
  unforeseen = new Set();
  seen = [];
});
afterEach(async () => {
  for (const runtime of runtimes.splice(0)) await runtime.stop();
});

const conditionOf = ({ data }: RecordedEvent) => (data as { condition: string }).condition;
const noteReturns: Reaction = {
  name: 'note-returns', on: ['control.GaugeReturned.v1'],
  send: (event) => {
    if (unforeseen.has(conditionOf(event))) throw new Error(`nobody foresaw ${conditionOf(event)}`);
    seen.push(conditionOf(event));
    return [];
  },
};

async function start({ url, keys }: FreshDatabase, reaction: Reaction = noteReturns): Promise<Runtime> {
  const store = await openPostgresStore({ url });
  const runtime = new Runtime({ service: 'control', url, store, keys, clock: systemClock, contracts, slices: [gauges], projections: [], reactions: [reaction], deadlines: [] });
  runtimes.push(runtime);
  await runtime.start();
  return runtime;
}

let count = 0;
const handle = (runtime: Runtime, command: GaugeCommand) => runtime.commands.handle(gauges, command, { commandId: derivedId('parked reactions', (count += 1)), actor: inspector });
async function comesBack(runtime: Runtime, gaugeId: string, ...conditions: string[]): Promise<void> {
  await handle(runtime, new RegisterGauge(gaugeId, `serial of ${gaugeId}`));
  for (const condition of conditions) {
    await handle(runtime, new LendGauge(gaugeId, 'p1', 'Ada Canary'));
    await handle(runtime, new ReturnGauge(gaugeId, condition));
  }
}
async function settled(runtime: Runtime): Promise<void> {
  for (let waited = 0; waited < 1_000; waited += 1) {
    const head = await runtime.options.store.head();
    if (runtime.followers.every(({ position }) => position === head)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('not settled');
}
const decisionsOf = ({ parking, reactions }: Runtime) => new ParkedDecisions(parking, (name) => reactions.find(({ follower }) => follower.name === name));
const consumer = 'reaction:note-returns';
const stream = { consumer, stream: 'gauge-g1' };
const errors = async ({ parking }: Runtime) => (await parking.list({ state: 'parked' })).map(({ error }) => error);

describe('a stream that a reaction parked', () => {
  it('is replayed in its order up to the next event that fails, and flows again when the last one is decided', async () => {
    const runtime = await start(await database.fresh());
    unforeseen = new Set(['b', 'd']);
    await comesBack(runtime, 'g1', 'a', 'b', 'c', 'd', 'e');
    await comesBack(runtime, 'g2', 'z');
    await settled(runtime);
    expect([seen.toSorted(), await errors(runtime)]).toEqual([['a', 'z'], ['nobody foresaw b', ...Array.from({ length: 3 }, () => 'waits for what is parked before it on its stream')]]);
    unforeseen = new Set(['d']);
    seen = [];
    expect(await decisionsOf(runtime).replay(stream, 'ada', 'mended')).toMatchObject({ eventIds: { length: 2 }, failed: { error: 'nobody foresaw d' }, left: 2 });
    expect(seen).toEqual(['b', 'c']);
    const { failed } = await decisionsOf(runtime).dryRun('replayed', stream);
    expect(failed).toBeUndefined();
    const [fourth] = await runtime.parking.list({ state: 'parked' });
    await decisionsOf(runtime).discard({ consumer, eventId: fourth?.eventId }, 'ada', 'nothing to note');
    expect(await decisionsOf(runtime).replay(stream, 'ada', 'go on')).toMatchObject({ eventIds: { length: 1 }, left: 0 });
    await handle(runtime, new LendGauge('g1', 'p1', 'Ada Canary'));
    await handle(runtime, new ReturnGauge('g1', 'f'));
    await settled(runtime);
    expect(seen).toEqual(['b', 'c', 'e', 'f']);
  });

  it('in one process flows again in another that had parked it, too', async () => {
    const fresh = await database.fresh();
    unforeseen = new Set(['a']);
    const [one, two] = [await start(fresh), await start(fresh)];
    await comesBack(one, 'g1', 'a');
    await Promise.all([settled(one), settled(two)]);
    unforeseen = new Set();
    await decisionsOf(one).replay(stream, 'ada', 'mended');
    await handle(one, new LendGauge('g1', 'p1', 'Ada Canary'));
    await handle(one, new ReturnGauge('g1', 'b'));
    await Promise.all([settled(one), settled(two)]);
    expect(await errors(two)).toEqual([]);
    expect(seen).toEqual(['a', 'b', 'b']); // each process has reacted: the ids of commands are derived
  });

  it('is not reacted to again after a restart, whatever was decided', async () => {
    const fresh = await database.fresh();
    const first = await start(fresh);
    unforeseen = new Set(['b', 'd']);
    await comesBack(first, 'g1', 'b');
    await comesBack(first, 'g2', 'd');
    await settled(first);
    unforeseen = new Set();
    await decisionsOf(first).discard(stream, 'ada', 'never');
    await decisionsOf(first).replay({ consumer, stream: 'gauge-g2' }, 'ada', 'mended');
    await runtimes.pop()?.stop();
    await fresh.store.pool.query(`update checkpoint set seq = 0 where name = $1`, [consumer]); // killed before the checkpoint was written
    await settled(await start(fresh));
    expect(seen).toEqual(['d']);
  });

  it('does nothing twice of which a part was done before it failed, also when it says it in other words by now', async () => {
    let broken = true;
    let words = 'came back odd';
    const runtime = await start(await database.fresh(), {
      ...noteReturns, send: () => [
        { slice: gauges, command: new BlockGauge('g1', words) },
        { slice: broken ? { ...gauges, stream: () => { throw new Error('no such stream'); } } : gauges, command: new BlockGauge('g2', 'with g1') },
      ],
    });
    await handle(runtime, new RegisterGauge('g2', 'serial of g2'));
    await comesBack(runtime, 'g1', 'odd');
    await settled(runtime);
    expect(await errors(runtime)).toEqual(['no such stream']);
    broken = false;
    words = 'came back strange';
    expect(await decisionsOf(runtime).replay(stream, 'ada', 'mended')).toMatchObject({ eventIds: { length: 1 }, left: 0 });
    const blocked = (await runtime.options.store.readAll(0, 100)).filter(({ type }) => type === 'control.GaugeBlocked.v1').map(({ body }) => body);
    expect(blocked).toEqual(['{"gaugeId":"g1","reason":"came back odd"}', '{"gaugeId":"g2","reason":"with g1"}']);
  });
});
