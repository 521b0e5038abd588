import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause } from '@touchstone/event-store';
import pg from 'pg';
import type { TemporaryPostgres } from '../database.js';
import { asOwner, startTemporaryPostgres } from '../database.js';
import { openDoorway } from '../doorway.js';

/** A second server that follows the first by streaming replication, and may take its place. */
export interface Standby extends TemporaryPostgres {
  /** Stops receiving: what the primary writes from now on does not get here until it goes on. */
  cutOff(): void;
  goOn(): void;
  /** Ends the following; from now on it takes writes. */
  promote(): Promise<void>;
}

export interface StandbyOptions {
  readonly fsync?: boolean;
  /** Commits of the primary wait for it, in sessions whose `synchronous_commit` says so. */
  readonly synchronous: boolean;
}

const NAME = 'standby';
/** What belongs to the running server, and is made anew by another. */
const NOT_COPIED = /^(postmaster\.(pid|opts)|pg_wal\/.+|pg_replslot\/.+|pg_(dynshmem|notify|serial|snapshots|stat_tmp|subtrans)\/.+|.*\bpgsql_tmp.*)$/;

/** Makes a standby of a running server, from a copy of its files taken while it works (PostgreSQL 18, chapter 25.3.3). */
export async function startStandby(primary: TemporaryPostgres, { fsync = false, synchronous }: StandbyOptions): Promise<Standby> {
  const home = mkdtempSync(join(tmpdir(), 'touchstone-standby-'));
  await baseBackup(primary, home);
  const line = await openDoorway();
  line.lead(primary.port);
  const { hostname, username, password } = new URL(primary.ownerUrl('postgres'));
  giveFile(home, 'postgresql.auto.conf', [
    `primary_conninfo = 'host=${hostname} port=${line.port} user=${username} password=${password} application_name=${NAME}'`, `primary_slot_name = '${NAME}'`,
    `wal_retrieve_retry_interval = '100ms'`, '',
  ].join('\n'));
  giveFile(home, 'standby.signal', '');
  const server = await startTemporaryPostgres({ dataDir: home, fsync });
  if (synchronous) await asOwner(primary.ownerUrl('postgres'), [`alter system set synchronous_standby_names = '${NAME}'`, 'select pg_reload_conf()']);
  await until(primary.ownerUrl('postgres'), `select from pg_stat_replication where state = 'streaming' and sync_state = '${synchronous ? 'sync' : 'async'}'`);
  const owner = server.ownerUrl('postgres');
  return {
    ...server,
    cutOff: () => line.cut(),
    goOn: () => line.lead(primary.port),
    promote: async () => {
      await asOwner(owner, ['select pg_promote(true, 60)']);
    },
    remove: async () => {
      line.close();
      await server.remove();
    },
  };
}

async function baseBackup(primary: TemporaryPostgres, home: string): Promise<void> {
  const client = new pg.Client({ connectionString: primary.ownerUrl('postgres') });
  await client.connect();
  try {
    await client.query(`select pg_create_physical_replication_slot('${NAME}', true)`);
    await client.query(`select pg_backup_start('${NAME}', true)`);
    copyOwned(join(primary.dataDir, 'cluster'), join(home, 'cluster'), '');
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    giveFile(home, 'backup_label', rows[0]?.labelfile ?? '');
    copyFileSync(join(primary.dataDir, 'owner-password'), join(home, 'owner-password'));
  } finally {
    await client.end();
  }
}

/** A file of the cluster, owned as the others are. */
function giveFile(home: string, name: string, text: string): void {
  const cluster = join(home, 'cluster');
  const { uid, gid } = statSync(cluster);
  writeFileSync(join(cluster, name), text, { mode: 0o600 });
  chownSync(join(cluster, name), uid, gid);
}

/** Files that go while they are copied are in the log of what is written, which the standby reads first. */
function copyOwned(from: string, to: string, path: string): void {
  const { uid, gid, mode } = statSync(from);
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target, name] = [join(from, entry.name), join(to, entry.name), path + entry.name];
    if (NOT_COPIED.test(name)) continue;
    if (entry.isDirectory()) copyOwned(source, target, `${name}/`);
    else unlessGone(() => {
      copyFileSync(source, target);
      chownSync(target, uid, gid);
    });
  }
  chownSync(to, uid, gid);
  chmodSync(to, mode & 0o777);
}

function unlessGone(copy: () => void): void {
  try {
    copy();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function until(url: string, query: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 30_000; waitedMs += 50) {
    const [result] = await asOwner(url, [query]);
    if ((result?.rowCount ?? 0) > 0) return;
    await pause(50);
  }
  throw new Error(`it never came to this: ${query}`);
}
