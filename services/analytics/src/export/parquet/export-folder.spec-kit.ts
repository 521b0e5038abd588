import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Source } from '../sources/source.js';
import { askFolder } from '../views/query.js';
import type { FolderOptions } from './export-folder.js';
import { exportFolder } from './export-folder.js';
import type { Exported } from './export-service.js';

/** One export of one service, as the command line runs it. */
export async function exportTo(folder: string, source: Source, more: Partial<FolderOptions> = {}): Promise<Exported> {
  const [only] = await exportFolder({ folder, sources: [source], ...more });
  if (!only) throw new Error('nothing was exported');
  return only;
}

/** Names of the exported files with a hash of what is in them. */
export function contentOf(folder: string): Record<string, string> {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith('.parquet')) : [];
  return Object.fromEntries(files.map((entry) => join(entry.parentPath, entry.name)).toSorted()
    .map((path) => [relative(folder, path), createHash('sha256').update(readFileSync(path)).digest('hex')]));
}

/** The first column's values. */
export const first = async (folder: string, sql: string): Promise<unknown[]> => (await askFolder(folder, sql)).rows.map(([value]) => value);

export const counts = async (folder: string): Promise<unknown> => (await askFolder(folder, 'select count(*)::int, count(distinct id)::int from events')).rows[0];
