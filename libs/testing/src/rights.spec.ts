import type { PostgresStore } from '@touchstone/event-store';
import { migrate, openPool } from '@touchstone/event-store';
import fc from 'fast-check';
import type pg from 'pg';
import type { FreshDatabase } from './index.js';
import { asOwner, newAppend, newEvent, newForeignEvent, testDatabase } from './index.js';

const database = testDatabase();

/** What the application role may do with each table; what may only be read is history. A new table has to be stated here. */
const stated: Readonly<Record<string, string>> = {
  event: 'select', command: 'select', claim: 'select', log_identity: 'select',
  migration: '',
  checkpoint: 'select insert update delete', parked: 'select insert update', subject_key: 'select', key_destruction: 'select', deadline_sent: 'select insert',
  snapshot: 'select insert update delete', read_model: 'select insert update delete', log_epoch: 'select insert',
};
/** What the application role calls; the rest they call themselves. */
const called = ['append_and_flush', 'append_batch', 'append_together', 'destroy_subject_keys', 'ingest_and_flush', 'ingest_together', 'start_log_epoch'];
const recorded = ['event', 'command', 'claim', 'log_identity', 'migration'];

/** What would change a table that is history, or who may. */
const attempts = (table: string, column: string, role: string): readonly string[] => [
  `insert into ${table} select * from ${table}`, `update ${table} set ${column} = ${column}`, `delete from ${table}`, `truncate ${table}`,
  `merge into ${table} using (select 1) as one on true when matched then delete`, `copy ${table} from stdin`, `copy ${table} from program 'true'`,
  `select from ${table} for update`, `do $$ begin lock table ${table} in row exclusive mode; end $$`,
  `drop table ${table}`, `drop table ${table} cascade`, `alter table ${table} add column more text`, `alter table ${table} drop column ${column}`,
  `alter table ${table} rename to gone`, `alter table ${table} set schema pg_temp`, `alter table ${table} owner to ${role}`,
  `alter table ${table} disable trigger all`, `alter table ${table} replica identity nothing`, `alter table ${table} set unlogged`,
  `alter table ${table} enable row level security`, `create policy none on ${table} using (false)`, `create rule none as on insert to ${table} do instead nothing`,
  `create trigger meddle before insert on ${table} for each row execute function suppress_redundant_updates_trigger()`,
  `create index meddle on ${table} (${column})`, `create table public.child () inherits (${table})`, `create statistics public.meddle on ${column}, ctid from ${table}`,
  `comment on table ${table} is 'none'`, `reindex table ${table}`, `create view public.meddle as select * from ${table}`,
];

/** Taken with a warning, and of no effect. */
const ineffective = (table: string, role: string): readonly string[] => [`grant all on ${table} to ${role}`, `vacuum ${table}`, `analyze ${table}`];

/** What would change the rules for all tables. */
const everywhere = (role: string, owner: string): readonly string[] => [
  `set session_replication_role = replica`, `alter role ${role} set session_replication_role = replica`, `alter role ${role} superuser`, `set role ${owner}`,
  `set session authorization ${owner}`, `grant ${owner} to ${role}`, 'alter system set fsync = off', 'set zero_damaged_pages = on', 'set allow_system_table_mods = on',
  'create table public.event2 (seq bigint)', 'create temporary table event (seq bigint)', 'create function public.meddle() returns integer language sql as $$ select 1 $$',
  `create function pg_temp.append_batch(batch json) returns json language sql as 'select batch'`,
  `create or replace function append_batch(batch json) returns json language sql as 'select batch'`, 'drop function append_batch(json)',
  'alter function append_batch(json) security invoker', `alter function append_batch(json) set search_path = ''`, 'alter function append_batch(json) rename to gone',
  `select append_command('{}', 0)`, `select ingest_events('[]', 0)`,
  'drop schema public cascade', `alter schema public owner to ${role}`, `create schema pg_meddle`, `alter database postgres set fsync = off`,
  `update pg_catalog.pg_class set relowner = 10`, `delete from pg_catalog.pg_proc where proname = 'append_batch'`, `select pg_read_file('/etc/passwd')`, `select lo_import('/etc/passwd')`,
  `do $$ begin execute 'delete from event'; end $$`, `alter default privileges for role ${owner} grant all on tables to ${role}`,
];

