import { constantsOf } from './chart-factors.js';
import { NO_ESTIMATES, usable } from './chart-method.js';
import type { EstimatedRange } from './chart-method.js';
import type { ChartEstimates, ChartType, ControlChartOptions, SigmaMethod } from './chart-shape.js';
import { noDeviations, plusDeviation, standardDeviationFrom } from './running-deviation.js';
import type { RunningDeviation } from './running-deviation.js';
import { StatisticsError, finite } from '../statistics-error.js';
import { emptySum, plus, valueOf } from '../numerics/summation.js';
import type { CompensatedSum } from '../numerics/summation.js';

/** What mean and σ need to know of the values so far. */
export interface IndividualsEstimation {
  readonly values: CompensatedSum;
  readonly count: number;
  readonly ranges: CompensatedSum;
  readonly windows: number;
  /** The values the next moving range is formed with; empty after a gap. */
  readonly recent: readonly number[];
  readonly deviation: RunningDeviation;
  readonly omitted: number;
}

export const noIndividuals: IndividualsEstimation = {
  values: emptySum,
  count: 0,
  ranges: emptySum,
  windows: 0,
  recent: [],
  deviation: noDeviations,
  omitted: 0,
};

export const individualsMethod = ({ sigmaMethod }: ControlChartOptions): SigmaMethod => sigmaMethod ?? 'MR';

/** @throws StatisticsError `NOT_FINITE`; `BAD_OPTION` for the median, which needs all moving ranges at once */
export function addToIndividuals(soFar: IndividualsEstimation, value: number | null, options: ControlChartOptions): IndividualsEstimation {
  const method = individualsMethod(options);
  if (method === 'MEDIAN-MR' && options.given?.sigma == null) {
    throw new StatisticsError(
      'BAD_OPTION',
      'a median needs all moving ranges at once; one point at a time takes MR or SD, or a given sigma',
    );
  }
  if (value === null) return { ...soFar, recent: [], omitted: soFar.omitted + 1 };
  const span = options.span ?? 2;
  const window = [...soFar.recent, finite(value)];
  const complete = window.length === span;
  return {
    values: plus(soFar.values, value),
    count: soFar.count + 1,
    ranges: complete ? plus(soFar.ranges, rangeOf(window)) : soFar.ranges,
    windows: complete ? soFar.windows + 1 : soFar.windows,
    recent: complete ? window.slice(1) : window,
    deviation: method === 'SD' ? plusDeviation(soFar.deviation, value) : soFar.deviation,
    omitted: soFar.omitted,
  };
}

export function rangeOf(window: readonly number[]): number {
  if (window.length === 2) return Math.abs(window[1] - window[0]);
  let [low, high] = [window[0], window[0]];
  for (const value of window) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low;
}

/** @throws StatisticsError `TOO_FEW_POINTS` before the first moving range (or second value, for SD), unless center and sigma are given */
export function individualsEstimates(type: ChartType, soFar: IndividualsEstimation, options: ControlChartOptions): ChartEstimates {
  const method = individualsMethod(options);
  return estimatesFrom(type, soFar, options, () => {
    const { d2, c4 } = constantsOf(options.factors);
    if (method === 'SD') return standardDeviationFrom(soFar.deviation) / c4(soFar.count);
    return valueOf(soFar.ranges) / soFar.windows / d2(options.span ?? 2);
  });
}

function estimatesFrom(
  type: ChartType,
  { values, count, windows, omitted }: IndividualsEstimation,
  options: ControlChartOptions,
  sigmaOf: () => number,
): ChartEstimates {
  const { given } = options;
  const method = individualsMethod(options);
  const enough = method === 'SD' ? count > 1 : windows > 0;
  if (given?.sigma == null && !enough) {
    const needed = method === 'SD' ? 'two values' : `${options.span ?? 2} neighbouring values`;
    throw new StatisticsError('TOO_FEW_POINTS', `limits need ${needed}, or a given sigma`);
  }
  if (given?.center == null && count === 0) throw new StatisticsError('TOO_FEW_POINTS', 'a center line needs a value, or is given');
  return usable({
    ...NO_ESTIMATES,
    type,
    center: given?.center ?? valueOf(values) / count,
    sigma: given?.sigma ?? sigmaOf(),
    method: given?.sigma == null ? method : 'given',
    points: count,
    values: count,
    omitted,
  });
}

