import { labelled, printable, table, widthOf, wrapped } from './terminal.js';

describe('text on a terminal', () => {
  it('cannot move the cursor, ring the bell or turn the direction of writing', () => {
    expect(printable('a\u001b[31mb\u0007\u202ec\nd')).toBe('a?[31mb??c?d');
  });

  it('takes two columns for wide characters and none for marks', () => {
    expect(['abc', '測定', 'e\u0301', '日本 x'].map(widthOf)).toEqual([3, 4, 1, 6]);
  });

  it('breaks at spaces, and within a word that is wider than the line', () => {
    expect(wrapped('held because of wear', 8)).toEqual(['held', 'because', 'of wear']);
    expect(wrapped('0123456789', 4)).toEqual(['0123', '4567', '89']);
    expect(wrapped('', 4)).toEqual(['']);
  });

  it('goes on below its label', () => {
    expect(labelled('Reason', 'digits swapped when typing it in', 38, 8)).toBe('Reason  digits swapped when typing it\n        in');
  });
});

describe('a table', () => {
  const columns = [{ heading: '#', align: 'right' as const }, { heading: 'event' }, { heading: 'says' }];

  it('is as wide as its contents where they fit', () => {
    expect(table(columns, [['9', 'LotRegistered', 'quantity 500'], ['10', 'LotRejected', '']], 80)).toBe(
      [' #  event          says', '--  -------------  ------------', ' 9  LotRegistered  quantity 500', '10  LotRejected', ''].join('\n'));
  });

  it('never exceeds the width, and loses nothing', () => {
    const text = 'a reason that is much longer than the terminal is wide, with a word like 0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11 in it';
    const lines = table(columns, [['1', 'LotRejected', text]], 60).trimEnd().split('\n');
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(60);
    expect(lines.slice(2).map((line) => line.slice(16)).join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
  });
});
