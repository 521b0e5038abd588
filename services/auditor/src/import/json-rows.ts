import { ImportFault, RowProblem } from './import-fault.js';
import { MAX_LINE_BYTES, physicalLines, textPieces } from './lines.js';
import type { ReadRow, RowFormat } from './rows.js';

const MAX_DEPTH = 16;

/** One JSON object a line. */
export async function* ndjsonRows(bytes: AsyncIterable<Uint8Array>, format: RowFormat): AsyncGenerator<ReadRow> {
  for await (const { number, text, ended } of physicalLines(bytes)) {
    if (number <= (format.skipLines ?? 0) || text.trim() === '') continue;
    const row = objectRow(number, text);
    if ('problem' in row && !ended)
      throw new ImportFault('FILE_CUT_OFF', 'the last line is no whole JSON object and has no line end', number);
    yield row;
  }
}

/** A JSON array of objects, element by element; the line of a row is the one on which its element begins. */
export async function* jsonArrayRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReadRow> {
  const elements = new ArrayElements();
  for await (const { text, firstLine } of textPieces(bytes)) {
    for (const { line, json } of elements.feed(text, firstLine)) yield objectRow(line, json);
  }
  elements.end();
}

/** Cuts the text of an array into its elements, knowing only strings, brackets and commas. */
class ArrayElements {
  private state: 'before' | 'inside' | 'after' = 'before';
  private depth = 0;
  private inString = false;
  private escaped = false;
  private element = '';
  private elementLine = 0;
  private line = 1;
  private elements = 0;

  *feed(text: string, firstLine: number): Generator<{ line: number; json: string }> {
    this.line = firstLine;
    let start = 0;
    for (let at = 0; at < text.length; at += 1) {
      const char = text.charAt(at);
      if (char === '\n') this.line += 1;
      if (this.state !== 'inside') {
        this.outside(char);
        start = at + 1;
      } else if (this.ends(char)) {
        this.append(text.slice(start, at));
        start = at + 1;
        if (char === ']') this.state = 'after';
        const json = this.element.trim();
        if (char === ',' || json !== '' || this.elements > 0) yield { line: this.elementLine || this.line, json };
        this.elements += 1;
        this.element = '';
        this.elementLine = 0;
      }
    }
    if (this.state === 'inside') this.append(text.slice(start));
  }

  end(): void {
    if (this.state === 'before') throw new ImportFault('FILE_EMPTY', 'the file holds no JSON array', this.line);
    if (this.state === 'inside') throw new ImportFault('FILE_CUT_OFF', 'the array is not closed', this.elementLine || this.line);
  }

  private outside(char: string): void {
    if (/\s/.test(char)) return;
    if (this.state === 'after' || char !== '[') {
      throw new ImportFault(
        'INVALID_JSON',
        this.state === 'after' ? 'something follows the array' : 'the file is no JSON array',
        this.line,
      );
    }
    this.state = 'inside';
  }

  /** Follows strings and brackets; true where the element is over. */
  private ends(char: string): boolean {
    if (this.elementLine === 0 && !/\s/.test(char)) this.elementLine = this.line;
    if (this.inString) {
      if (this.escaped) this.escaped = false;
      else if (char === '\\') this.escaped = true;
      else if (char === '"') this.inString = false;
      return false;
    }
    if (this.depth === 0 && (char === ',' || char === ']')) return true;
    if (char === '"') this.inString = true;
    else if (char === '{' || char === '[') this.depth += 1;
    else if (char === '}' || char === ']') this.depth -= 1;
    return false;
  }

  private append(text: string): void {
    this.element += text;
    if (this.element.length > MAX_LINE_BYTES) {
      throw new ImportFault('LINE_TOO_LONG', `an element has more than ${MAX_LINE_BYTES} characters`, this.elementLine || this.line);
    }
  }
}

function objectRow(line: number, json: string): ReadRow {
  try {
    const value: unknown = JSON.parse(json, numbersAsWritten);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { line, problem: new RowProblem('INVALID_JSON', 'not an object') };
    const values = new Map<string, string>();
    flatten(value, '', values, 0);
    return { line, values };
  } catch (error) {
    if (error instanceof RowProblem) return { line, problem: error };
    const message = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 160) : 'not JSON';
    return { line, problem: new RowProblem('INVALID_JSON', message) };
  }
}

/** Keeps 12.10 as "12.10": read as a float, digits of an amount would be lost. */
const numbersAsWritten = (_name: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' ? (context?.source ?? String(value)) : value;

function flatten(value: object, prefix: string, into: Map<string, string>, depth: number): void {
  if (depth > MAX_DEPTH) throw new RowProblem('INVALID_JSON', `nested deeper than ${MAX_DEPTH}`);
  for (const [name, member] of Object.entries(value) as [string, unknown][]) {
    if (typeof member === 'object' && member !== null) flatten(member, `${prefix}${name}.`, into, depth + 1);
    else into.set(prefix + name, member === null ? '' : String(member));
  }
}
