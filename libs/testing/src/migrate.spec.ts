import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Migration, PostgresStore } from '@touchstone/event-store';
import { migrate, migrations, openPostgresStore, pause } from '@touchstone/event-store';
import pg from 'pg';
import { asOwner, newAppend, testDatabase } from './index.js';

const database = testDatabase();

type Empty = Awaited<ReturnType<typeof database.empty>>;

const to = ({ name, ownerUrl }: Pick<Empty, 'name' | 'ownerUrl'>, steps?: readonly Migration[]) =>
  ({ ownerUrl, applicationRole: `${name}_app`, logId: 'control:test:1', ...(steps && { steps }) });

const rowsOf = async (ownerUrl: string, text: string) => (await asOwner(ownerUrl, [text]))[0]?.rows as Record<string, unknown>[];
const appliedIn = async (ownerUrl: string) => (await rowsOf(ownerUrl, 'select version from migration order by version')).map(({ version }) => version);
const versionsOf = (steps: readonly Migration[]) => steps.map(({ version }) => version);

const newest = migrations.at(-1)?.version ?? 0;
/** As a later release might have it. */
const next: Migration = { version: newest + 1, sql: 'create table made_once (n integer); alter table event add column region text;' };
const later: readonly Migration[] = [...migrations, next];

/** Clients that append, one after the other, until they are stopped. */
function atWork(store: PostgresStore, writers: number) {
  const told = { acknowledged: 0, failures: [] as unknown[] };
  let stopped = false;
  const working = Promise.all(Array.from({ length: writers }, async (_, writer) => {
    for (let n = 0; !stopped; n += 1) {
      await store.append(newAppend(`${writer}/${n}`, `lot-${writer}`, n)).then(() => { told.acknowledged += 1; }, (error: unknown) => told.failures.push(error));
    }
  }));
  return { told, stop: async () => { stopped = true; await working; } };
}

/** Waits for what must come; the time only bounds a test that would fail. */
async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 10) {
    if (await holds()) return;
    await pause(10);
  }
  throw new Error(`it never came to this: ${what}`);
}

/** A process of its own, as a starting pod is. What it said when it failed. */
async function pod(empty: Empty): Promise<string> {
  const child = spawn(process.execPath, [
    '--conditions=@touchstone/source', '--import', '@swc-node/register/esm-register', '--input-type=module', '-e',
    `const { migrate } = await import(${JSON.stringify(fileURLToPath(new URL('../../event-store/src/postgres/migrate.ts', import.meta.url)))}); await migrate(${JSON.stringify(to(empty))});`,
  ], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text; });
  const [code] = (await once(child, 'exit')) as [number];
  return code === 0 ? '' : said;
}

