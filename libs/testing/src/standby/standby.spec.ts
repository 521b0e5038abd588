import type { Append, EventStore } from '@touchstone/event-store';
import type { History } from '../history/history-checker.js';
import { checkHistory, HistoryRecorder, kindsOf } from '../history/history-checker.js';
import { runWorkload } from '../history/workload.spec-kit.js';
import { newAppend } from '../store-checks.js';
import type { Site } from './site.spec-kit.js';
import { atSite, rowsOf, until, waiting } from './site.spec-kit.js';

/** Clients at work when the primary is killed after so many answers; the standby takes its place, and they go on there. */
async function failOver({ primary, standby, door, store }: Site, { cutOffAfter, killAfter }: { cutOffAfter?: number; killAfter: number }): Promise<History> {
  const recorder = new HistoryRecorder();
  const unknown: Append[] = [];
  let answered = 0;
  let killed: Promise<void> | undefined;
  const watched: Pick<EventStore, 'append'> = { append: async (wanted) => {
    const result = await store.append(wanted).catch((error: unknown) => {
      unknown.push(wanted);
      throw error;
    });
    answered += 1;
    if (answered === cutOffAfter) standby.cutOff();
    if (answered >= killAfter) killed ??= primary.kill();
    return result;
  } };
  await runWorkload(recorder.wrap<EventStore>({ ...store, ...watched }), { seed: 21, writers: 16, steps: Infinity, plain: true });
  await killed;
  recorder.crashed();
  await standby.promote();
  door.lead(standby.port);
  const recorded = recorder.wrap<EventStore>(store);
  await until(() => store.durable().then(() => true, () => false), 'the promoted standby takes a flush');
  for (const wanted of unknown) await recorded.append(wanted);
  await runWorkload(recorded, { seed: 22, claims: true });
  return recorder.finish(store);
}

const found = (history: History) => checkHistory(history).map(({ kind, what }) => `${kind}: ${what}`);
const told = ({ operations }: History) => operations.flatMap((operation) => (operation.kind === 'append' ? [operation.outcome.status] : []));

describe('a primary killed under load, and its standby promoted', () => {
  it('lose nothing that was acknowledged when commits wait for the standby; what was under way is unknown and resolved by command id', async () => {
    const history = await atSite(true, (site) => failOver(site, { killAfter: 400 }));
    expect(found(history)).toEqual([]);
    expect(told(history).filter((status) => status === 'appended').length).toBeGreaterThan(400);
    expect(told(history)).toContain('unknown');
    expect(history.crashes).toHaveLength(1);
  });

  it('lose acknowledged events when they do not, and the checker shows it', async () => {
    const history = await atSite(false, (site) => failOver(site, { cutOffAfter: 200, killAfter: 600 }));
    expect(kindsOf(checkHistory(history))).toContain('acknowledged-lost');
  });
});

describe('while the standby does not answer', () => {
  it('appends go on into the log, nobody is answered, and what waits is a few flushes for all of them', async () => {
    await atSite(true, async ({ primary, standby, store }) => {
      await store.append(newAppend('first', 'lot-0', 0));
      standby.cutOff();
      const before = await store.head();
      let answered = 0;
      const flushing = store.durable().then(() => { answered += 1; });
      await until(async () => (await rowsOf(primary.ownerUrl('control'), waiting)).length > 0, 'a flush waits for the standby');
      const appends = Array.from({ length: 64 }, (_, index) => store.append(newAppend(`e${index}`, `lot-${index}`, 'any')).then(() => { answered += 1; }));
      await until(async () => (await store.head()) === before + 64, 'all appends are in the log of the primary');
      expect(answered).toBe(0);
      const queries = (await rowsOf(primary.ownerUrl('control'), waiting)).map(({ query }) => String(query));
      expect(queries.filter((query) => !query.includes('pg_logical_emit_message'))).toEqual([]);
      expect(queries.length).toBeLessThan(8);
      standby.goOn();
      await Promise.all([flushing, ...appends]);
      expect(answered).toBe(65);
    });
  });
});