const refusedWith = /^(42501|55P02|25006|42939|42P17|3F000|42704|22023)$/;

/** All that stands in the tables of history, and how they and their functions are made. */
async function standing(ownerUrl: string): Promise<unknown> {
  const definitions = `select (select jsonb_agg(to_jsonb(c) - '{relpages,reltuples,relallvisible,relallfrozen,relfrozenxid,relminmxid}'::text[] order by oid) from pg_class c where relnamespace = 'public'::regnamespace) as tables,
    (select jsonb_agg(to_jsonb(p) order by oid) from pg_proc p where pronamespace = 'public'::regnamespace) as functions,
    (select jsonb_agg(to_jsonb(a) order by attrelid, attnum) from pg_attribute a join pg_class c on c.oid = attrelid where relnamespace = 'public'::regnamespace) as columns`;
  const contents = recorded.map((table) => `select '${table}' as of, coalesce(jsonb_agg(to_jsonb(t) order by t::text), '[]') as rows from ${table} t`);
  return (await asOwner(ownerUrl, [definitions, contents.join(' union all ')])).map(({ rows }) => rows as unknown);
}

async function firstColumns(ownerUrl: string): Promise<Readonly<Record<string, string>>> {
  const [found] = await asOwner(ownerUrl, [`select relname as table, attname as column from pg_attribute join pg_class c on c.oid = attrelid where relnamespace = 'public'::regnamespace and attnum = 1 and relkind = 'r'`]);
  return Object.fromEntries((found?.rows as { table: string; column: string }[]).map(({ table, column }) => [table, column]));
}

async function outcome(client: pg.PoolClient, statement: string): Promise<string> {
  try {
    await client.query(statement);
    return 'done';
  } catch (error) {
    return refusedWith.test(String((error as { code?: unknown }).code)) ? 'refused' : `${String((error as { code?: unknown }).code)} ${String(error)}`;
  }
}

const quoted = (name: string) => `"${name}"`;