describe('migrating', () => {
  it('has to come first: a store without a log says so', async () => {
    const { url } = await database.empty();
    await expect(openPostgresStore({ url })).rejects.toThrow('log_identity');
  });

  it('is numbered upwards, each number once', () => {
    expect(versionsOf(migrations)).toEqual([...new Set(versionsOf(migrations))].toSorted((a, b) => a - b));
  });

  it('may be done by ten starting processes at once, and the log keeps the first id', async () => {
    const empty = await database.empty();
    expect(await Promise.all(Array.from({ length: 10 }, () => pod(empty)))).toEqual(Array.from({ length: 10 }, () => ''));
    expect(await appliedIn(empty.ownerUrl)).toEqual(versionsOf(migrations));
    await migrate({ ...to(empty), logId: 'control:other:2' });
    expect(await rowsOf(empty.ownerUrl, 'select log_id from log_identity')).toEqual([{ log_id: 'control:test:1' }]);
    const store = await openPostgresStore({ url: empty.url });
    expect(store.logId).toBe('control:test:1');
    expect((await store.append(newAppend('a', 'lot-1', 0))).status).toBe('appended');
    await store.close();
  });

  it('is done once by ten at a time while clients append, and no append fails of it', async () => {
    const fresh = await database.fresh();
    const clients = atWork(fresh.store, 8);
    await until(() => clients.told.acknowledged > 20, 'clients are answered');
    await Promise.all(Array.from({ length: 10 }, () => migrate(to(fresh, later))));
    await clients.stop();
    expect(clients.told.failures).toEqual([]);
    expect(await appliedIn(fresh.ownerUrl)).toEqual(versionsOf(later));
    expect(await fresh.store.head()).toBe(clients.told.acknowledged);
  });

  it('waits for a transaction that stays open without keeping writers waiting behind it', async () => {
    const fresh = await database.fresh();
    const reader = new pg.Client({ connectionString: fresh.ownerUrl });
    await reader.connect();
    await reader.query('begin; select from event');
    let migrated = false;
    const migrating = migrate(to(fresh, later)).then(() => { migrated = true; });
    const waiting = `select from pg_locks where mode = 'AccessExclusiveLock' and relation = 'event'::regclass and not granted`;
    await until(async () => (await rowsOf(fresh.ownerUrl, waiting)).length > 0, 'the migration waits for its lock');
    const clients = atWork(fresh.store, 8);
    try {
      await until(() => clients.told.acknowledged > 200, 'clients are answered meanwhile');
      expect(migrated).toBe(false);
    } finally {
      await reader.end();
      await clients.stop();
      await migrating;
    }
    expect(clients.told.failures).toEqual([]);
    expect(await appliedIn(fresh.ownerUrl)).toEqual(versionsOf(later));
  });

  it('gives up in the end, says what to look for, and has done nothing', async () => {
    const fresh = await database.fresh();
    const reader = new pg.Client({ connectionString: fresh.ownerUrl });
    await reader.connect();
    try {
      await reader.query('begin; select from event');
      await expect(migrate({ ...to(fresh, later), lockAttempts: 2 })).rejects.toMatchObject({ code: 'MIGRATION_BLOCKED', message: expect.stringContaining('pg_stat_activity') as string });
      expect(await rowsOf(fresh.ownerUrl, `select to_regclass('made_once') as made`)).toEqual([{ made: null }]);
    } finally {
      await reader.end();
    }
    expect(await appliedIn(fresh.ownerUrl)).toEqual(versionsOf(migrations));
  });

  it('builds an index while clients append, and again after it was broken off', async () => {
    const fresh = await database.fresh();
    const indexed: Migration = { version: newest + 1, sql: '', indexes: { event_by_type: 'on event (type)' } };
    await asOwner(fresh.ownerUrl, ['create index event_by_type on event (type)', `update pg_index set indisvalid = false where indexrelid = 'event_by_type'::regclass`]);
    const writer = new pg.Client({ connectionString: fresh.ownerUrl });
    await writer.connect();
    await writer.query('begin; lock table event in row exclusive mode');
    const clients = atWork(fresh.store, 4);
    const migrating = Promise.all(Array.from({ length: 10 }, () => migrate(to(fresh, [...migrations, indexed]))));
    await pause(500); // longer than a lock is waited for where writers queue behind it; none does behind this one
    await writer.end();
    await migrating;
    await clients.stop();
    expect(clients.told.failures).toEqual([]);
    expect(await rowsOf(fresh.ownerUrl, `select indisvalid from pg_index where indexrelid = 'event_by_type'::regclass`)).toEqual([{ indisvalid: true }]);
  });

  it('leaves the files of a log as they are: no step rewrites what was recorded', async () => {
    const empty = await database.empty();
    const file = `select pg_relation_filenode('event') as event, pg_relation_filenode('command') as command`;
    await migrate(to(empty, migrations.slice(0, 2)));
    const before = await rowsOf(empty.ownerUrl, file);
    await migrate(to(empty));
    expect(await rowsOf(empty.ownerUrl, file)).toEqual(before);
  });

  it('does a step whole or not at all, and goes on from there', async () => {
    const fresh = await database.fresh();
    const failing: Migration = { version: newest + 2, sql: 'create table half (n integer); select 1 / 0;' };
    await expect(migrate(to(fresh, [...later, failing]))).rejects.toThrow('division by zero');
    expect(await appliedIn(fresh.ownerUrl)).toEqual(versionsOf(later));
    expect(await rowsOf(fresh.ownerUrl, `select to_regclass('half') as half, to_regclass('made_once') is not null as made`)).toEqual([{ half: null, made: true }]);
    const mended: Migration = { ...failing, sql: 'create table half (n integer);' };
    await migrate(to(fresh, [...later, mended]));
    expect(await appliedIn(fresh.ownerUrl)).toEqual(versionsOf([...later, mended]));
  });

  it('does no step that it cannot record', async () => {
    const fresh = await database.fresh();
    const unrecorded: Migration = { ...next, sql: `create table half (n integer); insert into migration values (${next.version}, now(), 'another');` };
    await expect(migrate(to(fresh, [...migrations, unrecorded]))).rejects.toMatchObject({ code: '23505' });
    expect(await rowsOf(fresh.ownerUrl, `select to_regclass('half') as half`)).toEqual([{ half: null }]);
    expect(await appliedIn(fresh.ownerUrl)).toEqual(versionsOf(migrations));
  });

  it('makes nothing in a schema that the application role put in its way', async () => {
    const empty = await database.empty();
    await asOwner(empty.ownerUrl, [`grant create on database "${empty.name}" to "${empty.name}_app"`]);
    const owner = decodeURIComponent(new URL(empty.ownerUrl).username);
    await asOwner(empty.url, [
      `create schema "${owner}"`, `create table "${owner}".migration (version integer, applied_at timestamptz, sha256 text)`, `create table "${owner}".event (seq bigint)`,
    ]);
    await migrate(to(empty));
    expect(await rowsOf(empty.ownerUrl, `select count(*)::integer as n from public.migration`)).toEqual([{ n: migrations.length }]);
    expect(await rowsOf(empty.ownerUrl, `select count(*)::integer as n from "${owner}".migration`)).toEqual([{ n: 0 }]);
  });
});

