import { constantsOf } from './chart-factors.js';
import type { Constants } from './chart-factors.js';
import { NO_ESTIMATES, usable } from './chart-method.js';
import type { ChartEstimates, ChartType, ControlChartOptions, Measurements, SigmaMethod } from './chart-shape.js';
import { StatisticsError, finite } from '../statistics-error.js';
import { emptySum, plus, sumOf, valueOf } from '../numerics/summation.js';
import type { CompensatedSum } from '../numerics/summation.js';

/** What mean and σ need to know of the subgroups so far. */
export interface SubgroupEstimation {
  readonly values: CompensatedSum;
  readonly count: number;
  /** Σ weight · estimate of σ; for RMSDF the sum of squares within subgroups. */
  readonly spread: CompensatedSum;
  /** Σ weight; for RMSDF the degrees of freedom. */
  readonly weight: CompensatedSum;
  readonly points: number;
  readonly omitted: number;
}

export const noSubgroups: SubgroupEstimation = { values: emptySum, count: 0, spread: emptySum, weight: emptySum, points: 0, omitted: 0 };

/** What is plotted of a subgroup. */
export interface SubgroupStatistics {
  readonly n: number;
  readonly mean: number;
  readonly range: number;
  readonly squares: number;
}

/** Null where nothing was measured. @throws StatisticsError `NOT_FINITE` */
export function statisticsOf(subgroup: Measurements): SubgroupStatistics | null {
  const measured = subgroup.filter((value) => value !== null);
  const n = measured.length;
  if (n === 0) return null;
  let [low, high] = [Infinity, -Infinity];
  for (const value of measured) {
    finite(value);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const mean = sumOf(measured) / n;
  const from = measured.map((value) => value - mean);
  const rest = sumOf(from);
  return { n, mean, range: high - low, squares: Math.max(0, sumOf(from.map((deviation) => deviation * deviation)) - (rest * rest) / n) };
}

export const standardDeviationOf = ({ n, squares }: SubgroupStatistics): number => Math.sqrt(squares / (n - 1));

export const subgroupMethod = (type: ChartType, { sigmaMethod }: ControlChartOptions): SigmaMethod =>
  sigmaMethod ?? (type === 'xbar-s' ? 'UWAVE-SD' : 'UWAVE-R');

export function addToSubgroups(
  soFar: SubgroupEstimation,
  subgroup: Measurements | null,
  method: SigmaMethod,
  options: ControlChartOptions,
): SubgroupEstimation {
  const statistics = subgroup === null ? null : statisticsOf(subgroup);
  if (statistics === null || statistics.n < 2 || subgroup === null) return { ...soFar, omitted: soFar.omitted + 1 };
  const { estimate, weight } = contribution(statistics, method, constantsOf(options.factors));
  return {
    values: subgroup.reduce((sum: CompensatedSum, value) => (value === null ? sum : plus(sum, value)), soFar.values),
    count: soFar.count + statistics.n,
    spread: plus(soFar.spread, method === 'RMSDF' ? statistics.squares : weight * estimate),
    weight: plus(soFar.weight, weight),
    points: soFar.points + 1,
    omitted: soFar.omitted,
  };
}

/** The best linear combination of unbiased estimates weighs each by the inverse of its variance: d2²/d3² or c4²/(1 − c4²). */
function contribution(
  statistics: SubgroupStatistics,
  method: SigmaMethod,
  { d2, d3, c4, c5 }: Constants,
): { estimate: number; weight: number } {
  const { n, range } = statistics;
  switch (method) {
    case 'UWAVE-R':
      return { estimate: range / d2(n), weight: 1 };
    case 'MVLUE-R':
      return { estimate: range / d2(n), weight: (d2(n) / d3(n)) ** 2 };
    case 'UWAVE-SD':
      return { estimate: standardDeviationOf(statistics) / c4(n), weight: 1 };
    case 'MVLUE-SD':
      return { estimate: standardDeviationOf(statistics) / c4(n), weight: (c4(n) / c5(n)) ** 2 };
    default:
      return { estimate: 0, weight: n - 1 };
  }
}

/**
 * Mean of all values and σ within subgroups.
 * @throws StatisticsError `TOO_FEW_POINTS` before the first subgroup of two values, unless both are given
 */
export function subgroupEstimates(
  type: ChartType,
  { values, count, spread, weight, points, omitted }: SubgroupEstimation,
  method: SigmaMethod,
  { given, factors }: ControlChartOptions,
): ChartEstimates {
  const needed = given?.center == null || given.sigma == null;
  if (needed && points === 0) throw new StatisticsError('TOO_FEW_POINTS', 'limits need a subgroup of at least two values');
  const ratio = valueOf(spread) / valueOf(weight);
  const sigma = method === 'RMSDF' ? Math.sqrt(ratio) / constantsOf(factors).c4(valueOf(weight) + 1) : ratio;
  return usable({
    ...NO_ESTIMATES,
    type,
    center: given?.center ?? valueOf(values) / count,
    sigma: given?.sigma ?? sigma,
    method: given?.sigma == null ? method : 'given',
    points,
    values: count,
    omitted,
  });
}
