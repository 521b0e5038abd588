import { NO_ESTIMATES, pointAt, usable } from './chart-method.js';
import type { ChartMethod } from './chart-method.js';
import type { Attributes, ChartEstimates, ControlChartOptions, Plotted } from './chart-shape.js';
import { widthOf } from './control-limits.js';
import { StatisticsError, finite } from '../statistics-error.js';
import { emptySum, plus, valueOf } from '../numerics/summation.js';
import type { CompensatedSum } from '../numerics/summation.js';

export type AttributeType = 'p' | 'np' | 'c' | 'u';

/** What the mean proportion or rate needs to know of the points so far. */
export interface AttributeEstimation {
  readonly counts: CompensatedSum;
  readonly sizes: CompensatedSum;
  readonly points: number;
  readonly omitted: number;
}

export const noAttributes: AttributeEstimation = { counts: emptySum, sizes: emptySum, points: 0, omitted: 0 };

const PLOTTED: Readonly<Record<AttributeType, Plotted>> = { p: 'proportion', np: 'number-defective', c: 'count', u: 'rate' };

/**
 * Counted items or defects. p̄ = Σ count / Σ size with σᵢ = √(p̄(1 − p̄)/nᵢ), limits within 0 and 1; np the same times nᵢ; ū = Σ count / Σ size
 * with σᵢ = √(ū/nᵢ); c the count itself with √c̄. Lower limits are never below zero.
 * Source: D. C. Montgomery, Introduction to Statistical Quality Control, sections 7.2 and 7.3.
 */
function attributeChart(type: AttributeType): ChartMethod<Attributes, AttributeEstimation, null> {
  return {
    plots: [PLOTTED[type]],
    begin: () => noAttributes,
    add: (soFar, datum) => addAttributes(soFar, datum, type),
    estimate: (soFar, options) => attributeEstimates(type, soFar, options),
    monitor: () => null,
    step(memory, datum, at, estimates, options) {
      assertAttributes(datum, type);
      const { count, size } = datum;
      const center = estimates.center ?? 0;
      const whole = type === 'np' || type === 'c'; // p and u are per item or unit
      const scale = whole ? size : 1;
      const sigma = scale * attributeSigma(type, center, size);
      const value = count === null || whole ? count : count / size;
      const distance = widthOf(options) * sigma;
      const most = type === 'p' || type === 'np' ? scale : Infinity;
      const limits = {
        center: scale * center,
        lcl: Math.max(0, scale * center - distance),
        ucl: Math.min(most, scale * center + distance),
      };
      return { memory, point: pointAt(at, size, value, limits, sigma), companion: null };
    },
  };
}

/** Standard deviation of the proportion or rate of `size` items or units. */
export function attributeSigma(type: AttributeType, center: number, size: number): number {
  return Math.sqrt((isBinomial(type) ? center * (1 - center) : center) / size);
}

const isBinomial = (type: AttributeType): boolean => type === 'p' || type === 'np';

/** @throws StatisticsError `BAD_DATA`, `NOT_FINITE` */
export function addAttributes(soFar: AttributeEstimation, datum: Attributes | null, type: AttributeType): AttributeEstimation {
  if (datum !== null) assertAttributes(datum, type);
  if (datum === null || datum.count === null) return { ...soFar, omitted: soFar.omitted + 1 };
  return {
    counts: plus(soFar.counts, datum.count),
    sizes: plus(soFar.sizes, datum.size),
    points: soFar.points + 1,
    omitted: soFar.omitted,
  };
}

export function assertAttributes({ count, size }: Attributes, type: AttributeType): void {
  if (!(finite(size) > 0)) throw new StatisticsError('BAD_DATA', `a point counts in some items or units: more than 0, not ${size}`);
  if (type === 'c' && size !== 1)
    throw new StatisticsError('BAD_DATA', 'a c chart counts in one unit of the same size each time; where sizes differ take a u chart');
  if (count === null) return;
  if (!(finite(count) >= 0)) throw new StatisticsError('BAD_DATA', `a count is not negative: ${count}`);
  if (isBinomial(type) && count > size) throw new StatisticsError('BAD_DATA', `${count} defectives among ${size} items`);
}

/** @throws StatisticsError `TOO_FEW_POINTS` without a point and a given center, `BAD_OPTION` for a given center that is no proportion or rate */
export function attributeEstimates(
  type: AttributeType,
  { counts, sizes, points, omitted }: AttributeEstimation,
  { given }: ControlChartOptions,
): ChartEstimates {
  const known = given?.center ?? null;
  if (known === null && points === 0) throw new StatisticsError('TOO_FEW_POINTS', 'limits need a point, or a given center');
  if (known !== null && (known < 0 || (isBinomial(type) && known > 1))) {
    throw new StatisticsError(
      'BAD_OPTION',
      `a given center is ${isBinomial(type) ? 'a proportion from 0 to 1' : 'a rate and not negative'}, not ${known}`,
    );
  }
  const center = known ?? valueOf(counts) / valueOf(sizes);
  const method = isBinomial(type) ? 'binomial' : 'poisson';
  return usable({
    ...NO_ESTIMATES,
    type,
    center,
    sigma: attributeSigma(type, center, 1),
    method: known === null ? method : 'given',
    points,
    values: valueOf(sizes),
    omitted,
  });
}

/** Columns of counts and sizes as the points of a chart of attributes. @throws StatisticsError `BAD_DATA` for lengths that differ */
export function attributesOf(counts: ArrayLike<number | null>, sizes: number | ArrayLike<number> = 1): Attributes[] {
  if (typeof sizes !== 'number' && sizes.length !== counts.length) {
    throw new StatisticsError('BAD_DATA', `${counts.length} counts and ${sizes.length} sizes; each point has one of both`);
  }
  return Array.from(counts, (count, index) => ({ count, size: typeof sizes === 'number' ? sizes : sizes[index] }));
}

export const pChart = attributeChart('p');
export const npChart = attributeChart('np');
export const cChart = attributeChart('c');
export const uChart = attributeChart('u');
