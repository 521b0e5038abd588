import { normalQuantile } from '../numerics/distributions.js';
import { StatisticsError } from '../statistics-error.js';

/** Ends of an interval, in the unit of what is estimated. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** What is put against the null hypothesis: that the quantity differs from it, or lies below or above. */
export type Alternative = 'two-sided' | 'less' | 'greater';

export interface ConfidenceOptions {
  /** Probability with which intervals cover the truth. Default 0.95. */
  readonly confidence?: number;
  /** Default `two-sided`; with `less` an interval is open downwards, with `greater` upwards, as in R. */
  readonly alternative?: Alternative;
}

/** Probability left out below and above the interval. */
export interface Tails {
  readonly confidence: number;
  readonly alternative: Alternative;
  readonly below: number;
  readonly above: number;
}

/** @throws StatisticsError `BAD_OPTION` */
export function tailsOf({ confidence = 0.95, alternative = 'two-sided' }: ConfidenceOptions = {}): Tails {
  assertShare(confidence, 'a confidence');
  switch (alternative) {
    case 'two-sided':
      return { confidence, alternative, below: (1 - confidence) / 2, above: (1 - confidence) / 2 };
    case 'less':
      return { confidence, alternative, below: 0, above: 1 - confidence };
    case 'greater':
      return { confidence, alternative, below: 1 - confidence, above: 0 };
    default:
      throw new StatisticsError('BAD_OPTION', 'an alternative is two-sided, less or greater');
  }
}

/** Normal quantile that leaves `tail` beyond it; infinite for 0. */
export const beyondZ = (tail: number): number => (tail === 0 ? Infinity : -normalQuantile(tail));

/** @throws StatisticsError `BAD_OPTION` unless it lies between 0 and 1, both excluded */
export function assertShare(share: number, what: string): void {
  if (!(share > 0 && share < 1)) throw new StatisticsError('BAD_OPTION', `${what} lies between 0 and 1, not at ${share}`);
}

/** @throws StatisticsError `BAD_OPTION` unless it is a finite number above 0 */
export function assertPositive(value: number, what: string): void {
  if (!(value > 0 && Number.isFinite(value))) throw new StatisticsError('BAD_OPTION', `${what} is a number above 0, not ${value}`);
}

/** @throws StatisticsError `BAD_DATA` unless both are whole numbers with 0 ≤ count ≤ n and n ≥ 1 */
export function assertCountOf(count: number, n: number): void {
  if (!Number.isSafeInteger(n) || n < 1)
    throw new StatisticsError('BAD_DATA', `a proportion needs a whole number of trials from 1 on, not ${n}`);
  if (!Number.isSafeInteger(count) || count < 0 || count > n)
    throw new StatisticsError('BAD_DATA', `${count} is not a count of ${n} trials`);
}
