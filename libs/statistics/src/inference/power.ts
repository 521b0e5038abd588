import { betaCdf, logGamma, normalCdf, normalQuantile, tQuantile } from '../numerics/distributions.js';

/** Share of the series' terms that is left out at most. */
const NEGLIGIBLE = 1e-15;

/**
 * Probability that a noncentral t exceeds `t` > 0. Source: R. V. Lenth, Algorithm AS 243, Applied Statistics 38 (1989): a series of
 * incomplete beta functions with Poisson weights. For large noncentrality, where the first weights vanish, Abramowitz and Stegun 26.7.10.
 */
export function noncentralTAbove(t: number, df: number, noncentrality: number): number {
  const half = (noncentrality * noncentrality) / 2;
  if (half > 700) {
    const scale = Math.sqrt(1 + (t * t) / (2 * df));
    return normalCdf((noncentrality - t * (1 - 1 / (4 * df))) / scale);
  }
  const x = (t * t) / (t * t + df);
  let p = 0.5 * Math.exp(-half);
  let q = (noncentrality / Math.SQRT2) * 0.5 * Math.exp(-half - logGamma(1.5));
  let below = normalCdf(-noncentrality);
  let weights = 0;
  for (let j = 0; j < 10_000; j += 1) {
    below += p * betaCdf(x, j + 0.5, df / 2) + q * betaCdf(x, j + 1, df / 2);
    weights += 2 * p;
    p *= half / (j + 1);
    q *= half / (j + 1.5);
    if (j > half && 1 - weights < NEGLIGIBLE * 100) break;
    if (j > half && p + Math.abs(q) < NEGLIGIBLE) break;
  }
  return Math.min(1, Math.max(0, 1 - below));
}

/** Power of a t test whose mean is off by `effect` standard errors of one observation: only the tail of the effect's own side counts, as in R. */
export function tPower(n: number, groups: 1 | 2, effect: number, tail: number): number {
  const df = groups * (n - 1);
  return noncentralTAbove(tQuantile(1 - tail, df), df, Math.sqrt(n / groups) * effect);
}

/** Where a growing function reaches `target`, by bisection to the last digits; `high` is raised until it does. */
export function rootOf(grows: (x: number) => number, target: number, low: number, high: number): number {
  let [from, to] = [low, high];
  while (grows(to) < target && to < 1e15) to *= 2;
  for (let step = 0; step < 60; step += 1) {
    const middle = (from + to) / 2;
    if (grows(middle) < target) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}

/** z that leaves `tail` above it. */
export const zAbove = (tail: number): number => -normalQuantile(tail);
