/** Text for terminals: tables that fit the width, and nothing that a recorded text could do to the terminal. */

/** Control characters, and those that turn the direction of writing, read as `?`: texts come from customers and files. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '?');

const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uff01-\uff60\p{Emoji_Presentation}]/u;
const invisible = /[\p{Mn}\p{Me}\u200b-\u200f\ufeff]/u;

/** Columns a text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += invisible.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}

/** Broken at spaces where possible, else within a word; no line is wider than `width`. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text).split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (widthOf(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = broken(word, width);
    line = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

function broken(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece !== '' && widthOf(piece + character) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}

export interface Column {
  readonly heading: string;
  readonly align?: 'left' | 'right';
}

const GAP = '  ';
const LEAST_LAST = 24;
const LEAST_OTHER = 6;

/** Rows below headings; a cell that is too long goes on in the next line, so that nothing is cut off. The last column gets what is left. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string {
  const clean = rows.map((row) => columns.map((_, index) => printable(row[index] ?? '')));
  const widths = fitted(columns.map(({ heading }, index) => Math.max(widthOf(heading), ...clean.map((row) => widthOf(row[index] ?? '')))), width);
  const lines = [columns.map(({ heading }) => heading), widths.map((each) => '-'.repeat(each)), ...clean];
  return `${lines.flatMap((row) => rowLines(row, widths, columns)).join('\n')}\n`;
}

function rowLines(row: readonly string[], widths: readonly number[], columns: readonly Column[]): string[] {
  const cells = widths.map((width, index) => wrapped(row[index] ?? '', width));
  const height = Math.max(...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) =>
    widths
      .map((width, index) => {
        const text = cells[index]?.[line] ?? '';
        const space = ' '.repeat(Math.max(0, width - widthOf(text)));
        return columns[index]?.align === 'right' ? space + text : text + space;
      })
      .join(GAP)
      .trimEnd());
}

/** Narrows the last column first, then always the widest of the others. */
function fitted(wanted: readonly number[], width: number): number[] {
  const widths = [...wanted];
  const last = widths.length - 1;
  const excess = (): number => widths.reduce((sum, each) => sum + each, GAP.length * last) - width;
  if (excess() > 0) widths[last] = Math.max(Math.min(LEAST_LAST, widths[last] ?? 0), (widths[last] ?? 0) - excess());
  while (excess() > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= LEAST_OTHER) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** A text under a label, continued below itself. */
export function labelled(label: string, text: string, width: number, indent = 14): string {
  return wrapped(text, Math.max(LEAST_LAST, width - indent)).map((line, index) => `${(index === 0 ? label : '').padEnd(indent)}${line}`.trimEnd()).join('\n');
}
