import { chiSquareUpper } from '@touchstone/statistics/distributions';

export { chiSquareUpper };

/** A statistic that is χ² with `df` degrees of freedom if nothing is going on. */
export interface ChiSquareTest {
  readonly chiSquare: number;
  readonly df: number;
  readonly pValue: number;
}

export const chiSquareTest = (chiSquare: number, df: number): ChiSquareTest => ({ chiSquare, df, pValue: chiSquareUpper(chiSquare, df) });
