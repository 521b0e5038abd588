import { normalTwoSided } from '@touchstone/statistics/distributions';

/** What Wald's test and interval say of an estimated logarithm of a ratio. */
export interface WaldEffect {
  readonly z: number;
  readonly pValue: number;
  /** The ratio itself, with its bounds. */
  readonly ratio: number;
  readonly lower: number;
  readonly upper: number;
}

export function waldEffect(estimate: number, standardError: number, factor: number): WaldEffect {
  const z = estimate / standardError;
  return {
    z,
    pValue: normalTwoSided(z),
    ratio: Math.exp(estimate),
    lower: Math.exp(estimate - factor * standardError),
    upper: Math.exp(estimate + factor * standardError),
  };
}

/** A covariance of effects of scaled columns, in the columns' own units. */
export const unscaled = (covariance: Float64Array, scales: ArrayLike<number>, width: number): Float64Array =>
  covariance.map((entry, cell) => entry / (scales[Math.floor(cell / width)] * scales[cell % width]));
