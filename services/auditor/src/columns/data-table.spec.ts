import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { readTable } from './data-table.js';
import type { TableFormat } from './data-table.js';

const from = (text: string | Buffer, format?: TableFormat) => readTable('-', Readable.from([Buffer.from(text)]), format);
const refusal = async (text: string | Buffer, format?: TableFormat): Promise<string> => {
  try {
    const table = await from(text, format);
    for (const name of table.names) table.numbers(name);
    return 'taken';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a table of columns', () => {
  it('is read whatever separates the cells', async () => {
    for (const text of ['a,b\n1,2.5\n3,4\n', 'a;b\n1;2.5\n3;4\n', 'a\tb\r\n1\t2.5\r\n3\t4', '  a   b\n 1  2.5\n\n 3 4 \n', '\uFEFF"a","b"\n"1","2.5"\n3,4']) {
      const table = await from(text);
      expect([table.names, [...table.numbers('a')], [...table.numbers('2')], table.length]).toEqual([['a', 'b'], [1, 3], [2.5, 4], 2]);
    }
  });
  it('with decimal commas is read with semicolons, tabs or blanks', async () => {
    expect([...(await from('x;y\n1,5;2\n-0,25;1e-3', { decimal: 'comma' })).numbers('x')]).toEqual([1.5, -0.25]);
    expect([...(await from('1,5 2\n', { decimal: 'comma' })).numbers('1')]).toEqual([1.5]);
  });
  it('has a header when a cell of the first line is not a number, and when it is said', async () => {
    expect((await from('1,2\n3,4')).names).toEqual(['1', '2']);
    expect([...(await from('2020,2021\n3,4', { header: true })).numbers('2021')]).toEqual([4]);
    expect((await from('yes,no\nno,no', { header: false })).texts('1')).toEqual(['yes', 'no']);
  });
  it('finds a column by its name first, and then by its number', async () => {
    const table = await from('b,1,2\n7,8,9\n');
    expect([table.indexOf('b'), table.indexOf('1'), table.indexOf('2'), table.indexOf('3')]).toEqual([0, 1, 2, 2]);
    expect(() => table.indexOf('4')).toThrow('standard input has no column 4; it has b, 1, 2 (or 1 to 3)');
    expect(() => table.indexOf('price')).toThrow(/no column price/);
  });
  it('says where values are missing', async () => {
    const table = await from('x,y\n1,NA\n,.\n3,*\n');
    expect(table.numbersOrNull('x')).toEqual([1, null, 3]);
    expect(table.numbersOrNull('y')).toEqual([null, null, null]);
    expect(table.byRow(['y', 'x'])).toEqual([[null, 1], [null, null], [null, 3]]);
    expect(() => table.numbers('x')).toThrow('standard input, line 3: x is missing, and this analysis needs every value');
  });
  it('skips lines before the table, and keeps counting as an editor does', async () => {
    const table = await from('measured on Monday\n\nx\n1\n\n2\n', { skipLines: 1 });
    expect([[...table.numbers('x')], table.lineOf(0), table.lineOf(1)]).toEqual([[1, 2], 4, 6]);
  });
  it.each<[string, string | Buffer, string]>([
    ['nothing', '', 'standard input is empty: a table of columns belongs there'],
    ['blank lines', '\n\n', 'standard input is empty: a table of columns belongs there'],
    ['a header alone', 'x,y\n', 'standard input has a header and no values'],
    ['a word where a number belongs', 'x,y\n1,2\n3,four\n', 'standard input, line 3: y is "four", and a number belongs there'],
    ['an infinity', 'x\n1\n1e999\n', 'standard input, line 3: x is "1e999", and a number belongs there'],
    ['a hexadecimal number', 'x\n1\n0x10\n', 'standard input, line 3: x is "0x10", and a number belongs there'],
    ['a line that is too short', 'x,y\n1,2\n3\n', 'standard input, line 3: 1 cells, where line 1 has 2'],
    ['two columns of one name', 'x,x\n1,2\n', 'standard input, line 1: two columns are named x'],
    ['a quoted cell that does not end', 'x,y\n1,"2\n3,4\n', 'standard input, line 2: the file ends inside a quoted cell'],
    ['bytes that are not UTF-8', Buffer.from([0x78, 0x0a, 0xe9, 0x0a]), 'standard input, line 2: the line is not UTF-8 (it may be Windows-1252 or ISO 8859-1); save the file as UTF-8'],
  ])('of %s is refused in one line', async (_, text, message) => expect(await refusal(text)).toBe(message));
  it('that is not there is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'touchstone-columns-'));
    writeFileSync(join(folder, 'there.csv'), 'x\n1\n');
    expect((await readTable(join(folder, 'there.csv'), process.stdin)).length).toBe(1);
    await expect(readTable(join(folder, 'gone.csv'), process.stdin)).rejects.toThrow(/gone\.csv cannot be read: ENOENT/);
    await expect(readTable(folder, process.stdin)).rejects.toThrow(/cannot be read: EISDIR/);
    rmSync(folder, { recursive: true });
  });
});
