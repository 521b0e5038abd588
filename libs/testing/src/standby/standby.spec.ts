import { rmSync } from 'node:fs';
import type { Append, EventStore, PostgresStore } from '@touchstone/event-store';
import { migrate, openPostgresStore, pause } from '@touchstone/event-store';
import type { TemporaryPostgres } from '../database.js';
import { asOwner, startTemporaryPostgres } from '../database.js';
import type { Doorway } from '../doorway.js';
import { openDoorway } from '../doorway.js';
import type { History } from '../history/history-checker.js';
import { checkHistory, HistoryRecorder, kindsOf } from '../history/history-checker.js';
import { runWorkload } from '../history/workload.spec-kit.js';
import { newAppend } from '../store-checks.js';
import type { Standby } from './standby.js';
import { startStandby } from './standby.js';

/** A log on a primary with a standby, and its clients at a port that stays. */
interface Site {
  readonly primary: TemporaryPostgres;
  readonly standby: Standby;
  readonly door: Doorway;
  readonly store: PostgresStore;
}

async function atSite<T>(synchronous: boolean, work: (site: Site) => Promise<T>): Promise<T> {
  const primary = await startTemporaryPostgres();
  const door = await openDoorway();
  const opened: { standby?: Standby; store?: PostgresStore } = {};
  try {
    const url = new URL(await primary.createDatabase('control', 'app-password'));
    await migrate({ ownerUrl: primary.ownerUrl('control'), applicationRole: 'control_app', logId: 'control:test:1' });
    const standby = (opened.standby = await startStandby(primary, { synchronous }));
    door.lead(primary.port);
    const store = (opened.store = await openPostgresStore({ url: Object.assign(url, { port: String(door.port) }).href }));
    return await work({ primary, standby, door, store });
  } finally {
    await opened.store?.close();
    door.close();
    await opened.standby?.remove();
    await primary.remove();
    rmSync(primary.dataDir, { recursive: true, force: true });
  }
}

const rowsOf = async (url: string, text: string) => (await asOwner(url, [text]))[0]?.rows as Record<string, unknown>[];

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 20) {
    if (await holds()) return;
    await pause(20);
  }
  throw new Error(`it never came to this: ${what}`);
}

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

/** Sessions of clients that wait for the standby. */
const waiting = `select pid, query from pg_stat_activity where wait_event = 'SyncRep' and datname = 'control'`;

describe('while the standby does not answer', () => {
  it('appends go on into the log, nobody is answered, and one flush waits for all of them', async () => {
    await atSite(true, async ({ primary, standby, store }) => {
      await store.append(newAppend('first', 'lot-0', 0));
      standby.cutOff();
      const before = await store.head();
      let answered = 0;
      const flushing = store.durable().then(() => { answered += 1; });
      await until(async () => (await rowsOf(primary.ownerUrl('control'), waiting)).length === 1, 'a flush waits for the standby');
      const appends = Array.from({ length: 64 }, (_, index) => store.append(newAppend(`e${index}`, `lot-${index}`, 'any')).then(() => { answered += 1; }));
      await until(async () => (await store.head()) === before + 64, 'all appends are in the log of the primary');
      expect(answered).toBe(0);
      expect((await rowsOf(primary.ownerUrl('control'), waiting)).map(({ query }) => String(query))).toEqual([expect.stringContaining('pg_logical_emit_message')]);
      standby.goOn();
      await Promise.all([flushing, ...appends]);
      expect(answered).toBe(65);
    });
  });
});
