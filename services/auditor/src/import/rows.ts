import { RowProblem } from './import-fault.js';

/** How the rows of a file are written. */
export interface RowFormat {
  readonly format: 'csv' | 'columns' | 'ndjson' | 'json';
  /** CSV only; a comma when absent. */
  readonly delimiter?: string;
  /** Physical lines before the header or the first row (a title block, as in the NIST series). */
  readonly skipLines?: number;
  /** The names of a file without header; required for `columns`. */
  readonly columns?: readonly string[];
  /** Columns that the reader must find in a header; their absence ends the import before anything is sent. */
  readonly requiredColumns?: readonly string[];
}

/** One row: column name → text as written. Members of nested JSON are named with dots (`address.city`); null is empty text. */
export interface Row {
  readonly line: number;
  readonly values: ReadonlyMap<string, string>;
  /** True on a last row whose line has no end: its last value may have been cut. */
  readonly withoutLineEnd?: boolean;
}

export interface UnreadableRow {
  readonly line: number;
  readonly problem: RowProblem;
}

export type ReadRow = Row | UnreadableRow;

export const isUnreadable = (row: ReadRow): row is UnreadableRow => 'problem' in row;

export function rowOfCells(line: number, columns: readonly string[], cells: readonly string[]): ReadRow {
  if (cells.length !== columns.length) {
    return { line, problem: new RowProblem('COLUMN_COUNT', `the row has ${cells.length} cells, expected ${columns.length}`) };
  }
  return { line, values: new Map(columns.map((name, index) => [name, cells[index] ?? ''])) };
}
