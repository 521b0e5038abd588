import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { plainDuckDB, sqlText } from '../parquet/batch.js';
import { ExportFault } from '../parquet/export-fault.js';
import { manifestFile } from '../parquet/folder.js';
import type { ServiceExport } from '../parquet/manifest.js';
import { viewsSql } from './views.js';

export interface Answer {
  readonly columns: readonly string[];
  /** Numbers that JSON cannot hold exactly, decimals and times are text. */
  readonly rows: readonly (readonly unknown[])[];
}

/** Asks an exported folder; the views are there. The last statement's rows. Throws {@link ExportFault} where nothing was exported. */
export async function askFolder(folder: string, sql: string): Promise<Answer> {
  if (!existsSync(manifestFile(folder))) throw new ExportFault('EXPORT_NOT_OURS', `${folder} holds no export: run touchstone export --out ${folder} first`);
  const { services } = JSON.parse(readFileSync(manifestFile(folder), 'utf8')) as { services: Record<string, ServiceExport> };
  if (Object.values(services).every(({ events }) => events === 0)) throw new ExportFault('EXPORT_EMPTY', `${folder} holds no event yet`);
  const instance = await plainDuckDB({ threads: '2' });
  const connection = await instance.connect();
  try {
    await connection.run(`set file_search_path = ${sqlText(resolve(folder))}`);
    await connection.run(viewsSql());
    const reader = await connection.runAndReadAll(sql);
    return { columns: reader.deduplicatedColumnNames(), rows: reader.getRowsJson() };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
