import { pointAt } from './chart-method.js';
import type { ChartMethod } from './chart-method.js';
import type { ChartPoint } from './chart-shape.js';
import type { ControlLimits } from './control-limits.js';
import { addLocation, allLocations, locationEstimates, locationOf, noLocations } from './location-estimates.js';
import type { Location, LocationEstimation } from './location-estimates.js';
import { StatisticsError } from '../statistics-error.js';
import { processOf } from './xbar-chart.js';

export const DEFAULT_K = 0.5;
export const DEFAULT_H = 5;

/** One side: its sum, and the run since it was last zero (number of the first point, points in it, and where the sum began). */
export interface CusumSide {
  readonly sum: number;
  readonly since: number | null;
  readonly points: number;
  readonly from: number;
}

export interface CusumMemory {
  readonly upper: CusumSide;
  readonly lower: CusumSide;
}

/**
 * Two-sided tabular CUSUM of zᵢ = (x̄ᵢ − center)·√nᵢ/σ: C⁺ᵢ = max(0, zᵢ − k + C⁺ᵢ₋₁) and C⁻ᵢ = max(0, −zᵢ − k + C⁻ᵢ₋₁), a signal beyond h. The upper
 * sum is the chart, the lower one its companion, drawn downwards as −C⁻. To calculate in the unit of the data, give σ = 1.
 *
 * A point away from zero says `since` which point its sum has been positive (after the shift, if there was one) and what process mean the run
 * estimates: center ± (k + (C − C at its start)/points)·σ/√n. `reset` starts both sides anew after a signal, at the head start.
 * A missing or excluded point leaves the sums as they are.
 * Source: D. C. Montgomery, section 9.1; J. M. Lucas and R. B. Crosier, Fast Initial Response for CUSUM Quality-Control Schemes,
 * Technometrics 24 (1982); NIST/SEMATECH e-Handbook 6.3.2.3.
 */
export const cusumChart: ChartMethod<Location, LocationEstimation, CusumMemory> = {
  plots: ['cusum-upper', 'cusum-lower'],
  begin: () => noLocations,
  add: (soFar, datum, options) => addLocation('cusum', soFar, datum, options),
  estimate: (soFar, options) => locationEstimates('cusum', soFar, options),
  estimateAll: (data, range, options) => allLocations('cusum', data, range, options),
  monitor(estimates, { headStart = 0 }) {
    if (!(processOf(estimates).sigma > 0))
      throw new StatisticsError('BAD_DATA', 'a CUSUM counts in standard deviations; values that are all equal have none, so give sigma');
    return { upper: sideFrom(headStart), lower: sideFrom(headStart) };
  },
  step(memory, datum, at, estimates, { k = DEFAULT_K, h = DEFAULT_H, headStart = 0, reset = false }) {
    const { center, sigma } = processOf(estimates);
    const { n, mean } = locationOf(datum);
    const [above, below]: [ControlLimits, ControlLimits] = [
      { center: 0, lcl: 0, ucl: h },
      { center: 0, lcl: -h, ucl: 0 },
    ];
    if (mean === null || at.excluded)
      return { memory, point: pointAt(at, n, null, above, null), companion: pointAt(at, n, null, below, null) };
    const sigmaOfMean = sigma / Math.sqrt(n);
    const z = (mean - center) / sigmaOfMean;
    const upper = added(memory.upper, z - k, at.index);
    const lower = added(memory.lower, -z - k, at.index);
    const signal = reset && (upper.sum > h || lower.sum > h);
    return {
      memory: signal ? { upper: sideFrom(headStart), lower: sideFrom(headStart) } : { upper, lower },
      point: dated(pointAt(at, n, upper.sum, above, null), upper, center, k, sigmaOfMean),
      companion: dated(pointAt(at, n, lower.sum === 0 ? 0 : -lower.sum, below, null), lower, center, k, -sigmaOfMean),
    };
  },
};

const sideFrom = (sum: number): CusumSide => ({ sum, since: null, points: 0, from: sum });

function added(side: CusumSide, step: number, index: number): CusumSide {
  const sum = Math.max(0, side.sum + step);
  return sum === 0 ? sideFrom(0) : { sum, since: side.since ?? index, points: side.points + 1, from: side.from };
}

function dated(point: ChartPoint, { sum, since, points, from }: CusumSide, center: number, k: number, sigmaOfMean: number): ChartPoint {
  if (since === null) return point;
  return { ...point, since, estimatedMean: center + (k + (sum - from) / points) * sigmaOfMean };
}
