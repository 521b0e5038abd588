import { ImportFault } from './import-fault.js';

/** The longest line, record or array element that is read, in bytes of UTF-8 (of characters, where a record spans lines). */
export const MAX_LINE_BYTES = 256 * 1024;

export interface PhysicalLine {
  /** Counted from 1, as an editor shows it. */
  readonly number: number;
  readonly text: string;
  /** False only for a last line without a line end. */
  readonly ended: boolean;
}

export interface TextPiece {
  readonly text: string;
  readonly firstLine: number;
}

const NEWLINE = 0x0a;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The lines of a UTF-8 stream without their ends (LF or CRLF) and without a byte order mark, one at a time. */
export async function* physicalLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<PhysicalLine> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of bytes) {
    const buffer = joined(rest, chunk);
    let start = 0;
    for (let end = buffer.indexOf(NEWLINE); end >= 0; end = buffer.indexOf(NEWLINE, start)) {
      number += 1;
      yield { number, text: lineText(buffer.subarray(start, end), number), ended: true };
      start = end + 1;
    }
    rest = buffer.subarray(start);
    checkLength(rest, number + 1);
  }
  if (rest.length > 0) yield { number: number + 1, text: lineText(rest, number + 1), ended: false };
}

/** The text of a UTF-8 stream in pieces that never cut a character, for formats in which lines mean nothing. */
export async function* textPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TextPiece> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  let first = true;
  for await (const chunk of bytes) {
    const buffer = joined(rest, chunk);
    let end = buffer.length;
    while (end > 0 && (buffer[end - 1] ?? 0) >= 0x80) end -= 1;
    rest = buffer.subarray(end);
    checkLength(rest, line);
    if (end === 0) continue;
    const piece = piecesText(buffer.subarray(0, end), line, first);
    yield { text: piece, firstLine: line };
    first = false;
    line += countNewlines(piece);
  }
  if (rest.length > 0) yield { text: piecesText(rest, line, first), firstLine: line };
}

const joined = (rest: Buffer, chunk: Uint8Array): Buffer =>
  rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.concat([rest, chunk]);

function lineText(bytes: Buffer, number: number): string {
  checkLength(bytes, number);
  const text = decoded(bytes, number);
  const withoutMark = number === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text;
  return withoutMark.endsWith('\r') ? withoutMark.slice(0, -1) : withoutMark;
}

function piecesText(bytes: Buffer, firstLine: number, first: boolean): string {
  try {
    const text = utf8.decode(bytes);
    return first && text.startsWith('\uFEFF') ? text.slice(1) : text;
  } catch {
    let number = firstLine;
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      decoded(bytes.subarray(start, end), number);
      number += 1;
      start = end + 1;
    }
    return decoded(bytes.subarray(start), number);
  }
}

function decoded(bytes: Buffer, number: number): string {
  try {
    return utf8.decode(bytes);
  } catch {
    const wide = number === 1 && (bytes[0] === 0xff || bytes[0] === 0xfe);
    const hint = wide ? 'the file looks like UTF-16' : 'it may be Windows-1252 or ISO 8859-1';
    throw new ImportFault('INVALID_UTF8', `the line is not UTF-8 (${hint}); save the file as UTF-8`, number);
  }
}

function checkLength(bytes: Uint8Array, line: number): void {
  if (bytes.length > MAX_LINE_BYTES) {
    throw new ImportFault('LINE_TOO_LONG', `the line has more than ${MAX_LINE_BYTES} bytes`, line);
  }
}

export function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
