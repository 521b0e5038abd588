import { samplingPlan } from './index.js';
import type { CodeLetter, SamplingScheme, SamplingType, Severity } from './index.js';

/** The row of a letter as printed: from `first` on, one AQL a cell. */
interface PrintedRow {
  readonly scheme: SamplingScheme;
  readonly severity: Severity;
  readonly type: SamplingType;
  readonly letter: CodeLetter;
  readonly n: number;
  readonly cells: Readonly<Record<string, string>>;
}

const ROWS: readonly PrintedRow[] = [
  {
    scheme: 'z1.4',
    severity: 'normal',
    type: 'double',
    letter: 'K',
    n: 80,
    cells: {
      0.4: '0 2, 1 2',
      0.65: '0 3, 3 4',
      1: '1 4, 4 5',
      1.5: '2 5, 6 7',
      2.5: '3 7, 8 9',
      4: '5 9, 12 13',
      6.5: '7 11, 18 19',
      10: '11 16, 26 27',
    },
  },
  { scheme: 'z1.4', severity: 'normal', type: 'double', letter: 'E', n: 8, cells: { 150: '17 22, 37 38', 250: '25 31, 56 57' } },
  {
    scheme: 'z1.4',
    severity: 'tightened',
    type: 'double',
    letter: 'K',
    n: 80,
    cells: { 0.65: '0 2, 1 2', 1: '0 3, 3 4', 1.5: '1 4, 4 5', 2.5: '2 5, 6 7', 4: '3 7, 11 12', 6.5: '6 10, 15 16', 10: '9 14, 23 24' },
  },
  { scheme: 'z1.4', severity: 'tightened', type: 'double', letter: 'E', n: 8, cells: { 150: '15 20, 34 35', 250: '23 29, 52 53' } },
  {
    scheme: 'z1.4',
    severity: 'reduced',
    type: 'double',
    letter: 'K',
    n: 32,
    cells: {
      0.4: '0 2, 0 2',
      0.65: '0 3, 0 4',
      1: '0 4, 1 5',
      1.5: '0 4, 3 6',
      2.5: '1 5, 4 7',
      4: '2 7, 6 9',
      6.5: '3 8, 8 12',
      10: '5 10, 12 16',
    },
  },
  { scheme: 'z1.4', severity: 'reduced', type: 'double', letter: 'E', n: 3, cells: { 150: '7 12, 18 22', 250: '11 17, 26 30' } },
  {
    scheme: 'z1.4',
    severity: 'normal',
    type: 'multiple',
    letter: 'K',
    n: 32,
    cells: {
      0.4: '# 2, # 2, 0 2, 0 3, 1 3, 1 3, 2 3',
      0.65: '# 2, 0 3, 0 3, 1 4, 2 4, 3 5, 4 5',
      1: '# 3, 0 3, 1 4, 2 5, 3 6, 4 6, 6 7',
      1.5: '# 4, 1 5, 2 6, 3 7, 5 8, 7 9, 9 10',
      2.5: '0 4, 1 6, 3 8, 5 10, 7 11, 10 12, 13 14',
      4: '0 5, 3 8, 6 10, 8 13, 11 15, 14 17, 18 19',
      6.5: '1 7, 4 10, 8 13, 12 17, 17 20, 21 23, 25 26',
      10: '2 9, 7 14, 13 19, 19 25, 25 29, 31 33, 37 38',
    },
  },
  {
    scheme: 'z1.4',
    severity: 'normal',
    type: 'multiple',
    letter: 'E',
    n: 3,
    cells: { 150: '4 12, 11 19, 19 27, 27 34, 36 40, 45 47, 53 54', 250: '6 16, 17 27, 29 39, 40 49, 53 58, 65 68, 77 78' },
  },
  {
    scheme: 'z1.4',
    severity: 'tightened',
    type: 'multiple',
    letter: 'K',
    n: 32,
    cells: {
      0.65: '# 2, # 2, 0 2, 0 3, 1 3, 1 3, 2 3',
      1: '# 2, 0 3, 0 3, 1 4, 2 4, 3 5, 4 5',
      1.5: '# 3, 0 3, 1 4, 2 5, 3 6, 4 6, 6 7',
      2.5: '# 4, 1 5, 2 6, 3 7, 5 8, 7 9, 9 10',
      4: '0 4, 2 7, 4 9, 6 11, 9 12, 12 14, 14 15',
      6.5: '0 6, 3 9, 7 12, 10 15, 14 17, 18 20, 21 22',
      10: '1 8, 6 12, 11 17, 16 22, 22 25, 27 29, 32 33',
    },
  },
  {
    scheme: 'z1.4',
    severity: 'tightened',
    type: 'multiple',
    letter: 'E',
    n: 3,
    cells: { 150: '3 10, 10 17, 17 24, 24 31, 32 37, 40 43, 48 49', 250: '6 15, 16 25, 26 36, 37 46, 49 55, 61 64, 72 73' },
  },
  {
    scheme: 'z1.4',
    severity: 'reduced',
    type: 'multiple',
    letter: 'K',
    n: 13,
    cells: {
      0.4: '# 2, # 2, 0 2, 0 3, 0 3, 0 3, 1 3',
      0.65: '# 2, # 3, 0 3, 0 4, 0 4, 1 5, 1 5',
      1: '# 3, # 3, 0 4, 0 5, 1 6, 1 6, 2 7',
      1.5: '# 3, 0 4, 0 5, 1 6, 2 7, 3 7, 4 8',
      2.5: '# 4, 0 5, 1 6, 2 7, 3 8, 4 9, 6 10',
      4: '# 4, 1 6, 2 8, 3 10, 5 11, 7 12, 9 14',
      6.5: '0 5, 1 7, 3 9, 5 12, 7 13, 10 15, 13 17',
      10: '0 6, 3 9, 6 12, 8 15, 11 17, 14 20, 18 22',
    },
  },
  {
    scheme: 'iso2859-1',
    severity: 'normal',
    type: 'double',
    letter: 'K',
    n: 80,
    cells: {
      0.4: '0 2, 1 2',
      0.65: '0 3, 3 4',
      1: '1 3, 4 5',
      1.5: '2 5, 6 7',
      2.5: '3 6, 9 10',
      4: '5 9, 12 13',
      6.5: '7 11, 18 19',
      10: '11 16, 26 27',
    },
  },
  {
    scheme: 'iso2859-1',
    severity: 'tightened',
    type: 'double',
    letter: 'K',
    n: 80,
    cells: { 0.65: '0 2, 1 2', 1: '0 3, 3 4', 1.5: '1 3, 4 5', 2.5: '2 5, 6 7', 4: '4 7, 10 11', 6.5: '6 10, 15 16', 10: '9 14, 23 24' },
  },
  {
    scheme: 'iso2859-1',
    severity: 'reduced',
    type: 'double',
    letter: 'K',
    n: 32,
    cells: { 0.65: '0 2, 1 2', 1: '0 3, 3 4', 1.5: '1 3, 4 5', 2.5: '2 5, 6 7', 4: '3 6, 7 8', 6.5: '4 7, 10 11', 10: '5 9, 12 13' },
  },
  {
    scheme: 'iso2859-1',
    severity: 'normal',
    type: 'multiple',
    letter: 'K',
    n: 32,
    cells: {
      0.4: '# 2, # 2, 0 2, 0 2, 1 2',
      0.65: '# 2, 0 3, 0 3, 1 3, 3 4',
      1: '# 3, 0 3, 1 4, 2 5, 4 5',
      1.5: '# 4, 1 5, 2 6, 4 7, 6 7',
      2.5: '0 4, 1 6, 3 8, 5 9, 9 10',
      4: '0 5, 3 8, 6 10, 9 12, 12 13',
      6.5: '1 7, 4 10, 8 13, 12 17, 18 19',
      10: '2 9, 7 14, 13 19, 20 25, 26 27',
    },
  },
];

describe('a row of the tables of double and multiple plans', () => {
  it.each(ROWS)('has the printed numbers: $scheme, $severity, $type, letter $letter', ({ scheme, severity, type, letter, n, cells }) => {
    for (const [aql, cell] of Object.entries(cells)) {
      const { stages, type: found } = samplingPlan({ scheme, severity, type, codeLetter: letter, aql: Number(aql) });
      expect(found).toBe(type);
      expect(stages.map(({ ac, re }) => `${ac ?? '#'} ${re}`).join(', ')).toBe(cell);
      expect(stages.map(({ n: size }) => size)).toEqual(stages.map(() => n));
    }
  });
});
