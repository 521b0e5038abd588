import { createReadStream } from 'node:fs';
import { Unusable } from '../api.js';
import { RowProblem } from '../import/import-fault.js';
import { ImportFault } from '../import/import-fault.js';
import { splitRecord } from '../import/delimited-rows.js';
import { physicalLines } from '../import/lines.js';

/** How a file of columns is written. What is left out is found out from its first line. */
export interface TableFormat {
  readonly delimiter?: Delimiter;
  /** Whether the first line names the columns. Left out: it does when one of its cells is not a number. */
  readonly header?: boolean;
  /** Lines before the table. */
  readonly skipLines?: number;
  readonly decimal?: 'point' | 'comma';
}

export const delimiters = { comma: ',', semicolon: ';', tab: '\t', blanks: ' ' } as const;
export type Delimiter = keyof typeof delimiters;

const MISSING = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', '.', '*']);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * A file of columns in memory. Columns are asked for by their name in the header or by their number, counted from 1; whatever
 * is wrong with a cell is said with the line it stands in, and ends the command.
 */
export class DataTable {
  constructor(
    readonly source: string,
    readonly names: readonly string[],
    private readonly rows: readonly (readonly string[])[],
    private readonly lines: readonly number[],
    private readonly decimal: 'point' | 'comma',
  ) {}

  get length(): number {
    return this.rows.length;
  }

  /** The physical line of a row (from 0), as an editor shows it. */
  lineOf(row: number): number {
    return this.lines[row] ?? 0;
  }

  /** The index of a column. @throws Unusable */
  indexOf(column: string): number {
    const named = this.names.indexOf(column);
    if (named >= 0) return named;
    const number = /^[1-9]\d{0,4}$/.test(column) ? Number(column) : 0;
    if (number >= 1 && number <= this.names.length) return number - 1;
    throw new Unusable(`${this.source} has no column ${column}; it has ${this.names.join(', ')} (or 1 to ${this.names.length})`);
  }

  /** A column of numbers; a missing value is an error. @throws Unusable */
  numbers(column: string): Float64Array {
    const index = this.indexOf(column);
    return Float64Array.from(this.rows, (_, row) => this.numberAt(row, index) ?? this.missing(row, index));
  }

  /** A column of numbers, null where a value is missing (empty, NA, N/A, NaN, null, `.` or `*`). @throws Unusable */
  numbersOrNull(column: string): (number | null)[] {
    const index = this.indexOf(column);
    return this.rows.map((_, row) => this.numberAt(row, index));
  }

  /** A column as it is written, without blanks around it; a missing value is an error. @throws Unusable */
  texts(column: string): string[] {
    const index = this.indexOf(column);
    return this.rows.map((cells, row) => {
      const text = (cells[index] ?? '').trim();
      return MISSING.has(text) ? this.missing(row, index) : text;
    });
  }

  /** Whether all that is there in a column is a number. */
  isNumeric(column: string): boolean {
    const index = this.indexOf(column);
    return this.rows.every((cells) => parsed(cells[index] ?? '', this.decimal) !== undefined);
  }

  /** The values of some columns, line by line; null where one is missing. */
  byRow(columns: readonly string[]): (number | null)[][] {
    const indices = columns.map((column) => this.indexOf(column));
    return this.rows.map((_, row) => indices.map((index) => this.numberAt(row, index)));
  }

  private numberAt(row: number, index: number): number | null {
    const cell = this.rows[row]?.[index] ?? '';
    const value = parsed(cell, this.decimal);
    if (value !== undefined) return value;
    throw new Unusable(`${this.source}, line ${this.lineOf(row)}: ${this.names[index] ?? ''} is "${cell.trim()}", and a number belongs there`);
  }

  private missing(row: number, index: number): never {
    throw new Unusable(`${this.source}, line ${this.lineOf(row)}: ${this.names[index] ?? ''} is missing, and this analysis needs every value`);
  }
}

/** The number in a cell; null where it is missing, undefined where it is none. */
function parsed(cell: string, decimal: 'point' | 'comma'): number | null | undefined {
  const text = cell.trim();
  if (MISSING.has(text)) return null;
  const number = decimal === 'comma' ? text.replace(',', '.') : text;
  if (!NUMBER.test(number)) return undefined;
  const value = Number(number);
  return Number.isFinite(value) ? value : undefined;
}

/** Reads CSV (RFC 4180), TSV, semicolons or blanks from a file, or from standard input for `-`. @throws Unusable */
export async function readTable(file: string, stdin: AsyncIterable<Uint8Array>, format: TableFormat = {}): Promise<DataTable> {
  const source = file === '-' ? 'standard input' : file;
  try {
    return await tableOf(source, file === '-' ? stdin : createReadStream(file), format);
  } catch (error) {
    if (error instanceof ImportFault) throw new Unusable(`${source}${error.line === undefined ? '' : `, line ${error.line}`}: ${error.detail}`);
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new Unusable(`${source} cannot be read: ${(error as Error).message}`);
  }
}

async function tableOf(source: string, bytes: AsyncIterable<Uint8Array>, { delimiter, header, skipLines = 0, decimal = 'point' }: TableFormat): Promise<DataTable> {
  const [rows, lines]: [string[][], number[]] = [[], []];
  let by = delimiter;
  let open: { line: number; text: string } | undefined;
  for await (const { number, text } of physicalLines(bytes)) {
    if (number <= skipLines || (!open && text.trim() === '')) continue;
    by ??= guessed(text, decimal);
    const record: { line: number; text: string } = open ? { line: open.line, text: `${open.text}\n${text}` } : { line: number, text };
    const cells = by === 'blanks' ? record.text.trim().split(/\s+/) : splitRecord(record.text, delimiters[by]);
    if (cells instanceof RowProblem) throw new Unusable(`${source}, line ${record.line}: ${cells.detail}`);
    open = cells ? undefined : record;
    if (!cells) continue;
    if (rows[0] && cells.length !== rows[0].length) {
      throw new Unusable(`${source}, line ${record.line}: ${cells.length} cells, where line ${lines[0] ?? 0} has ${rows[0].length}`);
    }
    rows.push(cells);
    lines.push(record.line);
  }
  if (open) throw new Unusable(`${source}, line ${open.line}: the file ends inside a quoted cell`);
  const [first] = rows;
  if (!first) throw new Unusable(`${source} is empty: a table of columns belongs there`);
  const named = header ?? first.some((cell) => parsed(cell, decimal) === undefined);
  const names = named ? first.map((cell) => cell.trim()) : first.map((_, index) => String(index + 1));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Unusable(`${source}, line ${lines[0] ?? 0}: two columns are named ${twice}`);
  const from = named ? 1 : 0;
  if (rows.length === from) throw new Unusable(`${source} has a header and no values`);
  return new DataTable(source, names, rows.slice(from), lines.slice(from), decimal);
}

function guessed(line: string, decimal: 'point' | 'comma'): Delimiter {
  if (line.includes('\t')) return 'tab';
  if (line.includes(';')) return 'semicolon';
  if (line.includes(',') && decimal === 'point') return 'comma';
  return 'blanks';
}