describe('the tables of a log', () => {
  let fresh: FreshDatabase;
  beforeAll(async () => {
    fresh = await database.fresh();
    await fresh.store.append(newAppend('a', 'lot-1', 0, { claims: ['number:1'] }));
  });

  it('are stated here, every one, and the application role has the rights that are stated and no others', async () => {
    const kinds = ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger', 'maintain'];
    const has = kinds.map((kind) => `case when has_table_privilege('${fresh.name}_app', oid, '${kind}') then '${kind}' end`).join(', ');
    const [found] = await asOwner(fresh.ownerUrl, [
      `select relname as name, concat_ws(' ', ${has}) as rights from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f', 'S') order by relname`,
    ]);
    const present = Object.fromEntries((found?.rows as { name: string; rights: string }[]).map(({ name, rights }) => [name, rights]));
    expect(present).toEqual(Object.fromEntries(Object.keys(present).map((table) => [table, stated[table]])));
  });

  it('are written by the functions that are stated here, which nothing can be put before', async () => {
    const [found] = await asOwner(fresh.ownerUrl, [
      `select proname as name, prosecdef as definer, coalesce(array_to_string(proconfig, ', '), '') as settings, has_function_privilege('${fresh.name}_app', oid, 'execute') as allowed,
        exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0) as everybody
      from pg_proc where pronamespace = 'public'::regnamespace order by proname`,
    ]);
    const functions = found?.rows as { name: string; definer: boolean; settings: string; allowed: boolean; everybody: boolean }[];
    expect(functions.filter(({ allowed }) => allowed).map(({ name }) => name)).toEqual(functions.map(({ name }) => name).filter((name) => called.includes(name)));
    expect(functions.filter(({ everybody }) => everybody)).toEqual([]);
    const pinned = { settings: 'search_path=pg_catalog, public, pg_temp' };
    expect(functions.filter(({ definer }) => definer)).toEqual(functions.filter(({ definer }) => definer).map((each) => ({ ...each, ...pinned })));
  });

  it('lose at the next start what was given beyond that, by whomever', async () => {
    const before = await standing(fresh.ownerUrl);
    const [role, name] = [quoted(`${fresh.name}_app`), quoted(fresh.name)];
    await asOwner(fresh.ownerUrl, [
      `grant insert, delete on event to ${role}`, 'grant update on command to public', 'grant create on schema public to public', `grant temporary on database ${name} to public, ${role}`,
      'grant execute on function ingest_events(json, bigint) to public',
    ]);
    await migrate({ ownerUrl: fresh.ownerUrl, applicationRole: `${fresh.name}_app`, logId: fresh.logId });
    for (const statement of ['delete from event', `update command set answer = ''`, 'create table public.more (n integer)', 'create temporary table more (n integer)', `select ingest_events('[]', 0)`]) {
      await expect(fresh.store.pool.query(statement)).rejects.toThrow('permission denied');
    }
    expect(await standing(fresh.ownerUrl)).toEqual(before);
  });

  it('let nobody but the owner change, remove or grant anything of history, nor get round its function', async () => {
    const before = await standing(fresh.ownerUrl);
    const columns = await firstColumns(fresh.ownerUrl);
    const [role, owner] = [quoted(`${fresh.name}_app`), quoted(decodeURIComponent(new URL(fresh.ownerUrl).username))];
    const client = await fresh.store.pool.connect();
    const wrong: string[] = [];
    try {
      for (const table of recorded) {
        for (const attempt of attempts(table, columns[table] ?? '', role)) {
          const became = await outcome(client, attempt);
          if (became !== 'refused') wrong.push(`${attempt}: ${became}`);
        }
        for (const attempt of ineffective(table, role)) await outcome(client, attempt);
      }
      for (const attempt of everywhere(role, owner)) {
        const became = await outcome(client, attempt);
        if (became !== 'refused') wrong.push(`${attempt}: ${became}`);
      }
    } finally {
      client.release(true);
    }
    expect(wrong).toEqual([]);
    expect(await standing(fresh.ownerUrl)).toEqual(before);
  });

  it('are closed to the role of another service, which may not even append', async () => {
    const role = `${fresh.name}_other`;
    await asOwner(fresh.ownerUrl, [`create role "${role}" login password 'other'`, `grant connect on database "${fresh.name}" to "${role}"`]);
    const columns = await firstColumns(fresh.ownerUrl);
    const other = openPool({ url: Object.assign(new URL(fresh.ownerUrl), { username: role, password: 'other' }).href }, 1);
    const client = await other.connect();
    try {
      const statements = [...Object.keys(columns).flatMap((table) => [`select from ${table}`, ...attempts(table, columns[table] ?? 'seq', quoted(role))]), `select append_batch('[]')`, 'create schema mine', 'create temporary table event (seq bigint)'];
      const wrong: string[] = [];
      for (const statement of statements) {
        const became = await outcome(client, statement);
        if (became !== 'refused') wrong.push(`${statement}: ${became}`);
      }
      expect(wrong).toEqual([]);
    } finally {
      client.release();
      await other.end();
      await asOwner(fresh.ownerUrl, [`drop owned by "${role}"`, `drop role "${role}"`]);
    }
  });
});

