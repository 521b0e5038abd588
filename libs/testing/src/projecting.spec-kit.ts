/** A process that writes a read model, and dies of SIGKILL at a step of its next page. It is told what to do over its channel. */
import { randomBytes } from 'node:crypto';
import type { Projection } from '@touchstone/event-store';
import { LogFeed, noUpcasting, openPostgresStore, PostgresSubjectKeys, ReadModel } from '@touchstone/event-store';
import { gaugeList } from './fixtures/gauges.js';

/** Steps inside the process; what the server does in between is held up by whoever watches. */
export type OwnStep = 'the page is read' | 'the rows are made' | 'it is committed' | 'it is told';
export type Order = { readonly catchUp: string } | { readonly dieAt?: OwnStep };
export type Report = 'loaded' | 'caught up' | 'armed';

const PATIENCE_MS = 60_000;

let dieAt: OwnStep | undefined;

function reached(step: OwnStep): void {
  if (step === dieAt) process.kill(process.pid, 'SIGKILL');
}

const dying: Projection = {
  ...gaugeList,
  apply: async (events, rows) => {
    reached('the page is read');
    await gaugeList.apply(events, rows);
    reached('the rows are made');
  },
};

async function catchUp(url: string): Promise<void> {
  const store = await openPostgresStore({ url });
  const { pool } = store;
  const ask = pool.query.bind(pool) as (...asked: unknown[]) => Promise<unknown>;
  pool.query = (async (...asked: unknown[]) => {
    const answer = await ask(...asked);
    if ((asked[0] as { text?: string }).text?.startsWith('with moved')) reached('it is committed');
    return answer;
  }) as typeof pool.query;
  const model = new ReadModel(dying, { pool, url, feed: new LogFeed(store, new PostgresSubjectKeys(pool, randomBytes(32)), noUpcasting) });
  await model.open();
  model.follower.watch = { passed: () => reached('it is told'), failed: () => undefined };
  model.follower.start();
  if (!(await model.follower.reached(await store.head(), PATIENCE_MS))) throw model.follower.failure ?? new Error('the read model stands still');
}

const say = (report: Report): void => void process.send?.(report);

process.on('message', (order: Order) => {
  if ('catchUp' in order) void catchUp(order.catchUp).then(() => say('caught up'));
  else {
    ({ dieAt } = order);
    say('armed');
  }
});
process.on('disconnect', () => process.exit());
say('loaded');
