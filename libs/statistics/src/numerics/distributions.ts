// The one place where distributions come in. Functions and quantiles are @stdlib's. The normal quantile gets one more Newton
// step, as its far tails were measured to 2e-9 only; Student's t goes by way of the beta and F functions that are here anyway.
import betaCdf from '@stdlib/stats-base-dists-beta-cdf';
import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';
import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import chiSquareCdf from '@stdlib/stats-base-dists-chisquare-cdf';
import chiSquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile';
import fCdf from '@stdlib/stats-base-dists-f-cdf';
import fQuantile from '@stdlib/stats-base-dists-f-quantile';
import gammaQuantile from '@stdlib/stats-base-dists-gamma-quantile';
import hypergeometricCdf from '@stdlib/stats-base-dists-hypergeometric-cdf';
import normalQuantileOf from '@stdlib/stats-base-dists-normal-quantile';
import poissonCdf from '@stdlib/stats-base-dists-poisson-cdf';
import regularisedBeta from '@stdlib/math-base-special-betainc';
import logGamma from '@stdlib/math-base-special-gammaln';
import { normalCdf, normalDensity } from './normal.js';

export { normalCdf, normalDensity };
export {
  betaCdf,
  betaQuantile,
  binomialCdf,
  chiSquareCdf,
  chiSquareQuantile,
  fCdf,
  fQuantile,
  gammaQuantile,
  hypergeometricCdf,
  logGamma,
  poissonCdf,
};

/** The value a standard normal variable stays below with probability `p`; NaN outside 0 to 1. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  const rough = normalQuantileOf(p, 0, 1);
  if (!Number.isFinite(rough)) return rough;
  return rough - (normalCdf(rough) - p) / normalDensity(rough);
}

/** Probability that Student's t with `df` degrees of freedom is at most `t`. */
export function tCdf(t: number, df: number): number {
  const tail = tTail(Math.abs(t), df);
  return t > 0 ? 1 - tail : tail;
}

/** Two-sided p-value of Student's t. */
export const tTwoSided = (t: number, df: number): number => 2 * tTail(Math.abs(t), df);

/** Two-sided p-value of a standard normal z. */
export const normalTwoSided = (z: number): number => 2 * normalCdf(-Math.abs(z));

/** P(T > t) for t ≥ 0: half of I(df/(df + t²); df/2, ½), Abramowitz and Stegun 26.7.1. */
const tTail = (t: number, df: number): number => 0.5 * regularisedBeta(df / (df + t * t), df / 2, 0.5);

/** The value Student's t with `df` degrees of freedom stays below with probability `p`. t² is F with 1 and `df`. */
export function tQuantile(p: number, df: number): number {
  if (p < 0.5) return -tQuantile(1 - p, df);
  return Math.sqrt(fQuantile(2 * p - 1, 1, df));
}

/**
 * Probability that χ² with a whole number of degrees of freedom exceeds `x`, to full relative precision however small: from
 * Abramowitz and Stegun 26.4.4 (odd) and 26.4.5 (even). 1 for zero degrees of freedom.
 */
export function chiSquareUpper(x: number, df: number): number {
  if (df === 0 || x <= 0) return 1;
  const half = x / 2;
  const isEven = df % 2 === 0;
  let term = isEven ? Math.exp(-half) : (2 * Math.exp(-half) * Math.sqrt(half)) / Math.sqrt(Math.PI);
  let tail = isEven ? 0 : normalTwoSided(Math.sqrt(x));
  for (let order = isEven ? 2 : 3; order <= df; order += 2) {
    tail += term;
    term *= x / order;
  }
  return Math.min(1, tail);
}
