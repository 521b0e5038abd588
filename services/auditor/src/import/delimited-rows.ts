import { ImportFault, RowProblem } from './import-fault.js';
import { MAX_LINE_BYTES, physicalLines, type PhysicalLine } from './lines.js';
import { rowOfCells, type ReadRow, type RowFormat } from './rows.js';

/** A record of RFC 4180: usually one line, more where a quoted cell holds line ends. */
interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[] | RowProblem;
  readonly ended: boolean;
}

/** CSV (RFC 4180, with a delimiter of choice). The first record names the columns unless the format does. */
export async function* csvRows(bytes: AsyncIterable<Uint8Array>, format: RowFormat): AsyncGenerator<ReadRow> {
  let columns = format.columns;
  for await (const record of csvRecords(physicalLines(bytes), format)) {
    if (columns) yield tableRow(record, columns);
    else columns = headerOf(record, format.requiredColumns ?? []);
  }
  if (!columns) throw new ImportFault('FILE_EMPTY', 'the file has no header');
}

/** Cells separated by blanks; a file of this kind has no header, so the format names the columns. */
export async function* columnRows(bytes: AsyncIterable<Uint8Array>, format: RowFormat): AsyncGenerator<ReadRow> {
  const columns = format.columns ?? [];
  for await (const { number, text, ended } of physicalLines(bytes)) {
    const trimmed = text.trim();
    if (number <= (format.skipLines ?? 0) || trimmed === '') continue;
    yield tableRow({ line: number, cells: trimmed.split(/\s+/), ended }, columns);
  }
}

async function* csvRecords(lines: AsyncIterable<PhysicalLine>, format: RowFormat): AsyncGenerator<CsvRecord> {
  const delimiter = format.delimiter ?? ',';
  let open: { line: number; text: string } | undefined;
  for await (const { number, text, ended } of lines) {
    if (number <= (format.skipLines ?? 0) || (!open && text === '')) continue;
    const record: { line: number; text: string } = open ? { line: open.line, text: `${open.text}\n${text}` } : { line: number, text };
    if (record.text.length > MAX_LINE_BYTES) throw new ImportFault('LINE_TOO_LONG', 'a quoted cell does not end', record.line);
    const cells = open && !text.includes('"') ? undefined : splitRecord(record.text, delimiter);
    open = cells ? undefined : record;
    if (cells) yield { line: record.line, cells, ended };
  }
  if (open) throw new ImportFault('FILE_CUT_OFF', 'the file ends inside a quoted cell', open.line);
}

/** The cells of a record; a problem where a quote is out of place; undefined while a quoted cell is still open. */
export function splitRecord(text: string, delimiter: string): string[] | RowProblem | undefined {
  if (!text.includes('"')) return text.split(delimiter);
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    const end = text[at] === '"' ? quotedEnd(text, at) : plainEnd(text, at, delimiter);
    if (end === undefined) return undefined;
    const cell = text.slice(at, end);
    if (!cell.startsWith('"') && cell.includes('"')) return misplaced(cells.length);
    cells.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === text.length) return cells;
    if (!text.startsWith(delimiter, end)) return misplaced(cells.length - 1);
    at = end + delimiter.length;
  }
}

function plainEnd(text: string, start: number, delimiter: string): number {
  const end = text.indexOf(delimiter, start);
  return end < 0 ? text.length : end;
}

function quotedEnd(text: string, start: number): number | undefined {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at + 1;
  }
  return undefined;
}

const misplaced = (index: number): RowProblem =>
  new RowProblem('INVALID_QUOTE', `cell ${index + 1} has a quote inside; quote the whole cell and double the quotes in it`);

function headerOf({ cells, line }: CsvRecord, required: readonly string[]): readonly string[] {
  if (cells instanceof RowProblem) throw new ImportFault('COLUMN_MISSING', `the header cannot be read: ${cells.detail}`, line);
  const names = cells.map((cell) => cell.trim());
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new ImportFault(
      'COLUMN_MISSING',
      `no column ${missing.map(quoted).join(', ')}; the header has ${names.map(quoted).join(', ')}`,
      line,
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ImportFault('COLUMN_DUPLICATE', `two columns are named ${quoted(twice)}`, line);
  return names;
}

function tableRow({ line, cells, ended }: CsvRecord, columns: readonly string[]): ReadRow {
  if (cells instanceof RowProblem) return { line, problem: cells };
  if (!ended && cells.length < columns.length) {
    throw new ImportFault('FILE_CUT_OFF', `the last row has ${cells.length} of ${columns.length} cells and no line end`, line);
  }
  const row = rowOfCells(line, columns, cells);
  return ended ? row : { ...row, withoutLineEnd: true };
}

const quoted = (name: string): string => `"${name}"`;
