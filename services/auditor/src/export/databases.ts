// Where the logs are: databases that are named, or those of a platform on this machine.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalPostgres } from '@touchstone/event-store/local';
import { Unusable } from '../api.js';

export interface Databases {
  /** Addresses by service. */
  readonly urls: ReadonlyMap<string, string>;
  /** Stops a PostgreSQL that was started for this. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `control=postgres://…`, as often as there are services. */
  readonly database?: readonly string[];
  /** Folder of a platform on this machine. */
  readonly data?: string;
  /** Names, separated by commas; all that are known when left out. */
  readonly service?: string;
}

const IN_ENVIRONMENT = /^TOUCHSTONE_DATABASE_URL_([A-Z][A-Z0-9_]*)$/;

/** Throws {@link Unusable} when it is not told where a log is. */
export async function openDatabases(options: DatabaseOptions, env: Readonly<Record<string, string | undefined>>): Promise<Databases> {
  const given = new Map([...fromEnvironment(env), ...(options.database ?? []).map(named)]);
  const wanted = options.service?.split(',').map((name) => name.trim());
  if (given.size === 0 && options.data === undefined) {
    throw new Unusable('no log to export: give --data <dir> of a platform on this machine, or --database <service>=<address> (or TOUCHSTONE_DATABASE_URL_<SERVICE> in the environment)');
  }
  const local = given.size === 0 && options.data !== undefined ? await localDatabases(options.data) : undefined;
  const known = local?.urls ?? given;
  const missing = wanted?.filter((name) => !known.has(name)) ?? [];
  if (missing.length > 0) {
    await local?.close();
    throw new Unusable(`--service names ${missing.join(', ')}: there are ${[...known.keys()].join(', ')}`);
  }
  const urls = new Map([...known].filter(([name]) => wanted === undefined || wanted.includes(name)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return { urls, close: () => local?.close() ?? Promise.resolve() };
}

const fromEnvironment = (env: Readonly<Record<string, string | undefined>>): [string, string][] =>
  Object.entries(env).flatMap(([name, url = '']) => {
    const [, service] = IN_ENVIRONMENT.exec(name) ?? [];
    return service === undefined || url === '' ? [] : [[service.toLowerCase(), url]];
  });

function named(text: string): [string, string] {
  const [, service = '', url = ''] = /^([a-z][a-z0-9-]*)=(postgres(?:ql)?:\/\/.+)$/.exec(text) ?? [];
  if (service === '') throw new Unusable('--database must be <service>=postgres://…');
  return [service, url];
}

/** Those of a platform that runs here; of one that does not, its PostgreSQL is started for as long as it is needed. */
async function localDatabases(data: string): Promise<Databases> {
  const passwords = existsSync(data) ? readdirSync(data).flatMap((name) => /^([a-z]+)-password$/.exec(name)?.[1] ?? []) : [];
  if (passwords.length === 0) throw new Unusable(`${data} holds no platform: give --data the folder that the platform was started with`);
  const postgres = join(data, 'postgres');
  const port = runningPort(postgres);
  const started = port === undefined ? await startLocalPostgres({ dataDir: postgres }) : undefined;
  const url = (service: string): string => `postgres://${service}_app:${readFileSync(join(data, `${service}-password`), 'utf8').trim()}@127.0.0.1:${port ?? started?.port ?? 0}/${service}`;
  return { urls: new Map(passwords.map((service) => [service, url(service)])), close: () => started?.stop() ?? Promise.resolve() };
}

/** The fourth line of a postmaster's file is its port; undefined when its host, which would stop it, does not run. */
function runningPort(postgres: string): number | undefined {
  const [host, postmaster] = [join(postgres, 'host.pid'), join(postgres, 'cluster', 'postmaster.pid')];
  if (!existsSync(host) || !existsSync(postmaster) || !isAlive(Number(readFileSync(host, 'utf8')))) return undefined;
  const port = Number(readFileSync(postmaster, 'utf8').split('\n')[3]);
  return Number.isInteger(port) && port > 0 ? port : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0); // only asks
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
