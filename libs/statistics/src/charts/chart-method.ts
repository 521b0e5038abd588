import type { ChartEstimates, ChartPoint, ControlChartOptions, Plotted } from './chart-shape.js';
import type { ControlLimits } from './control-limits.js';
import { StatisticsError } from '../statistics-error.js';

/**
 * How a type of chart works, one point at a time. Batch and streaming are both folds of these functions, which is why they
 * agree to the last bit. Every state is plain JSON of a size that does not grow with the number of points.
 */
export interface ChartMethod<Datum, Estimation, Memory> {
  readonly plots: readonly [Plotted] | readonly [Plotted, Plotted];
  begin(options: ControlChartOptions): Estimation;
  /** Null is a point that takes no part: missing or excluded. */
  add(estimation: Estimation, datum: Datum | null, options: ControlChartOptions): Estimation;
  estimate(estimation: Estimation, options: ControlChartOptions): ChartEstimates;
  /** Where all points are at hand and that allows more (the median) or takes less time. The same result as a fold where there is one. */
  estimateAll?(data: ArrayLike<Datum>, range: EstimatedRange, options: ControlChartOptions): ChartEstimates;
  monitor(estimates: ChartEstimates, options: ControlChartOptions): Memory;
  step(memory: Memory, datum: Datum, at: Place, estimates: ChartEstimates, options: ControlChartOptions): Step<Memory>;
}

export interface EstimatedRange {
  /** Points before this one (counted from 0) are phase 1. */
  readonly end: number;
  /** Numbers counted from 1. */
  readonly excluded: ReadonlySet<number>;
}

export interface Place {
  readonly index: number;
  readonly phase: 1 | 2;
  readonly excluded: boolean;
}

export interface Step<Memory> {
  readonly memory: Memory;
  readonly point: ChartPoint;
  /** Null on charts without a companion. */
  readonly companion: ChartPoint | null;
}

export function pointAt(
  at: Place,
  n: number,
  value: number | null,
  limits: ControlLimits,
  sigma: number | null,
  excluded = at.excluded,
): ChartPoint {
  if (value !== null && !Number.isFinite(value))
    throw new StatisticsError('NOT_FINITE', `point ${at.index} is too large to calculate with`);
  return {
    index: at.index,
    phase: at.phase,
    n,
    value,
    center: limits.center,
    lcl: limits.lcl,
    ucl: limits.ucl,
    sigma,
    excluded,
    beyond: value === null ? null : value > limits.ucl ? 'above' : value < limits.lcl ? 'below' : null,
  };
}

/** Estimates that can be calculated with further. @throws StatisticsError `NOT_FINITE` when sums ran over, `BAD_OPTION` for given ones that make no sense */
export function usable(estimates: ChartEstimates): ChartEstimates {
  const { center, sigma } = estimates;
  if (center !== null && !Number.isFinite(center))
    throw new StatisticsError('NOT_FINITE', 'the center line is too large to calculate with');
  if (sigma !== null && !Number.isFinite(sigma))
    throw new StatisticsError('NOT_FINITE', 'the standard deviation is too large to calculate with');
  if (sigma !== null && sigma < 0) throw new StatisticsError('BAD_OPTION', 'a standard deviation is not negative');
  return estimates;
}

export const NO_ESTIMATES = { center: null, sigma: null, sigmaZ: null, mean: null, covariance: null, degreesOfFreedom: null } as const;
