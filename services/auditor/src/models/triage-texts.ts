import { readFile } from 'node:fs/promises';
import { Unusable } from '../api.js';
import { readTable } from '../columns/data-table.js';
import type { Delimiter } from '../columns/data-table.js';

/** Texts with their categories, where these are asked for; `place` says where each stands, for people. */
export interface Texts {
  readonly source: string;
  readonly texts: readonly string[];
  readonly categories: readonly string[];
  readonly places: readonly string[];
}

/** Reads texts from a file of columns, or from a JSON array of objects (`.json`). @throws Unusable */
export async function readTexts(file: string, stdin: AsyncIterable<Uint8Array>, columns: { readonly text: string; readonly category?: string }, delimiter?: Delimiter): Promise<Texts> {
  if (file.endsWith('.json')) return jsonTexts(file, columns);
  // Never guessed: in a file of one column, blanks between words are no delimiters.
  const table = await readTable(file, stdin, { header: true, delimiter: delimiter ?? (file.endsWith('.tsv') ? 'tab' : 'comma') });
  return {
    source: table.source, texts: table.texts(columns.text), categories: columns.category === undefined ? [] : table.texts(columns.category),
    places: Array.from({ length: table.length }, (_, row) => `line ${table.lineOf(row)}`),
  };
}

async function jsonTexts(file: string, { text, category }: { readonly text: string; readonly category?: string }): Promise<Texts> {
  const rows = await objectsOf(file);
  const column = (name: string): string[] => rows.map((row, index) => {
    const value = (row as Readonly<Record<string, unknown>> | null)?.[name];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    throw new Unusable(`${file}, entry ${index + 1}: ${name} is ${value === undefined ? 'missing' : 'no text'}, and this analysis needs every value`);
  });
  return { source: file, texts: column(text), categories: category === undefined ? [] : column(category), places: rows.map((_, index) => `entry ${index + 1}`) };
}

async function objectsOf(file: string): Promise<readonly unknown[]> {
  try {
    const read: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (Array.isArray(read) && read.length > 0) return read;
  } catch (error) {
    throw new Unusable(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new Unusable(`${file} must hold an array of objects, one for each text`);
}