describe('a database that does not fit the code is refused, and left as it is:', () => {
  const refused = async (fresh: Pick<Empty, 'name' | 'ownerUrl'>, steps: readonly Migration[], code: string, words: string) => {
    const before = await rowsOf(fresh.ownerUrl, 'select * from migration order by version');
    await expect(migrate(to(fresh, steps))).rejects.toMatchObject({ code, message: expect.stringContaining(words) as string });
    expect(await rowsOf(fresh.ownerUrl, 'select * from migration order by version')).toEqual(before);
  };

  it('one that newer code has migrated', async () => {
    const fresh = await database.fresh();
    await migrate(to(fresh, later));
    await refused(fresh, migrations, 'SCHEMA_NEWER', `migration ${next.version}`);
  });
  it('one of which a step was passed over', async () => {
    const fresh = await database.fresh();
    const after: Migration = { version: newest + 2, sql: 'create table afterwards (n integer)' };
    await migrate(to(fresh, [...migrations, after]));
    await refused(fresh, [...later, after], 'MIGRATION_MISSING', `migration ${next.version}`);
    expect(await rowsOf(fresh.ownerUrl, `select to_regclass('made_once') as made`)).toEqual([{ made: null }]);
  });
  it.each([
    ['statements', { ...next, sql: next.sql.replace('region text', 'region integer') }],
    ['indices', { ...next, indexes: { event_by_type: 'on event (type)' } }],
  ])('one of which a step had other %s when it was applied', async (_, changed) => {
    const fresh = await database.fresh();
    await migrate(to(fresh, later));
    await refused(fresh, [...migrations, changed], 'MIGRATION_CHANGED', `migration ${next.version}`);
  });
  it('one that was made before hashes were recorded', async () => {
    const fresh = await database.fresh();
    await asOwner(fresh.ownerUrl, ['alter table migration drop column sha256']);
    await refused(fresh, migrations, 'MIGRATION_CHANGED', 'migration 1');
  });
});
