/// <reference types="jest" />
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { PostgresStore } from '@touchstone/event-store';
import { migrate, openPostgresStore, PostgresSubjectKeys } from '@touchstone/event-store';
import type { LocalPostgres } from '@touchstone/event-store/local';
import { startLocalPostgres } from '@touchstone/event-store/local';

/** A migrated, empty log of its own, opened as the application role. */
export interface FreshDatabase {
  readonly name: string;
  readonly service: string;
  /** Address for the application role, which may insert and read. */
  readonly url: string;
  readonly ownerUrl: string;
  readonly logId: string;
  readonly store: PostgresStore;
  readonly keys: PostgresSubjectKeys;
}

export interface TestDatabase {
  fresh(options?: { readonly service?: string }): Promise<FreshDatabase>;
  /** A database with its application role, not migrated. */
  empty(service?: string): Promise<Pick<FreshDatabase, 'name' | 'url' | 'ownerUrl'>>;
}

export interface TestDatabaseOptions {
  /** With it, commits wait for the disk as in production; off unless asked, for speed. */
  readonly fsync?: boolean;
}

const STOP_TIMEOUT_MS = 30_000;

/**
 * PostgreSQL for the specs of one file: started with the first database that is asked for, stopped and removed in `afterAll`.
 * `TOUCHSTONE_TEST_POSTGRES` (an owner's address) names a running server instead; what was made there is dropped at the end.
 */
export function testDatabase({ fsync = false }: TestDatabaseOptions = {}): TestDatabase {
  let server: Promise<Server> | undefined;
  const made: { name: string; store?: PostgresStore }[] = [];
  const empty = async (service = 'control') => {
    const { ownerUrl } = await (server ??= startServer(fsync));
    const name = `${service}_${randomBytes(6).toString('hex')}`;
    made.push({ name });
    return createDatabase(ownerUrl, name);
  };
  afterAll(async () => {
    for (const { store } of made) await store?.close().catch(() => undefined); // a spec may have closed it, or killed its server
    const running = await server;
    if (running) await running.end(made.map(({ name }) => name));
  }, STOP_TIMEOUT_MS);
  return {
    empty,
    fresh: async ({ service = 'control' } = {}) => {
      const database = await empty(service);
      const logId = `${service}:test:1`;
      await migrate({ ownerUrl: database.ownerUrl, applicationRole: `${database.name}_app`, logId });
      const store = await openPostgresStore({ url: database.url });
      made.push({ name: database.name, store });
      return { ...database, service, logId, store, keys: new PostgresSubjectKeys(store.pool, randomBytes(32)) };
    },
  };
}

interface Server {
  ownerUrl(database: string): string;
  end(databases: readonly string[]): Promise<void>;
}

async function startServer(fsync: boolean): Promise<Server> {
  const given = process.env['TOUCHSTONE_TEST_POSTGRES'];
  if (given !== undefined) {
    const ownerUrl = (database: string) => Object.assign(new URL(given), { pathname: `/${database}` }).href;
    return { ownerUrl, end: (databases) => dropDatabases(given, databases) };
  }
  const local = await startTemporaryPostgres({ fsync });
  return { ownerUrl: (database) => local.ownerUrl(database), end: () => local.remove() };
}

/** A PostgreSQL on data of its own, which a spec may kill. */
export interface TemporaryPostgres extends LocalPostgres {
  readonly dataDir: string;
  /** Stops it and removes the data. */
  remove(): Promise<void>;
}

export async function startTemporaryPostgres({ fsync = false, dataDir }: { fsync?: boolean; dataDir?: string } = {}): Promise<TemporaryPostgres> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'touchstone-test-'));
  const local = await startLocalPostgres({ dataDir: folder, fsync });
  const guard = watch(local.pid, folder);
  const ended = (end: () => Promise<void>) => async () => {
    guard.kill();
    await end();
  };
  return {
    ...local,
    dataDir: folder,
    stop: ended(() => local.stop()),
    kill: ended(() => local.kill()),
    remove: ended(async () => {
      await local.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }),
  };
}

/** The server outlives a test process that is killed; this one notices, by the pipe that closes, and clears up after it. */
function watch(pid: number, folder: string): ChildProcess {
  const clearUp = `process.stdin.resume().on('end', () => {
    try { process.kill(${pid}, 'SIGQUIT'); } catch {}
    setTimeout(() => require('node:fs').rmSync(${JSON.stringify(folder)}, { recursive: true, force: true, maxRetries: 5 }), 1000);
  })`;
  const guard = spawn(process.execPath, ['-e', clearUp], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.on('error', () => undefined);
  guard.unref();
  return guard;
}

async function createDatabase(ownerUrl: (database: string) => string, name: string) {
  const password = randomBytes(12).toString('hex');
  await asOwner(ownerUrl('postgres'), [
    `create role "${name}_app" login password '${password}'`,
    `create database "${name}" template template0 encoding 'UTF8' locale 'C'`,
    `revoke all on database "${name}" from public`,
    `grant connect on database "${name}" to "${name}_app"`,
  ]);
  const url = Object.assign(new URL(ownerUrl(name)), { username: `${name}_app`, password }).href;
  return { name, url, ownerUrl: ownerUrl(name) };
}

async function dropDatabases(ownerUrl: string, names: readonly string[]): Promise<void> {
  await asOwner(ownerUrl, [...new Set(names)].flatMap((name) => [`drop database if exists "${name}" with (force)`, `drop role if exists "${name}_app"`]));
}

/** Runs statements one by one on a connection of their own. */
export async function asOwner(url: string, statements: readonly string[]): Promise<pg.QueryResult[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // reported by the statement in flight
  await client.connect();
  try {
    const results: pg.QueryResult[] = [];
    for (const statement of statements) results.push(await client.query(statement));
    return results;
  } finally {
    await client.end();
  }
}
