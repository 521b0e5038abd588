/**
 * A whole PostgreSQL on loopback, from the binaries that npm brought: for a platform on one machine and for tests. Guards the
 * data folder: one host at a time, a server left behind by a killed host is stopped and its data taken over, and as root the
 * server runs as an ordinary user, even below a folder that only root may enter.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import type { SystemUser } from './binaries.js';
import { postgresBinaries, runAs } from './binaries.js';
import { pause } from '../follower.js';
import { createDatabase } from '../postgres/create-database.js';

export * from './backup.js';

export interface LocalPostgresOptions {
  /** Folder of the cluster; made when missing, and kept. */
  readonly dataDir: string;
  /** Given up speed for safety only in tests that say so. */
  readonly fsync?: boolean;
  /** More variables for the server, e.g. a library to preload. Not for `initdb`. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface LocalPostgres {
  readonly port: number;
  readonly pid: number;
  /** True when another process had left a server running on these data. */
  readonly tookOver: boolean;
  /** The owner's address of a database. */
  ownerUrl(database: string): string;
  /** Makes a database with a role of its own that is not its owner, unless it is there; the role's address. */
  createDatabase(name: string, password: string): Promise<string>;
  /** Fast shutdown; the data stay. */
  stop(): Promise<void>;
  /** SIGKILL of the postmaster, as a crash would: for chaos runs. */
  kill(): Promise<void>;
}

export class DataFolderInUse extends Error {
  readonly code = 'DATA_FOLDER_IN_USE';
}

const START_MS = 60_000;

export async function startLocalPostgres({ dataDir, fsync = true, environment = {} }: LocalPostgresOptions): Promise<LocalPostgres> {
  const home = resolve(dataDir);
  const cluster = join(home, 'cluster');
  mkdirSync(cluster, { recursive: true, mode: 0o700 });
  const user = runAs();
  const { initdb, postgres } = postgresBinaries(user);
  const release = lock(home);
  const tookOver = await stopLeftOver(cluster);
  const password = secret(join(home, 'owner-password'));
  // The server is told its folder as "where you stand": it need not be able to enter the folders above.
  if (user) chownSync(cluster, user.uid, user.gid);
  chmodSync(cluster, 0o700);
  const inCluster = { cwd: cluster, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' }, ...user };
  const serving = { ...inCluster, env: { ...inCluster.env, ...environment } };
  const here = process.platform === 'linux' ? '/proc/self/cwd' : cluster;
  if (!existsSync(join(cluster, 'PG_VERSION'))) {
    await initialise(initdb, here, password, inCluster, user);
  }
  const { server, port, exited, exit } = await launched(postgres, here, serving, fsync, password);
  const url = (role: string, secretWord: string, database: string) => `postgres://${role}:${secretWord}@127.0.0.1:${port}/${database}`;
  const ownerUrl = (database: string) => url('owner', password, database);
  const end = async (signal: NodeJS.Signals) => {
    if (!exited()) server.kill(signal);
    await exit;
    release();
  };
  return {
    port, pid: server.pid ?? 0, tookOver, ownerUrl,
    createDatabase: async (name, word) => {
      await createDatabase(ownerUrl('postgres'), name, word);
      return url(`${name}_app`, word, name);
    },
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
  };
}

interface Launched {
  readonly server: ChildProcess;
  readonly port: number;
  readonly exited: () => boolean;
  readonly exit: Promise<void>;
}

/** What PostgreSQL says while children of a killed one are still about to end. */
const STILL_ENDING = /pre-existing shared memory block/;

/** A server that takes connections; tried again while the one before it, killed, is still ending. */
async function launched(postgres: string, cluster: string, options: SpawnOptions, fsync: boolean, password: string): Promise<Launched> {
  for (const until = Date.now() + START_MS; ; await pause(200)) {
    const port = await freePort();
    const settings = {
      listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: 300, shared_buffers: '128MB', jit: 'off', timezone: 'UTC',
      max_wal_size: '2GB', log_timezone: 'UTC', fsync: fsync ? 'on' : 'off', log_min_messages: 'warning',
    };
    const server = spawn(postgres, ['-D', cluster, '-p', String(port), ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])], {
      ...options, stdio: ['ignore', 'ignore', 'pipe'], detached: true, // a Ctrl-C for the host must not stop its database first
    });
    let [said, ended] = ['', false];
    server.stderr?.setEncoding('utf8').on('data', (text: string) => { said = (said + text).slice(-4_000); });
    const exit = new Promise<void>((done) => server.once('exit', () => { ended = true; done(); }));
    try {
      await ready(`postgres://owner:${password}@127.0.0.1:${port}/postgres`, () => ended, () => said);
      return { server, port, exited: () => ended, exit };
    } catch (error) {
      if (!STILL_ENDING.test(said) || Date.now() > until) throw error;
    }
  }
}

/** One host a data folder. A lock of a process that is gone is taken over. */
function lock(home: string): () => void {
  const file = join(home, 'host.pid');
  if (existsSync(file)) {
    const pid = Number(readFileSync(file, 'utf8'));
    if (pid !== process.pid && isAlive(pid)) throw new DataFolderInUse(`${home} is in use by process ${pid}: stop it, or give another --data folder`);
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

/** Stops a postmaster that its killed host left behind. True when there was one. */
async function stopLeftOver(cluster: string): Promise<boolean> {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return false;
  const pid = Number(readFileSync(file, 'utf8').split('\n', 1)[0]);
  if (!isAlive(pid)) return false; // PostgreSQL looks for itself whether a child of the dead one is still at the data
  if (!isPostgres(pid)) {
    rmSync(file, { force: true }); // of another boot or container: the number belongs to somebody else by now
    return false;
  }
  process.kill(pid, 'SIGINT');
  for (let waited = 0; waited < 300 && isAlive(pid); waited += 1) await pause(100);
  if (isAlive(pid)) throw new Error(`the PostgreSQL left behind in ${cluster} (process ${pid}) does not stop`);
  return true;
}

function isPostgres(pid: number): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A secret of this folder: made once, readable by its owner only. */
export function secret(file: string, bytes = 24): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(bytes).toString('hex'), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8');
}

async function ready(url: string, exited: () => boolean, said: () => string): Promise<void> {
  const until = Date.now() + START_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (exited() || Date.now() > until) throw new Error(`PostgreSQL did not start: ${said() || String(error)}`, { cause: error });
      await pause(40);
    }
  }
}

async function initialise(initdb: string, folder: string, password: string, options: object, user: SystemUser | undefined): Promise<void> {
  const temporary = mkdtempSync(join(tmpdir(), 'touchstone-initdb-'));
  const file = join(temporary, 'password');
  try {
    writeFileSync(file, `${password}\n`, { mode: 0o600 });
    if (user) for (const path of [temporary, file]) chownSync(path, user.uid, user.gid);
    await run(initdb, ['-D', folder, '-U', 'owner', '--auth=scram-sha-256', `--pwfile=${file}`, '-E', 'UTF8', '--locale=C'], options);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function run(program: string, args: string[], options: object): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text; });
    child.on('error', failed);
    child.on('exit', (code) => (code === 0 ? done() : failed(new Error(`${program} ended with ${code}: ${said}`))));
  });
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer().once('error', failed).listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