/** Calls that a client of ours never makes, with what the role that it has may call. */
const hostile: Readonly<Record<string, unknown>> = {
  'no list': {}, 'a list of nothing': [null], 'a list of text': ['event'], 'a kind that is not there': [{ kind: 'drop', stream: 'lot-1' }],
  'a stream of nothing': [{ ...item('x1'), stream: null }], 'statements in the text': [{ ...item("x2'); delete from event; --"), stream: `lot-1'; truncate event; --`, hash: '$$; drop table event; $$' }],
  'statements in the type': [{ ...item('x3'), events: [{ ...sealed('x3'), type: `'; drop table event cascade; --` }] }],
  'a version that is text': [{ ...item('x4'), expected: `0); delete from event; --` }], 'a version below zero': [{ ...item('x5'), expected: '-1' }],
  'no version': [{ ...item('x6'), expected: undefined }], 'a seq of its own': [{ ...item('x7'), seq: 1, version: 1, events: [{ ...sealed('x7'), seq: 1, version: 1 }] }],
  'an event twice': [{ ...item('x8'), events: [sealed('x8'), sealed('x8')] }], 'an event that is there': [{ ...item('x9'), stream: 'lot-1', events: [sealed('a')] }],
  'foreign events without a stream': [{ kind: 'ingest', events: [{ ...newForeignEvent('x10', 'planning/order-1', 1), stream: null }] }],
  'foreign events in our stream': [{ kind: 'ingest', events: [{ ...sealed('x11'), stream: 'lot-1', topic: 't', offset: 1 }] }],
  'events that are no list': [{ ...item('x12'), events: { id: 1 } }], 'claims that are no list': [{ ...item('x13'), claims: 'number:1' }],
  'a guard on nothing': [{ ...item('x14'), guard: { stream: null, version: null } }],
};

function sealed(name: string): object {
  const event = newEvent(name);
  const { causationId, correlationId } = JSON.parse(event.meta) as Record<string, string>;
  return { ...event, causation: causationId, correlation: correlationId };
}

function item(name: string): object {
  const { stream, command } = newAppend(name, 'lot-2', 'any');
  return { kind: 'append', stream, expected: 'any', claims: [], command: command.id, hash: command.bodyHash, answer: command.answer, record: command.record, events: [sealed(name)] };
}

