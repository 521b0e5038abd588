import { ImportFault } from './import-fault.js';
import { isUnreadable, MAX_LINE_BYTES, readRows, type ReadRow, type RowFormat } from './readers.js';

const CSV: RowFormat = { format: 'csv' };
const BLANKS: RowFormat = { format: 'columns', columns: ['a', 'b'] };

/** Feeds bytes in pieces of the given size, so that lines, characters and quotes are cut everywhere. */
async function* inPieces(content: string | Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(content: string | Uint8Array, format: RowFormat, size = 65_536): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of readRows(inPieces(content, size), format)) rows.push(row);
  return rows;
}

const plain = (rows: ReadRow[]): unknown[] =>
  rows.map((row) => (isUnreadable(row) ? [row.line, row.problem.code] : [row.line, Object.fromEntries(row.values)]));

async function faultOf(content: string | Uint8Array, format: RowFormat, size?: number): Promise<unknown> {
  try {
    await read(content, format, size);
  } catch (error) {
    if (error instanceof ImportFault) return [error.code, error.line];
    throw error;
  }
  return 'no fault';
}

describe('reading CSV', () => {
  it('gives every row its physical line, past blank lines and cells that span lines', async () => {
    const content = 'a,b\r\n1,"x\r\ny, ""z"""\r\n\r\n2,w\r\n';
    const expected = [
      [2, { a: '1', b: 'x\ny, "z"' }],
      [5, { a: '2', b: 'w' }],
    ];
    for (const size of [1, 2, 3, 7, 4096]) expect(plain(await read(content, CSV, size))).toEqual(expected);
  });

  it('takes semicolons and tabs as delimiters, and drops a byte order mark', async () => {
    expect(plain(await read('\uFEFFa;b\n1,5;2\n', { ...CSV, delimiter: ';' }))).toEqual([[2, { a: '1,5', b: '2' }]]);
    expect(plain(await read('a\tb\n1\t\n', { ...CSV, delimiter: '\t' }))).toEqual([[2, { a: '1', b: '' }]]);
  });

  it('makes only the row invalid whose cells do not fit the header or whose quotes are out of place', async () => {
    const content = 'a,b\n1\n1,2,3\n"x"y,2\n5" pipe,2\n,"5"" pipe"\n';
    expect(plain(await read(content, CSV))).toEqual([
      [2, 'COLUMN_COUNT'],
      [3, 'COLUMN_COUNT'],
      [4, 'INVALID_QUOTE'],
      [5, 'INVALID_QUOTE'],
      [6, { a: '', b: '5" pipe' }],
    ]);
  });

  it('refuses a header that lacks a needed column or names one twice, before any row', async () => {
    expect(await faultOf('a;b\n1;2\n', { ...CSV, requiredColumns: ['b'] })).toEqual(['COLUMN_MISSING', 1]);
    expect(await faultOf('a,b,a\n1,2,3\n', CSV)).toEqual(['COLUMN_DUPLICATE', 1]);
    expect(await faultOf('', CSV)).toEqual(['FILE_EMPTY', undefined]);
  });

  it('sees that a file was cut off: inside quotes, or in a last row that is too short and has no line end', async () => {
    expect(await faultOf('a,b\n1,2\n3,"never ends\n5,6\n', CSV)).toEqual(['FILE_CUT_OFF', 3]);
    expect(await faultOf('a,b\n1,2\n3', CSV)).toEqual(['FILE_CUT_OFF', 3]);
    expect(await read('a,b\n1,2\n3,4', CSV)).toMatchObject([{ line: 2 }, { line: 3, withoutLineEnd: true }]);
  });

  it('stops at a quoted cell that would swallow the file, naming the line where it opened', async () => {
    expect(await faultOf(`a,b\n1,"open\n${'x,y\n'.repeat(100_000)}`, CSV)).toEqual(['LINE_TOO_LONG', 2]);
  });
});

