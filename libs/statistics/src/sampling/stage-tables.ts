import { SAMPLE_SIZES } from './code-letters.js';
import type { AcceptanceNumbers, SamplingScheme, Severity } from './master-tables.js';

// Double and multiple plans. Every cell of the single sampling table has one double and one multiple plan with nearly the same
// operating characteristic, and cells with the same acceptance number have the same sequence whatever letter or AQL: so the
// sequences are listed by the numbers of the single plan. `#` says that the stage cannot accept.

/** Acceptance and rejection number of one stage, both cumulative. `ac` is null where the stage cannot accept. */
export interface StageNumbers {
  readonly ac: number | null;
  readonly re: number;
}

/** Sequences written as in the standards: "0 2, 1 2" is Ac 0 Re 2, then Ac 1 Re 2. Keys are Ac/Re of the single plan. */
type Sequences = Readonly<Record<string, string>>;

const DOUBLE_105E: Sequences = {
  '1/2': '0 2, 1 2',
  '2/3': '0 3, 3 4',
  '3/4': '1 4, 4 5',
  '5/6': '2 5, 6 7',
  '7/8': '3 7, 8 9',
  '8/9': '3 7, 11 12',
  '10/11': '5 9, 12 13',
  '12/13': '6 10, 15 16',
  '14/15': '7 11, 18 19',
  '18/19': '9 14, 23 24',
  '21/22': '11 16, 26 27',
  '27/28': '15 20, 34 35',
  '30/31': '17 22, 37 38',
  '41/42': '23 29, 52 53',
  '44/45': '25 31, 56 57',
};

const DOUBLE_REDUCED_105E: Sequences = {
  '0/2': '0 2, 0 2',
  '1/3': '0 3, 0 4',
  '1/4': '0 4, 1 5',
  '2/5': '0 4, 3 6',
  '3/6': '1 5, 4 7',
  '5/8': '2 7, 6 9',
  '7/10': '3 8, 8 12',
  '10/13': '5 10, 12 16',
  '14/17': '7 12, 18 22',
  '21/24': '11 17, 26 30',
};

/**
 * ISO 2859-1:1999 gives some double plans a smaller average sample size. Not compared with the printed tables 3-A to 3-C, but each
 * agrees with the operating characteristic of its single plan: `SamplingPlan.confirmed` is false.
 */
const DOUBLE_ISO: Sequences = { ...DOUBLE_105E, '3/4': '1 3, 4 5', '6/7': '3 6, 7 8', '7/8': '3 6, 9 10', '8/9': '4 7, 10 11' };

const MULTIPLE_105E: Sequences = {
  '1/2': '# 2, # 2, 0 2, 0 3, 1 3, 1 3, 2 3',
  '2/3': '# 2, 0 3, 0 3, 1 4, 2 4, 3 5, 4 5',
  '3/4': '# 3, 0 3, 1 4, 2 5, 3 6, 4 6, 6 7',
  '5/6': '# 4, 1 5, 2 6, 3 7, 5 8, 7 9, 9 10',
  '7/8': '0 4, 1 6, 3 8, 5 10, 7 11, 10 12, 13 14',
  '8/9': '0 4, 2 7, 4 9, 6 11, 9 12, 12 14, 14 15',
  '10/11': '0 5, 3 8, 6 10, 8 13, 11 15, 14 17, 18 19',
  '12/13': '0 6, 3 9, 7 12, 10 15, 14 17, 18 20, 21 22',
  '14/15': '1 7, 4 10, 8 13, 12 17, 17 20, 21 23, 25 26',
  '18/19': '1 8, 6 12, 11 17, 16 22, 22 25, 27 29, 32 33',
  '21/22': '2 9, 7 14, 13 19, 19 25, 25 29, 31 33, 37 38',
  '27/28': '3 10, 10 17, 17 24, 24 31, 32 37, 40 43, 48 49',
  '30/31': '4 12, 11 19, 19 27, 27 34, 36 40, 45 47, 53 54',
  '41/42': '6 15, 16 25, 26 36, 37 46, 49 55, 61 64, 72 73',
  '44/45': '6 16, 17 27, 29 39, 40 49, 53 58, 65 68, 77 78',
};

