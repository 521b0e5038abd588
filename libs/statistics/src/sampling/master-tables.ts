import { StatisticsError } from '../statistics-error.js';
import { AQLS, CODE_LETTERS, SAMPLE_SIZES } from './code-letters.js';
import type { CodeLetter } from './code-letters.js';

// The master tables for single sampling. Sample sizes and AQLs both grow by a factor of about 1.6 a step, so n × AQL is the
// same all along a diagonal: letter (A = 0) + AQL (0.010 = 0). Each table is therefore one list by diagonal, and the few
// letters whose sample size is no longer in the series (A and B in reduced inspection) have lists of their own. Where a
// diagonal has no plan the printed table has an arrow.

/** `z1.4`: ANSI/ASQ Z1.4 with the tables of MIL-STD-105E. `iso2859-1`: ISO 2859-1:1999. */
export type SamplingScheme = 'z1.4' | 'iso2859-1';
export type Severity = 'normal' | 'tightened' | 'reduced';

export interface AcceptanceNumbers {
  /** Largest number of nonconforming items that accepts the lot. */
  readonly ac: number;
  /** Smallest number that rejects it. */
  readonly re: number;
}

/** A plan of the single sampling table: `letter` is the row it stands in, after following an arrow. */
export interface MasterPlan extends AcceptanceNumbers {
  readonly letter: CodeLetter;
  readonly arrow: 'none' | 'up' | 'down';
  readonly n: number;
}

/** Acceptance numbers by diagonal from `first` on; the two last ones exist only for the letters up to E. */
interface Diagonals {
  readonly zero: number;
  readonly first: number;
  readonly numbers: readonly AcceptanceNumbers[];
}

const withoutGap = (...acs: readonly number[]): AcceptanceNumbers[] => acs.map((ac) => ({ ac, re: ac + 1 }));
const withGap = (...pairs: readonly (readonly [number, number])[]): AcceptanceNumbers[] => pairs.map(([ac, re]) => ({ ac, re }));

const NORMAL: Diagonals = { zero: 14, first: 17, numbers: withoutGap(1, 2, 3, 5, 7, 10, 14, 21, 30, 44) };
const TIGHTENED: Diagonals = { zero: 15, first: 18, numbers: withoutGap(1, 2, 3, 5, 8, 12, 18, 27, 41) };
const REDUCED_105E: Diagonals = {
  zero: 14,
  first: 17,
  numbers: withGap([0, 2], [1, 3], [1, 4], [2, 5], [3, 6], [5, 8], [7, 10], [10, 13], [14, 17], [21, 24]),
};
const REDUCED_105E_B: Diagonals = {
  zero: 14,
  first: 17,
  numbers: withGap([0, 2], [1, 3], [2, 4], [3, 5], [5, 6], [7, 8], [10, 11], [14, 15], [21, 22], [30, 31]),
};
const REDUCED_A: Diagonals = { zero: 14, first: 17, numbers: withoutGap(1, 2, 3, 5, 7, 10, 14, 21, 30) };
const REDUCED_ISO: Diagonals = { zero: 14, first: 18, numbers: withoutGap(1, 2, 3, 5, 6, 8, 10, 14, 21) };
const REDUCED_ISO_B: Diagonals = { ...REDUCED_A, first: 18 };

const LAST_LETTER_OF_LONG_ROWS = CODE_LETTERS.indexOf('E');
const LAST_LETTER = CODE_LETTERS.indexOf('R');
const LAST_DIAGONAL = 24;
/** Letter S has one plan: it is what the arrows of Q and R at AQL 0.025 lead to in tightened inspection. */
const S = { letter: CODE_LETTERS.indexOf('S'), aql: AQLS.indexOf(0.025) };

function diagonalsOf(scheme: SamplingScheme, severity: Severity, letter: number): Diagonals {
  if (severity === 'normal') return NORMAL;
  if (severity === 'tightened') return TIGHTENED;
  if (letter === 0) return REDUCED_A;
  if (scheme === 'z1.4') return letter === 1 ? REDUCED_105E_B : REDUCED_105E;
  return letter === 1 ? REDUCED_ISO_B : REDUCED_ISO;
}

/** The numbers printed in a cell, or null where the cell has an arrow. Letters and AQLs count from 0. */
function printedNumbers(scheme: SamplingScheme, severity: Severity, letter: number, aql: number): AcceptanceNumbers | null {
  if (letter > LAST_LETTER && !(severity === 'tightened' && letter === S.letter && aql === S.aql)) return null;
  const diagonal = letter + aql;
  const { zero, first, numbers } = diagonalsOf(scheme, severity, letter);
  // MIL-STD-105E prints an arrow at A, AQL 10 of table II-B; the revision of 1999 has the plan of the diagonal there.
  if (diagonal === zero) return severity === 'tightened' && scheme === 'z1.4' && letter === 0 ? null : { ac: 0, re: 1 };
  if (diagonal > LAST_DIAGONAL && letter > LAST_LETTER_OF_LONG_ROWS) return null;
  return numbers[diagonal - first] ?? null;
}

/** Beyond the longest rows, and right of acceptance number 0 in normal and reduced inspection; tightened has a plan on that diagonal. */
function pointsUp(letter: number, aql: number): boolean {
  const diagonal = letter + aql;
  return diagonal > LAST_DIAGONAL || (diagonal === NORMAL.zero + 1 && letter > 0);
}

/** Size of a single sample: in reduced inspection that of the letter two places earlier, never below 2. */
export function singleSampleSize(severity: Severity, letter: number): number {
  return SAMPLE_SIZES[severity === 'reduced' ? Math.max(0, letter - 2) : letter] as number;
}

/**
 * A cell of table II-A, II-B or II-C (ISO: 2-A, 2-B, 2-C) with its arrow followed to the first plan below or above, which is
 * used with its own sample size. An arrow down from the lowest rows that finds no plan is printed as an arrow up.
 *
 * @param letter position of the code letter, A = 0 to R = 15
 * @param aql position of the AQL, 0.010 = 0 to 1000 = 25
 */
export function masterPlan(scheme: SamplingScheme, severity: Severity, letter: number, aql: number): MasterPlan {
  const here = planAt(scheme, severity, letter, aql, 'none');
  if (here !== null) return here;
  const below = pointsUp(letter, aql) ? null : firstPlan(scheme, severity, letter, aql, 'down');
  const plan = below ?? firstPlan(scheme, severity, letter, aql, 'up');
  if (plan === null) throw new StatisticsError('BAD_OPTION', `code letter ${CODE_LETTERS[letter]} has no plan at AQL ${AQLS[aql]}`);
  return plan;
}

function firstPlan(scheme: SamplingScheme, severity: Severity, letter: number, aql: number, arrow: 'up' | 'down'): MasterPlan | null {
  const step = arrow === 'down' ? 1 : -1;
  for (let row = letter + step; row >= 0 && row <= S.letter; row += step) {
    const plan = planAt(scheme, severity, row, aql, arrow);
    if (plan !== null) return plan;
  }
  return null;
}

function planAt(scheme: SamplingScheme, severity: Severity, letter: number, aql: number, arrow: MasterPlan['arrow']): MasterPlan | null {
  const numbers = printedNumbers(scheme, severity, letter, aql);
  if (numbers === null) return null;
  return { ...numbers, letter: CODE_LETTERS[letter] as CodeLetter, arrow, n: singleSampleSize(severity, letter) };
}
