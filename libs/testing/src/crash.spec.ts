import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import type { PostgresStore, StoredEvent } from '@touchstone/event-store';
import { AppendOutcomeUnknown, LogFeed, MemoryKeys, migrate, noUpcasting, openPostgresStore } from '@touchstone/event-store';
import type { TemporaryPostgres } from './index.js';
import type { Doorway } from './doorway.js';
import { openDoorway } from './doorway.js';
import { withoutFlush } from './history/planted-bugs.spec-kit.js';
import { newAppend, startTemporaryPostgres } from './index.js';

const WRITERS = 48;
const password = 'app-password';

interface Told {
  /** Answered with this seq. */
  readonly acknowledged: Map<string, number>;
  /** The connection broke before the answer. */
  readonly unknown: string[];
}

const append = (name: string) => newAppend(name, `lot-${name.split('/', 2).join('-')}`, 'any');

/** Parallel writers, each one append after the other, until their server is killed after `acks` answers. */
async function underLoad(store: PostgresStore, round: string, acks: number, kill: () => Promise<void>): Promise<Told> {
  const told: Told = { acknowledged: new Map(), unknown: [] };
  let killed: Promise<void> | undefined;
  await Promise.all(Array.from({ length: WRITERS }, async (_, writer) => {
    for (let index = 0; ; index += 1) {
      const name = `${round}/${writer}/${index}`;
      try {
        const result = await store.append(append(name));
        if (result.status === 'appended') told.acknowledged.set(name, result.seq);
        if (told.acknowledged.size >= acks) killed ??= kill();
      } catch (error) {
        assert.ok(error instanceof AppendOutcomeUnknown, String(error));
        told.unknown.push(name);
        return;
      }
    }
  }));
  await killed;
  return told;
}

/** Nothing acknowledged is lost, seq is dense, and whoever was not answered can find out and repeat. */
async function check(store: PostgresStore, { acknowledged, unknown }: Told): Promise<void> {
  const events = await whole(store);
  assert.deepEqual(events.map(({ seq }) => seq), events.map((_, index) => index + 1), 'seq is not dense');
  const seqOf = new Map(events.map(({ id, seq }) => [id, seq]));
  const kept = (name: string) => seqOf.get(append(name).events[0]?.id ?? '');
  const lost = [...acknowledged].filter(([name, seq]) => kept(name) !== seq);
  assert.equal(lost.length, 0, `${lost.length} of ${acknowledged.size} acknowledged appends are lost`);
  for (const name of unknown) {
    const command = await store.command(append(name).command.id);
    assert.equal(command?.seq, kept(name), 'the command and its event were torn apart');
    assert.equal((await store.append(append(name))).status, command ? 'repeated' : 'appended');
  }
}

async function whole(store: PostgresStore): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (let page = await store.readAll(0, 5_000); page.length > 0; page = await store.readAll(events.length, 5_000)) events.push(...page);
  return events;
}

async function rounds(count: number, prepare: (server: TemporaryPostgres) => Promise<unknown>): Promise<number> {
  let server = await startTemporaryPostgres();
  const { dataDir } = server;
  let unknown = 0;
  try {
    await server.createDatabase('control', password);
    await migrate({ ownerUrl: server.ownerUrl('control'), applicationRole: 'control_app', logId: 'control:test:1' });
    await prepare(server);
    for (let round = 1; round <= count; round += 1) {
      const store = await openPostgresStore({ url: await server.createDatabase('control', password) });
      const told = await underLoad(store, `round${round}`, 400 * round, () => server.kill());
      await store.close();
      server = await startTemporaryPostgres({ dataDir });
      const reopened = await openPostgresStore({ url: await server.createDatabase('control', password) });
      await check(reopened, told).finally(() => reopened.close());
      unknown += told.unknown.length;
    }
  } finally {
    await server.remove();
  }
  return unknown;
}

describe('PostgreSQL killed under load', () => {
  it('loses nothing that was acknowledged, keeps seq dense, and the rest is resolved by command id', async () => {
    expect(await rounds(5, () => Promise.resolve())).toBeGreaterThanOrEqual(5 * WRITERS - 5);
  }, 60_000);

  it('shows when answers were given before the flush', async () => {
    await expect(rounds(5, (server) => withoutFlush(server.ownerUrl('control')))).rejects.toThrow('acknowledged appends are lost');
  }, 60_000);
});

describe('a store whose server is killed and started again', () => {
  let server: TemporaryPostgres;
  let store: PostgresStore;
  let door: Doorway;
  let dataDir: string;

  beforeAll(async () => {
    server = await startTemporaryPostgres();
    ({ dataDir } = server);
    door = await openDoorway();
    door.lead(server.port);
    const url = new URL(await server.createDatabase('control', password));
    await migrate({ ownerUrl: server.ownerUrl('control'), applicationRole: 'control_app', logId: 'control:test:1' });
    store = await openPostgresStore({ url: Object.assign(url, { port: String(door.port) }).href });
  }, 30_000);
  afterAll(async () => {
    await store.close();
    door.close();
    await server.remove();
    rmSync(dataDir, { recursive: true, force: true });
  }, 30_000);

  it('says that the connection was lost, and goes on by itself', async () => {
    let losses = 0;
    const feed = new LogFeed(store, new MemoryKeys(), noUpcasting);
    const unsubscribe = store.onConnectionLost(() => { losses += 1; });
    const told = await underLoad(store, 'before', 300, () => server.kill());
    expect(losses).toBeGreaterThan(0);
    expect(feed.epoch).toBe(losses);
    unsubscribe();
    feed.close();
    server = await startTemporaryPostgres({ dataDir });
    door.lead(server.port);
    // What waited for the old server's flush is unknown, and said once; then the new server's count.
    await store.durable().catch((error: unknown) => assert.ok(error instanceof AppendOutcomeUnknown));
    await store.durable();
    await check(store, told);
    const more = await Promise.all(Array.from({ length: 100 }, (_, index) => store.append(append(`after/${index}`))));
    expect(new Set(more.map(({ status }) => status))).toEqual(new Set(['appended']));
  }, 30_000);
});
