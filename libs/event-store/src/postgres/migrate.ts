import { createHash } from 'node:crypto';
import pg from 'pg';
import { pause } from '../follower.js';
import type { Migration } from './migrations/index.js';
import { migrations } from './migrations/index.js';

export interface MigrateOptions {
  /** Connection of the owner role. */
  readonly ownerUrl: string;
  /** The application role, which the services use. It must exist. */
  readonly applicationRole: string;
  /** Given to a log when it is created; afterwards the log keeps its own. */
  readonly logId: string;
  /** Those of this code, unless a test has others. */
  readonly steps?: readonly Migration[];
  /** How often a lock is waited for that others hold; for about a minute, unless a test has less patience. */
  readonly lockAttempts?: number;
}

/** The database has a migration that this code does not know. Newer code may be running on it. */
export class SchemaNewer extends Error {
  readonly code = 'SCHEMA_NEWER';
}

/** A migration was passed over: one behind it is applied. */
export class MigrationMissing extends Error {
  readonly code = 'MIGRATION_MISSING';
}

/** A migration is no longer what was applied under its number. */
export class MigrationChanged extends Error {
  readonly code = 'MIGRATION_CHANGED';
}

/** Others hold a lock that a migration needs. Nothing of it was done; what came before it is. */
export class MigrationBlocked extends Error {
  readonly code = 'MIGRATION_BLOCKED';
}

/** Writers queue behind a lock that is waited for, so it is waited for so long only; then they go first. */
const LOCK_TIMEOUT_MS = 100;
const LOCK_PAUSE_MS = 250;
const LOCK_ATTEMPTS = 120;
const TURN_MS = 300_000;

/**
 * Brings a database to the newest schema, while others are at work on it. Safe to run by ten starting processes at once: one at a
 * time. Throws what is above when it must not, or cannot now.
 */
export async function migrate({ ownerUrl, applicationRole, logId, steps = migrations, lockAttempts = LOCK_ATTEMPTS }: MigrateOptions): Promise<void> {
  // No schema that the application role may make (one named like the owner) comes before ours.
  const client = new pg.Client({ connectionString: ownerUrl, options: `-c search_path=public,pg_temp -c lock_timeout=${LOCK_TIMEOUT_MS}` });
  client.on('error', () => undefined); // reported by the query in flight
  await client.connect();
  try {
    await turn(client);
    await client.query('create table if not exists migration (version integer primary key, applied_at timestamptz not null, sha256 text not null)');
    for (const step of await missing(client, steps)) await apply(client, step, lockAttempts);
    const role = client.escapeIdentifier(applicationRole);
    await unlessBlocked(client, lockAttempts, 'to state the rights', [
      { text: `insert into log_identity select $1, now() where not exists (select from log_identity)`, values: [logId] },
      { text: rights(role, client.escapeIdentifier(client.database ?? ''), steps) },
    ]);
  } finally {
    await client.end();
  }
}

/** Asks again and again: one that waits inside the server would hold a snapshot, for which an index under way waits in turn. */
async function turn(client: pg.Client): Promise<void> {
  for (const until = performance.now() + TURN_MS; performance.now() < until; await pause(20 + 60 * Math.random())) {
    const { rows } = await client.query<{ ours: boolean }>('select pg_try_advisory_lock(7305490) as ours');
    if (rows[0]?.ours === true) return;
  }
  throw new MigrationBlocked(`another process has been migrating this database for ${TURN_MS / 1000} s: let it end, then start again`);
}

const hashOf = ({ sql, indexes = {} }: Migration): string => createHash('sha256').update(JSON.stringify([sql, indexes])).digest('hex');

/** The steps that are still to be applied; refuses a database that this code does not fit. */
async function missing(client: pg.Client, steps: readonly Migration[]): Promise<readonly Migration[]> {
  const { rows } = await client.query<{ version: number; sha256: string | null }>(`select version, to_jsonb(migration)->>'sha256' as sha256 from migration order by version`);
  const applied = new Map(rows.map(({ version, sha256 }) => [version, sha256]));
  const newest = rows.at(-1)?.version ?? 0;
  const unknown = rows.find(({ version }) => !steps.some((step) => step.version === version));
  if (unknown) throw new SchemaNewer(`the database has migration ${unknown.version}, which this code does not know: start the version that made it, or a newer one`);
  const passedOver = steps.find(({ version }) => version < newest && !applied.has(version));
  if (passedOver) throw new MigrationMissing(`migration ${passedOver.version} was never applied here, and ${newest} was: start the version that the database was made with, or restore it from a backup`);
  const changed = steps.find((step) => applied.has(step.version) && applied.get(step.version) !== hashOf(step));
  if (changed) throw new MigrationChanged(`migration ${changed.version} is not the one that was applied: start the version that the database was made with; a change of schema takes a new number`);
  return steps.filter(({ version }) => !applied.has(version));
}

async function apply(client: pg.Client, step: Migration, lockAttempts: number): Promise<void> {
  for (const [name, definition] of Object.entries(step.indexes ?? {})) await buildIndex(client, name, definition);
  await unlessBlocked(client, lockAttempts, `for migration ${step.version}`, [
    { text: step.sql }, { text: 'insert into migration (version, applied_at, sha256) values ($1, now(), $2)', values: [step.version, hashOf(step)] },
  ]);
}

/** Takes as long as it takes, and stops nobody. What a broken-off build left behind is no index. */
async function buildIndex(client: pg.Client, name: string, definition: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_index where indexrelid = to_regclass($1) and not indisvalid', [name]);
  await client.query('set lock_timeout = 0');
  if (rowCount === 1) await client.query(`drop index concurrently ${name}`);
  await client.query(`create index concurrently if not exists ${name} ${definition}`);
  await client.query('reset lock_timeout');
}

/** All in one transaction; given up and tried again when somebody holds a lock that it needs. */
async function unlessBlocked(client: pg.Client, lockAttempts: number, what: string, statements: readonly pg.QueryConfig[]): Promise<void> {
  for (let attempt = 1; attempt <= lockAttempts; attempt += 1) {
    try {
      await client.query('begin');
      for (const statement of statements) await client.query(statement);
      await client.query('commit');
      return;
    } catch (error) {
      await client.query('rollback').catch(() => undefined); // the error before it says more
      if (!/^(55P03|40P01)$/.test(String((error as { code?: unknown }).code))) throw error;
      await pause(LOCK_PAUSE_MS * (1 + Math.random()));
    }
  }
  throw new MigrationBlocked(`a lock that is needed ${what} is held by others: end the transactions that stay open (pg_stat_activity, oldest xact_start), then start again`);
}

/** Whatever a migration does not grant, nobody has: not what older code granted, nor what PostgreSQL gives to everybody. */
function rights(role: string, database: string, steps: readonly Migration[]): string {
  const everything = ['tables', 'sequences', 'routines'].map((kind) => `revoke all on all ${kind} in schema public from public, ${role};`);
  return [
    'revoke create on schema public from public;', `revoke temporary on database ${database} from public, ${role};`, ...everything,
    `grant usage on schema public to ${role};`, ...steps.map(({ grants }) => grants?.(role) ?? ''),
    `grant create on database ${database} to ${role};`, // schemas of read models
  ].join('\n');
}
