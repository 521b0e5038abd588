import { d2 } from '../charts/constants.js';
import { mean, standardDeviation } from '../numerics/moments.js';
import { tQuantile, tTwoSided } from '../numerics/distributions.js';
import { StatisticsError, finite } from '../statistics-error.js';
import { d2Star, rangeDegreesOfFreedom } from './range-factors.js';
import { levelOf } from './variation.js';

export interface BiasOptions {
  /** Default 0.95. */
  readonly level?: number;
  /** Repeatability from the standard deviation (default) or from the range over d2*, as AIAG calculates by hand. */
  readonly repeatability?: 'standard-deviation' | 'range';
  /** Standard deviation of the process, for the percentages; in the unit of the measurements. */
  readonly processStandardDeviation?: number;
}

/** Whether a gage reads a reference part right on average. */
export interface BiasStudy {
  readonly n: number;
  readonly mean: number;
  readonly reference: number;
  /** Mean − reference. */
  readonly bias: number;
  readonly repeatability: number;
  /** Standard error of the bias. */
  readonly standardError: number;
  readonly t: number | null;
  readonly df: number;
  /** Two-sided, of no bias; null where nothing varies. */
  readonly pValue: number | null;
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
  /** The interval holds 0: no bias shown. */
  readonly acceptable: boolean;
  /** Both over the standard deviation of the process, 0 to 100 and beyond; null without one. */
  readonly percentBias: number | null;
  readonly percentRepeatability: number | null;
}

/**
 * Bias of a gage from repeated measurements of one part, by a t test and interval.
 * Source: AIAG, Measurement Systems Analysis, 4th ed., chapter III section B, bias; by range (3rd ed.) the interval is
 * narrower by d2/d2* as printed there.
 *
 * @param measurements of the same part, in the unit of `reference`
 * @throws StatisticsError `TOO_FEW_POINTS` below two, `NOT_FINITE`, `BAD_OPTION`, `SIZE_OUT_OF_RANGE` by range above 100
 */
export function biasStudy(measurements: ArrayLike<number>, reference: number, options: BiasOptions = {}): BiasStudy {
  const values = Array.from(measurements, finite);
  const level = levelOf(options.level);
  finite(reference);
  const n = values.length;
  if (n < 2) throw new StatisticsError('TOO_FEW_POINTS', 'a bias study needs at least two measurements');
  const process = options.processStandardDeviation;
  if (process !== undefined && !(Number.isFinite(process) && process > 0))
    throw new StatisticsError('BAD_OPTION', 'processStandardDeviation is a positive number');
  const byRange = options.repeatability === 'range';
  const repeatability = byRange ? (Math.max(...values) - Math.min(...values)) / d2Star(n, 1) : standardDeviation(values);
  const df = byRange ? rangeDegreesOfFreedom(n, 1) : n - 1;
  const standardError = repeatability / Math.sqrt(n);
  const bias = mean(values.map((value) => value - reference));
  const t = standardError > 0 ? bias / standardError : null;
  const reach = tQuantile((1 + level) / 2, df) * standardError * (byRange ? d2(n) / d2Star(n, 1) : 1);
  return {
    n,
    mean: mean(values),
    reference,
    bias,
    repeatability,
    standardError,
    t,
    df,
    pValue: t === null ? null : tTwoSided(t, df),
    lower: bias - reach,
    upper: bias + reach,
    level,
    acceptable: bias - reach <= 0 && bias + reach >= 0,
    percentBias: process === undefined ? null : (100 * Math.abs(bias)) / process,
    percentRepeatability: process === undefined ? null : (100 * repeatability) / process,
  };
}
