/** Apart, since it brings DuckDB along and few runs need it. */
import { askFolder, ExportFault } from '@touchstone/analytics/export';
import type { Answer } from '@touchstone/analytics/export';
import { Unusable } from '../api.js';

/** Throws {@link Unusable} for what is no export, and for what is no SQL. */
export async function ask(folder: string, sql: string): Promise<Answer> {
  try {
    return await askFolder(folder, sql);
  } catch (error) {
    throw new Unusable(error instanceof ExportFault ? error.message : (error as Error).message.replaceAll('\n', ' '));
  }
}
