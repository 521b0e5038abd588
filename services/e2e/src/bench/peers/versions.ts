import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pgbenchVersion } from './pgbench.js';

const PEERS: readonly (readonly [shown: string, name: string])[] = [
  ['Emmett', '@event-driven-io/emmett-postgresql'], ['evtstore', 'evtstore'], ['castore', '@castore/event-storage-adapter-postgres'], ['pg', 'pg'], ['NestJS', '@nestjs/core'],
  ['TypeORM', 'typeorm'],
];

/** What was compared, as installed: `Emmett 0.42.0`. */
export const peerVersions = (): string[] => [...PEERS.map(([shown, name]) => `${shown} ${installedVersion(name)}`), `pgbench ${pgbenchVersion() ?? 'not installed'}`];

/** Of the package that an import of `name` would find; many packages do not let their package.json be asked for. */
export function installedVersion(name: string): string {
  for (let folder = dirname(createRequire(import.meta.url).resolve(name)); folder !== dirname(folder); folder = dirname(folder)) {
    const described = packageIn(folder);
    if (described?.name === name && described.version !== undefined) return described.version;
  }
  throw new Error(`${name} has no package.json`);
}

function packageIn(folder: string): { name?: string; version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string; version?: string };
  } catch {
    return undefined;
  }
}
