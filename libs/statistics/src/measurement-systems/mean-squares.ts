import { chiSquareQuantile, fCdf, fQuantile } from '../numerics/distributions.js';
import type { VarianceInterval } from './variation.js';

/** One line of an analysis of variance. */
export interface AnovaRow {
  readonly sumOfSquares: number;
  readonly df: number;
  readonly meanSquare: number;
  /** Null for what is not tested, or where the mean square to compare with is 0. */
  readonly f: number | null;
  readonly pValue: number | null;
}

export function anovaRow(sumOfSquares: number, df: number, against?: { readonly meanSquare: number; readonly df: number }): AnovaRow {
  const meanSquare = sumOfSquares / df;
  const tested = against !== undefined && against.meanSquare > 0;
  const f = tested ? meanSquare / against.meanSquare : null;
  return { sumOfSquares, df, meanSquare, f, pValue: f === null || against === undefined ? null : fUpperTail(f, df, against.df) };
}

/** P(F > f); through 1/F, so that small probabilities keep their digits. */
function fUpperTail(f: number, df1: number, df2: number): number {
  return f === 0 ? 1 : fCdf(1 / f, df2, df1);
}

/** A mean square with its weight in a linear combination. */
export interface WeightedMeanSquare {
  readonly weight: number;
  readonly meanSquare: number;
  readonly df: number;
}

/**
 * Interval of Σ weight·E(mean square) by modified large samples; exact for a single positive term.
 * Source: F. A. Graybill and C. M. Wang, Journal of the American Statistical Association 75 (1980), for sums; N. Ting et al.,
 * Journal of Statistical Computation and Simulation 35 (1990), for differences; R. K. Burdick, C. M. Borror, D. C. Montgomery,
 * Journal of Quality Technology 35 (2003), section 4, for their use in gage studies.
 */
export function modifiedLargeSampleInterval(terms: readonly WeightedMeanSquare[], level: number): VarianceInterval {
  const used = terms.filter(({ weight }) => weight !== 0);
  const estimate = used.reduce((sum, { weight, meanSquare }) => sum + weight * meanSquare, 0);
  const tail = (1 - level) / 2;
  const down = used.map((term) => reach(term, tail, 'lower'));
  const up = used.map((term) => reach(term, tail, 'upper'));
  let below = down.reduce((sum, distance) => sum + distance ** 2, 0);
  let above = up.reduce((sum, distance) => sum + distance ** 2, 0);
  for (const positive of used.filter(({ weight }) => weight > 0)) {
    for (const negative of used.filter(({ weight }) => weight < 0)) {
      const product = positive.weight * positive.meanSquare * -negative.weight * negative.meanSquare;
      below += crossFactor(positive.df, negative.df, tail, 'lower') * product;
      above += crossFactor(positive.df, negative.df, tail, 'upper') * product;
    }
  }
  const lower = Math.max(0, estimate - Math.sqrt(Math.max(0, below)));
  return { lower, upper: Math.max(lower, estimate + Math.sqrt(Math.max(0, above))), level };
}

type Bound = 'lower' | 'upper';

/** How far one term alone moves the bound. */
function reach({ weight, meanSquare, df }: WeightedMeanSquare, tail: number, bound: Bound): number {
  const widens = (bound === 'upper') === weight > 0;
  return Math.abs(weight) * meanSquare * (widens ? upward(df, tail) : downward(df, tail));
}

/** G of the sources: 1 − ν/χ² at the upper point. */
const downward = (df: number, tail: number): number => 1 - df / chiSquareQuantile(1 - tail, df);

/** H of the sources: ν/χ² at the lower point, less 1. */
const upward = (df: number, tail: number): number => df / chiSquareQuantile(tail, df) - 1;

/** Makes the interval of a difference of two terms exact where one of them vanishes or their difference is nil. */
function crossFactor(positiveDf: number, negativeDf: number, tail: number, bound: Bound): number {
  const lower = bound === 'lower';
  const f = fQuantile(lower ? 1 - tail : tail, positiveDf, negativeDf);
  const ofPositive = lower ? downward(positiveDf, tail) : upward(positiveDf, tail);
  const ofNegative = lower ? upward(negativeDf, tail) : downward(negativeDf, tail);
  return ((f - 1) ** 2 - ofPositive ** 2 * f ** 2 - ofNegative ** 2) / f;
}