const MULTIPLE_REDUCED_105E: Sequences = {
  '0/2': '# 2, # 2, 0 2, 0 3, 0 3, 0 3, 1 3',
  '1/3': '# 2, # 3, 0 3, 0 4, 0 4, 1 5, 1 5',
  '1/4': '# 3, # 3, 0 4, 0 5, 1 6, 1 6, 2 7',
  '2/5': '# 3, 0 4, 0 5, 1 6, 2 7, 3 7, 4 8',
  '3/6': '# 4, 0 5, 1 6, 2 7, 3 8, 4 9, 6 10',
  '5/8': '# 4, 1 6, 2 8, 3 10, 5 11, 7 12, 9 14',
  '7/10': '0 5, 1 7, 3 9, 5 12, 7 13, 10 15, 13 17',
  '10/13': '0 6, 3 9, 6 12, 8 15, 11 17, 14 20, 18 22',
};

/**
 * The five stages of ISO 2859-1:1999, not compared with the printed tables 4-A to 4-C either. The sequences for 6, 8, 12, 18, 27,
 * 30, 41 and 44 are missing: curves do not tell neighbouring numbers of the fourth stage apart, so the double plan is used there.
 */
const MULTIPLE_ISO: Sequences = {
  '1/2': '# 2, # 2, 0 2, 0 2, 1 2',
  '2/3': '# 2, 0 3, 0 3, 1 3, 3 4',
  '3/4': '# 3, 0 3, 1 4, 2 5, 4 5',
  '5/6': '# 4, 1 5, 2 6, 4 7, 6 7',
  '7/8': '0 4, 1 6, 3 8, 5 9, 9 10',
  '10/11': '0 5, 3 8, 6 10, 9 12, 12 13',
  '14/15': '1 7, 4 10, 8 13, 12 17, 18 19',
  '21/22': '2 9, 7 14, 13 19, 20 25, 26 27',
};

/** How many places a letter's sample of one stage lies before its single sample of normal inspection: B has 2, the single sample of A. */
const SHIFT = { double: { usual: 1, reduced: 3 }, multiple: { usual: 3, reduced: 5 } } as const;

/** Size of each sample of a double or multiple plan, or null where the table refers to another type for this letter. */
export function stageSampleSize(type: 'double' | 'multiple', severity: Severity, letter: number): number | null {
  const place = letter - SHIFT[type][severity === 'reduced' ? 'reduced' : 'usual'];
  return place < 0 ? null : (SAMPLE_SIZES[place] as number);
}

/** The sequence of a double or multiple plan that corresponds to a single plan, or null where none is established. */
export function stageNumbers(
  scheme: SamplingScheme,
  type: 'double' | 'multiple',
  severity: Severity,
  single: AcceptanceNumbers,
): readonly StageNumbers[] | null {
  const sequence = sequencesOf(scheme, type, severity)[`${single.ac}/${single.re}`];
  return sequence === undefined ? null : sequence.split(', ').map(numbersOf);
}

function sequencesOf(scheme: SamplingScheme, type: 'double' | 'multiple', severity: Severity): Sequences {
  if (scheme === 'iso2859-1') return type === 'double' ? DOUBLE_ISO : MULTIPLE_ISO;
  if (severity === 'reduced') return type === 'double' ? DOUBLE_REDUCED_105E : MULTIPLE_REDUCED_105E;
  return type === 'double' ? DOUBLE_105E : MULTIPLE_105E;
}

function numbersOf(stage: string): StageNumbers {
  const [ac, re] = stage.split(' ') as [string, string];
  return { ac: ac === '#' ? null : Number(ac), re: Number(re) };
}