/**
 * The estimates of a whole series in one pass without an object a point: the same operations in the same order as
 * `addToIndividuals`, and therefore the same bits.
 */
export function allIndividuals(
  type: ChartType,
  data: ArrayLike<number | null>,
  range: EstimatedRange,
  options: ControlChartOptions,
): ChartEstimates {
  const method = individualsMethod(options);
  if (method === 'SD') {
    let soFar = noIndividuals;
    for (let index = 0; index < range.end; index += 1)
      soFar = addToIndividuals(soFar, range.excluded.has(index + 1) ? null : data[index], options);
    return individualsEstimates(type, soFar, options);
  }
  const span = options.span ?? 2;
  const kept = method === 'MEDIAN-MR' ? new Float64Array(range.end) : null;
  const soFar = movingRangeSums(data, range, span, kept);
  const { d2, d4 } = constantsOf(options.factors);
  return estimatesFrom(type, soFar, options, () =>
    kept === null ? valueOf(soFar.ranges) / soFar.windows / d2(span) : median(kept.subarray(0, soFar.windows)) / d4(span),
  );
}

/** Sums of values and moving ranges over a series. Moving ranges are written to `kept` where one is passed. */
export function movingRangeSums(
  data: ArrayLike<number | null>,
  { end, excluded }: EstimatedRange,
  span: number,
  kept: Float64Array | null = null,
): IndividualsEstimation {
  if (data instanceof Float64Array && span === 2 && excluded.size === 0 && kept === null && end > 0) return neighbourSums(data, end);
  let [sum, lost, rangeSum, rangeLost, count, windows, run, previous] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let index = 0; index < end; index += 1) {
    const value = data[index];
    if (value === null || excluded.has(index + 1)) {
      run = 0;
      continue;
    }
    if (!(value - value === 0)) finite(value);
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
    count += 1;
    run += 1;
    if (run >= span) {
      const moving = span === 2 ? Math.abs(value - previous) : rangeBefore(data, index, span);
      const nextRange = rangeSum + moving;
      rangeLost += rangeSum >= moving ? rangeSum - nextRange + moving : moving - nextRange + rangeSum;
      rangeSum = nextRange;
      if (kept !== null) kept[windows] = moving;
      windows += 1;
    }
    previous = value;
  }
  return { ...noIndividuals, values: { sum, lost }, count, ranges: { sum: rangeSum, lost: rangeLost }, windows, omitted: end - count };
}

/**
 * The same for a plain column. What an addition rounds away is found without comparing the terms (D. E. Knuth, The Art of Computer
 * Programming, 4.2.2): the very number `plus` finds, in a fraction of the time.
 */
function neighbourSums(data: Float64Array, end: number): IndividualsEstimation {
  let previous = finite(data[0]);
  let [sum, lost, rangeSum, rangeLost] = [previous, 0, 0, 0];
  for (let index = 1; index < end; index += 1) {
    const value = data[index];
    const next = sum + value;
    const added = next - sum;
    lost += sum - (next - added) + (value - added);
    sum = next;
    const moving = Math.abs(value - previous);
    const nextRange = rangeSum + moving;
    const addedRange = nextRange - rangeSum;
    rangeLost += rangeSum - (nextRange - addedRange) + (moving - addedRange);
    rangeSum = nextRange;
    previous = value;
  }
  // Infinity and NaN stay in a sum, so one look at the end finds them.
  finite(sum + rangeSum);
  return { ...noIndividuals, values: { sum, lost }, count: end, ranges: { sum: rangeSum, lost: rangeLost }, windows: end - 1 };
}

/** The range of the `span` values that end at `last`, none of which is missing. */
export function rangeBefore(data: ArrayLike<number | null>, last: number, span: number): number {
  let [low, high] = [Infinity, -Infinity];
  for (let index = last - span + 1; index <= last; index += 1) {
    const value = data[index] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low;
}

function median(values: Float64Array): number {
  values.sort();
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}