describe('what the application role gives to append_batch', () => {
  const seqs = async (store: PostgresStore) => (await store.readAll(0, 10_000)).map(({ seq }) => seq);
  /** What stood before stands, numbers are dense, and clients go on. */
  const sound = async (store: PostgresStore, before: Awaited<ReturnType<PostgresStore['readAll']>>) => {
    const all = await store.readAll(0, 10_000);
    expect(all.slice(0, before.length)).toEqual(before);
    for (const stream of new Set(all.map((each) => each.stream))) await store.readStream(stream); // throws at a hole
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
  };

  it('adds to the log or is refused, whatever it is', async () => {
    const { store } = await database.fresh();
    await store.append(newAppend('a', 'lot-1', 0, { claims: ['number:1'] }));
    for (const [name, batch] of Object.entries(hostile)) {
      const before = await store.readAll(0, 10_000);
      const answered = await store.pool.query('select append_batch($1::json) as results', [JSON.stringify(batch)]).then(({ rows }) => rows, (error: unknown) => [String(error)]);
      expect([name, answered.length]).toEqual([name, 1]);
      await sound(store, before);
    }
    expect((await store.append(newAppend('b', 'lot-1', 'any'))).status).toBe('appended');
  });

  it('adds to the log or is refused, whatever is left out or put in another place', async () => {
    const { store } = await database.fresh();
    const [first] = [await store.append(newAppend('a', 'lot-1', 0)), await store.ingest([newForeignEvent('f', 'planning/order-1', 1)])];
    expect(first.status).toBe('appended');
    let added = 0;
    await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 1e9 }), fc.constantFrom('kind', 'stream', 'expected', 'claims', 'command', 'hash', 'answer', 'record', 'events', 'guard'), fc.jsonValue({ maxDepth: 2 }), async (n, field, value) => {
      const before = await store.readAll(0, 10_000);
      await store.pool.query('select append_batch($1::json)', [JSON.stringify([item(`good ${n}`), { ...item(`bad ${n}`), [field]: value }])]).catch(() => undefined);
      await sound(store, before);
      added += (await seqs(store)).length - before.length;
    }), { numRuns: 60 });
    expect(added).toBeGreaterThan(0);
  });

  it('is appended to the log, whatever stands before it on the path of the session', async () => {
    const fresh = await database.fresh();
    await asOwner(fresh.ownerUrl, [`grant temporary on database "${fresh.name}" to "${fresh.name}_app"`]);
    const client = await fresh.store.pool.connect();
    try {
      for (const [schema, create] of [['pg_temp', 'select'], ['mine', 'create schema mine']] as const) {
        await client.query(create);
        for (const table of ['event', 'command', 'claim']) await client.query(`create table ${schema}.${table} (like public.${table})`);
        await client.query(`create function ${schema}.append_command(item json, head bigint) returns json language sql as $$ select '{"status":"appended","version":1,"seq":1}'::json $$`);
        await client.query(`create function ${schema}.ingest_events(events json, head bigint) returns json language sql as $$ select '{"status":"ingested","statuses":["appended"],"seq":1}'::json $$`);
        await client.query(`create function ${schema}.json_array_elements(json) returns setof json language sql as $$ select null::json where false $$`);
        await client.query(`create function ${schema}.pg_advisory_xact_lock(bigint) returns void language sql as ''`);
        await client.query(`set search_path = ${schema}, pg_catalog, public`);
        const head = await fresh.store.head();
        const { rows } = await client.query<{ results: unknown }>('select public.append_batch($1::json) as results', [JSON.stringify([item(schema), { kind: 'ingest', events: [{ ...sealed(`foreign ${schema}`), stream: 'planning/order-1', topic: 't', offset: head }] }])]);
        expect(rows[0]?.results).toMatchObject([{ status: 'appended', seq: head + 1 }, { status: 'ingested', statuses: ['appended'], seq: head + 2 }]);
        expect(await fresh.store.head()).toBe(head + 2);
        expect((await client.query(`select from ${schema}.event`)).rowCount).toBe(0);
      }
    } finally {
      client.release(true);
    }
  });
});

describe('a connection that served a call that failed', () => {
  it('goes back to the pool as it was: no setting, role, path or transaction is left', async () => {
    const { store } = await database.fresh();
    const state = `select (select jsonb_object_agg(name, setting) from pg_settings where context in ('user', 'superuser') and name not like '%.%') as settings,
      current_user, session_user, pg_current_xact_id_if_assigned() as transaction, (select count(*)::integer from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks`;
    const states = async () => {
      const clients = await Promise.all(Array.from({ length: 6 }, () => store.pool.connect()));
      const found = await Promise.all(clients.map(async (client) => (await client.query<Record<string, unknown>>(state)).rows[0]));
      for (const client of clients) client.release();
      return found;
    };
    const before = await states();
    const failing = [
      ...Object.values(hostile).map((batch) => store.pool.query('select append_batch($1::json)', [JSON.stringify(batch)])),
      store.append(newAppend('nul', 'lot-\u0000', 0)), store.append(newAppend('id', 'lot-1', 0, { events: [{ ...newEvent('id'), id: 'no-uuid' }] })),
      store.ingest([{ ...newForeignEvent('f', 'planning/order-1', 1), id: 'no-uuid' }]), store.command('no-uuid'), store.event('no-uuid'),
      store.pool.query(`begin; set local search_path = mine; set synchronous_commit = off; set timezone = 'Asia/Tokyo'; set role none; select 1 / 0`),
    ];
    expect((await Promise.allSettled(failing)).filter(({ status }) => status === 'rejected').length).toBeGreaterThan(8);
    expect(await states()).toEqual(before);
    expect((await store.append(newAppend('after', 'lot-9', 0))).status).toBe('appended');
  });
});
