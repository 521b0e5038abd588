// Columns as the models take them: events written in any words, answers on a scale, categories; whatever is wrong is said with its line.
import { Unusable } from '../api.js';
import type { DataTable } from '../columns/data-table.js';
import { shown } from '../analysis.js';

/** An event column as asked for: `column=value` is an event where the cell reads `value`; `column` alone must hold 0 and 1. */
export interface EventColumn {
  readonly column: string;
  /** Null where the column holds 0 and 1. */
  readonly value: string | null;
  readonly values: Uint8Array;
}

/** @throws Unusable for anything else in the column, and for a value that no row has */
export function eventColumn(table: DataTable, asked: string): EventColumn {
  const at = table.names.includes(asked) ? -1 : asked.lastIndexOf('=');
  if (at < 0) return { column: asked, value: null, values: zeroOrOne(table, asked) };
  const [column, value] = [asked.slice(0, at).trim(), asked.slice(at + 1).trim()];
  const texts = table.texts(column);
  if (!texts.includes(value)) throw new Unusable(`${table.source}: no row has ${column} ${value}; found are ${examples(texts)}`);
  return { column, value, values: Uint8Array.from(texts, (text) => Number(text === value)) };
}

function zeroOrOne(table: DataTable, column: string): Uint8Array {
  return Uint8Array.from(table.texts(column), (text, row) => {
    const value = Number(text);
    if (value === 0 || value === 1) return value;
    throw new Unusable(`${table.source}, line ${table.lineOf(row)}: ${column} is "${text}", and 0 or 1 belongs there; say which value is the event, as in ${column}=${text}`);
  });
}

const examples = (texts: readonly string[]): string => {
  const different = [...new Set(texts)].sort();
  return different.length > 6 ? `${different.slice(0, 6).join(', ')} and ${different.length - 6} more` : different.join(', ');
};

/** Answers on a scale of whole numbers, null where not answered. @throws Unusable with the line of an answer off the scale */
export function answers(table: DataTable, column: string, { lowest, highest }: { readonly lowest: number; readonly highest: number }): (number | null)[] {
  const values = table.numbersOrNull(column);
  const row = values.findIndex((value) => value !== null && !(Number.isInteger(value) && value >= lowest && value <= highest));
  if (row < 0) return values;
  throw new Unusable(`${table.source}, line ${table.lineOf(row)}: ${column} is ${shown(values[row])}, and a whole number from ${lowest} to ${highest} belongs there`);
}

/** Labels of groups; numbers where all are, so that they are sorted as such. */
export const labels = (table: DataTable, column: string): string[] | number[] => (table.isNumeric(column) ? [...table.numbers(column)] : table.texts(column));

/** Rows by the text of a column, groups in order: numbers ascending, else words by code units. */
export function rowsByGroup(table: DataTable, column: string): { readonly group: string; readonly rows: readonly number[] }[] {
  const groups = new Map<string, number[]>();
  table.texts(column).forEach((group, row) => {
    const rows = groups.get(group);
    if (rows) rows.push(row);
    else groups.set(group, [row]);
  });
  const numeric = table.isNumeric(column);
  return [...groups].map(([group, rows]) => ({ group, rows })).sort((a, b) => (numeric ? Number(a.group) - Number(b.group) : a.group < b.group ? -1 : 1));
}

/** Options without those left out, since a library takes "undefined" for a value that was given. */
export function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

export const percent = (share: number | null | undefined, digits = 1): string => (share === null || share === undefined ? '-' : `${(100 * share).toFixed(digits)} %`);

/** A p-value as a report prints it. */
export const pShown = (p: number | null | undefined): string => (p === null || p === undefined ? '-' : p < 0.0001 ? '<0.0001' : p.toFixed(4));

/** Lower to upper. */
export const interval = (lower: number | null | undefined, upper: number | null | undefined, digits = 4): string => `${shown(lower, digits)} to ${shown(upper, digits)}`;
