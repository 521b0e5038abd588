import { normalTwoSided } from '@touchstone/statistics/distributions';

/** A statistic that is χ² with `df` degrees of freedom if nothing is going on. */
export interface ChiSquareTest {
  readonly chiSquare: number;
  readonly df: number;
  readonly pValue: number;
}

export const chiSquareTest = (chiSquare: number, df: number): ChiSquareTest => ({ chiSquare, df, pValue: chiSquareUpper(chiSquare, df) });

/**
 * Probability that χ² with a whole number of degrees of freedom exceeds `x`, to full relative precision however small: from
 * Abramowitz and Stegun 26.4.4 (odd) and 26.4.5 (even). 1 for zero degrees of freedom.
 */
export function chiSquareUpper(x: number, df: number): number {
  if (df === 0 || x <= 0) return 1;
  const half = x / 2;
  const isEven = df % 2 === 0;
  let term = isEven ? Math.exp(-half) : (2 * Math.exp(-half) * Math.sqrt(half)) / Math.sqrt(Math.PI);
  let tail = isEven ? 0 : normalTwoSided(Math.sqrt(x));
  for (let order = isEven ? 2 : 3; order <= df; order += 2) {
    tail += term;
    term *= x / order;
  }
  return Math.min(1, tail);
}
