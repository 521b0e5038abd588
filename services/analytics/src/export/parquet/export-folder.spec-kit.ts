import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Source } from '../sources/source.js';
import { askFolder } from '../views/query.js';
import { Batch } from './batch.js';
import type { ExportOptions, Exported } from './export-service.js';
import { exportService } from './export-service.js';
import { lock } from './folder.js';
import type { Selection } from './manifest.js';
import { Manifest } from './manifest.js';

/** One export from beginning to end, as the command line runs it. */
export async function exportTo(folder: string, source: Source, more: Partial<ExportOptions> & { readonly selection?: Selection } = {}): Promise<Exported> {
  const held = lock(folder);
  try {
    const manifest = Manifest.open(folder, more.selection);
    const batch = await Batch.open(folder);
    try {
      return await exportService({ folder, source, batch, manifest, ...more });
    } finally {
      batch.close();
    }
  } finally {
    held.release();
  }
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
