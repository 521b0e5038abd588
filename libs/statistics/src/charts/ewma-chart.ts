import { pointAt } from './chart-method.js';
import type { ChartMethod } from './chart-method.js';
import { limitsAround, widthOf } from './control-limits.js';
import { addLocation, allLocations, locationEstimates, locationOf, noLocations } from './location-estimates.js';
import type { Location, LocationEstimation } from './location-estimates.js';
import { processOf } from './xbar-chart.js';

export const DEFAULT_LAMBDA = 0.2;

export interface EwmaMemory {
  readonly average: number;
  /** Variance of `average` in units of σ². */
  readonly variance: number;
}

/**
 * Exponentially weighted moving average: zᵢ = λ·x̄ᵢ + (1 − λ)·zᵢ₋₁ from z₀ = the center line. Its variance follows vᵢ = λ²·σ²/nᵢ + (1 − λ)²·vᵢ₋₁,
 * for equal sizes σ²/n · λ/(2 − λ) · (1 − (1 − λ)²ⁱ); `steady` draws what that tends to, σ²/nᵢ · λ/(2 − λ). A missing or excluded
 * point leaves the average as it is.
 * Source: S. W. Roberts, Control Chart Tests Based on Geometric Moving Averages, Technometrics 1 (1959); D. C. Montgomery, section
 * 9.2; NIST/SEMATECH e-Handbook 6.3.2.4 (steady limits).
 */
export const ewmaChart: ChartMethod<Location, LocationEstimation, EwmaMemory> = {
  plots: ['ewma'],
  begin: () => noLocations,
  add: (soFar, datum, options) => addLocation('ewma', soFar, datum, options),
  estimate: (soFar, options) => locationEstimates('ewma', soFar, options),
  estimateAll: (data, range, options) => allLocations('ewma', data, range, options),
  monitor: (estimates, { start }) => ({ average: start ?? processOf(estimates).center, variance: 0 }),
  step(memory, datum, at, estimates, options) {
    const { center, sigma } = processOf(estimates);
    const lambda = options.lambda ?? DEFAULT_LAMBDA;
    const { n, mean, planned } = locationOf(datum);
    const variance = (lambda * lambda) / planned + (1 - lambda) ** 2 * memory.variance;
    const drawn = sigma * Math.sqrt(options.limits === 'steady' ? lambda / (2 - lambda) / planned : variance);
    const limits = limitsAround(center, widthOf(options) * drawn);
    if (mean === null || at.excluded) return { memory, point: pointAt(at, n, null, limits, drawn), companion: null };
    const average = lambda * mean + (1 - lambda) * memory.average;
    return { memory: { average, variance }, point: pointAt(at, n, average, limits, drawn), companion: null };
  },
};