describe('reading any text', () => {
  it('names the line that is not UTF-8, however the stream is cut', async () => {
    const latin1 = Buffer.concat([Buffer.from('a,b\n1,Zürich\n2,'), Buffer.from('Zürich\n', 'latin1')]);
    for (const size of [1, 5, 4096]) expect(await faultOf(latin1, CSV, size)).toEqual(['INVALID_UTF8', 3]);
    const json = Buffer.concat([Buffer.from('[\n{"a":"é"},\n'), Buffer.from('{"a":"é"}]', 'latin1')]);
    for (const size of [1, 5, 4096]) expect(await faultOf(json, { format: 'json' }, size)).toEqual(['INVALID_UTF8', 3]);
  });

  it('refuses an overlong UTF-8 sequence and a file cut inside a character', async () => {
    expect(await faultOf(Buffer.from([0x61, 0x0a, 0xc0, 0xaf, 0x0a]), { format: 'csv' })).toEqual(['INVALID_UTF8', 2]);
    expect(await faultOf(Buffer.from([0x61, 0x0a, 0xe2, 0x82]), { format: 'csv' })).toEqual(['INVALID_UTF8', 2]);
  });

  it('refuses a line one byte over the limit, and takes one that just fits', async () => {
    const fits = `a\n${'x'.repeat(MAX_LINE_BYTES)}\n`;
    expect(await read(fits, CSV)).toHaveLength(1);
    expect(await faultOf(fits.replace('x', 'xx'), CSV)).toEqual(['LINE_TOO_LONG', 2]);
    expect(await faultOf('x'.repeat(10 * MAX_LINE_BYTES), CSV)).toEqual(['LINE_TOO_LONG', 1]);
  });

  it('reads a long file without holding it: the source is never ahead by more than a piece', async () => {
    let given = 0;
    let taken = 0;
    let ahead = 0;
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let piece = 0; piece < 200; piece += 1) {
        given += 1000;
        ahead = Math.max(ahead, given - taken);
        yield Buffer.from('1 2\n'.repeat(1000));
      }
    }
    for await (const row of readRows(source(), BLANKS)) taken += isUnreadable(row) ? 0 : 1;
    expect(taken).toBe(200_000);
    expect(ahead).toBeLessThanOrEqual(1001);
  });
});

describe('reading columns separated by blanks', () => {
  it('skips the title block and keeps counting its lines', async () => {
    expect(plain(await read('Title, with words\n----\n  1.   2.5\r\n\r\n -3  4\r\n', { ...BLANKS, skipLines: 2 }))).toEqual([
      [3, { a: '1.', b: '2.5' }],
      [5, { a: '-3', b: '4' }],
    ]);
  });

  it('tells a short row in the middle from a file that was cut off', async () => {
    expect(plain(await read('1 2\n3\n4 5\n', BLANKS))).toEqual([
      [1, { a: '1', b: '2' }],
      [2, 'COLUMN_COUNT'],
      [3, { a: '4', b: '5' }],
    ]);
    expect(await faultOf('1 2\n3', BLANKS)).toEqual(['FILE_CUT_OFF', 2]);
  });
});

describe('reading JSON', () => {
  it('keeps numbers digit for digit, names nested members with dots, and takes null as empty', async () => {
    const line = '{"amount":12.10,"big":12345678901234567890.123456789,"at":{"city":"Bern","tags":["x","y"]},"none":null,"yes":true}\n';
    expect(plain(await read(line, { format: 'ndjson' }))).toEqual([
      [
        1,
        {
          amount: '12.10',
          big: '12345678901234567890.123456789',
          'at.city': 'Bern',
          'at.tags.0': 'x',
          'at.tags.1': 'y',
          none: '',
          yes: 'true',
        },
      ],
    ]);
  });

  it('makes a broken line invalid in the middle, and takes it for a cut-off file at the end', async () => {
    expect(plain(await read('{"a":1}\n{"a":\n[1]\n{"a":2}\n', { format: 'ndjson' }))).toEqual([
      [1, { a: '1' }],
      [2, 'INVALID_JSON'],
      [3, 'INVALID_JSON'],
      [4, { a: '2' }],
    ]);
    expect(await faultOf('{"a":1}\n{"a":2', { format: 'ndjson' })).toEqual(['FILE_CUT_OFF', 2]);
  });

  it('reads an array element by element, whatever the strings in it look like', async () => {
    const content = '\uFEFF [\n {"a": "],[{\\"}"},\n\n {"a": {"b": [1, 2]}} , 7\n]\n';
    for (const size of [1, 3, 4096]) {
      expect(plain(await read(content, { format: 'json' }, size))).toEqual([
        [2, { a: '],[{"}' }],
        [4, { 'a.b.0': '1', 'a.b.1': '2' }],
        [4, 'INVALID_JSON'],
      ]);
    }
    expect(await read('[ ]', { format: 'json' })).toEqual([]);
  });

  it('sees an array that is not closed, one with something behind it, and a file without one', async () => {
    expect(await faultOf('[{"a":1},\n{"a":2', { format: 'json' })).toEqual(['FILE_CUT_OFF', 2]);
    expect(await faultOf('[{"a":1}]\n[', { format: 'json' })).toEqual(['INVALID_JSON', 2]);
    expect(await faultOf('{"a":1}', { format: 'json' })).toEqual(['INVALID_JSON', 1]);
    expect(await faultOf(' \n', { format: 'json' })).toEqual(['FILE_EMPTY', 2]);
  });
});
