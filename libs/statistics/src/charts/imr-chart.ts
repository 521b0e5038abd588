import { constantsOf } from './chart-factors.js';
import { pointAt } from './chart-method.js';
import type { ChartMethod } from './chart-method.js';
import type { ChartEstimates, CompactChart, ControlChartOptions } from './chart-shape.js';
import { limitsAround, widthOf } from './control-limits.js';
import type { ControlLimits } from './control-limits.js';
import { addToIndividuals, allIndividuals, individualsEstimates, noIndividuals, rangeBefore, rangeOf } from './individuals-estimates.js';
import type { IndividualsEstimation } from './individuals-estimates.js';
import { finite } from '../statistics-error.js';
import { processOf } from './xbar-chart.js';

/** The values before, for the moving range; `excluded` says which of them take no part in the estimates. */
export interface MovingWindow {
  readonly lines: ImrLines;
  readonly recent: readonly number[];
  readonly excluded: readonly boolean[];
}

/** They depend on the estimates only, so they are worked out once. */
interface ImrLines {
  readonly individuals: ControlLimits;
  readonly movingRange: ControlLimits;
  readonly sigma: number;
  readonly sigmaOfRange: number;
}

/**
 * Individuals at ±3σ, moving ranges of `span` neighbours around d2·σ with d3·σ. No moving range reaches across a missing
 * value; one that contains an excluded value is plotted but excluded. Whatever the estimate of σ, the moving range chart is
 * drawn from it: with `MR` its center line is the mean moving range, with `MEDIAN-MR` its upper limit is 3.865 times the median.
 * Source: D. C. Montgomery, section 6.4; D. J. Wheeler, Advanced Topics in Statistical Process Control (1995), for the median.
 */
export const imrChart: ChartMethod<number | null, IndividualsEstimation, MovingWindow> = {
  plots: ['individual', 'moving-range'],
  begin: () => noIndividuals,
  add: addToIndividuals,
  estimate: (soFar, options) => individualsEstimates('i-mr', soFar, options),
  estimateAll: (data, range, options) => allIndividuals('i-mr', data, range, options),
  monitor: (estimates, options) => ({ lines: imrLines(estimates, options), recent: [], excluded: [] }),
  step({ lines, recent, excluded }, value, at, _estimates, { span = 2 }) {
    const { individuals, movingRange, sigma, sigmaOfRange } = lines;
    if (value === null) {
      const companion = pointAt(at, 0, null, movingRange, sigmaOfRange);
      return { memory: { lines, recent: [], excluded: [] }, point: pointAt(at, 0, null, individuals, sigma), companion };
    }
    const point = pointAt(at, 1, finite(value), individuals, sigma);
    if (recent.length < span - 1) {
      const companion = pointAt(at, 0, null, movingRange, sigmaOfRange, at.excluded || excluded.includes(true));
      return { memory: { lines, recent: [...recent, value], excluded: [...excluded, at.excluded] }, point, companion };
    }
    const range = span === 2 ? Math.abs(value - recent[0]) : rangeOf([...recent, value]);
    const companion = pointAt(at, span, range, movingRange, sigmaOfRange, at.excluded || excluded.includes(true));
    const memory =
      span === 2
        ? { lines, recent: [value], excluded: [at.excluded] }
        : { lines, recent: [...recent.slice(1), value], excluded: [...excluded.slice(1), at.excluded] };
    return { memory, point, companion };
  },
};

function imrLines(estimates: ChartEstimates, options: ControlChartOptions): ImrLines {
  const { center, sigma } = processOf(estimates);
  const { d2, d3 } = constantsOf(options.factors);
  const [width, span] = [widthOf(options), options.span ?? 2];
  const sigmaOfRange = d3(span) * sigma;
  return {
    individuals: limitsAround(center, width * sigma),
    movingRange: limitsAround(d2(span) * sigma, width * sigmaOfRange, 0),
    sigma,
    sigmaOfRange,
  };
}

/** The chart of a long series: no object a point, and no copy of the values. */
export function compactImr(data: ArrayLike<number | null>, estimates: ChartEstimates, options: ControlChartOptions): CompactChart {
  const { individuals, movingRange, sigma, sigmaOfRange } = imrLines(estimates, options);
  const ranges = new Float64Array(data.length);
  const [beyond, beyondRange]: [number[], number[]] = [[], []];
  if (data instanceof Float64Array && (options.span ?? 2) === 2) scanColumn(data, ranges, individuals, movingRange, beyond, beyondRange);
  else scanSeries(data, options.span ?? 2, ranges, individuals, movingRange, beyond, beyondRange);
  const companion = {
    type: 'i-mr',
    plotted: 'moving-range',
    values: ranges,
    ...movingRange,
    sigma: sigmaOfRange,
    beyond: beyondRange,
    estimates,
    companion: null,
  } as const;
  return { type: 'i-mr', plotted: 'individual', values: data, ...individuals, sigma, beyond, estimates, companion };
}

function scanSeries(
  data: ArrayLike<number | null>,
  span: number,
  ranges: Float64Array,
  individuals: ControlLimits,
  movingRange: ControlLimits,
  beyond: number[],
  beyondRange: number[],
): void {
  ranges.fill(NaN);
  let run = 0;
  for (let index = 0; index < data.length; index += 1) {
    const value = data[index];
    run = value === null ? 0 : run + 1;
    if (value === null) continue;
    finite(value);
    if (value > individuals.ucl || value < individuals.lcl) beyond.push(index + 1);
    if (run < span) continue;
    ranges[index] = rangeBefore(data, index, span);
    if (ranges[index] > movingRange.ucl || ranges[index] < movingRange.lcl) beyondRange.push(index + 1);
  }
}

/** The same for a column without gaps and neighbours of two, which a machine can walk through without asking. */
function scanColumn(
  data: Float64Array,
  ranges: Float64Array,
  { lcl, ucl }: ControlLimits,
  movingRange: ControlLimits,
  beyond: number[],
  beyondRange: number[],
): void {
  const [low, high] = [movingRange.lcl, movingRange.ucl];
  for (let index = 0; index < data.length; index += 1) {
    const value = data[index];
    if (!(value - value === 0)) finite(value);
    if (value > ucl || value < lcl) beyond.push(index + 1);
    const range = index === 0 ? NaN : Math.abs(value - data[index - 1]);
    ranges[index] = range;
    if (range > high || range < low) beyondRange.push(index + 1);
  }
}
