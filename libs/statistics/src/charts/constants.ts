import { wholePower } from '../numerics/power.js';
import { normalCdf, normalDensity } from '../numerics/normal.js';
import { StatisticsError } from '../statistics-error.js';
import { sumOf } from '../numerics/summation.js';

/**
 * Control chart constants for samples from a normal distribution: the mean d2 and the standard deviation d3 of the
 * relative range R/σ, and the mean c4 of s/σ.
 * Source: D. C. Montgomery, Introduction to Statistical Quality Control, appendix VI (tabulated there to three or four digits);
 * L. H. C. Tippett, On the Extreme Individuals and the Range of Samples, Biometrika 17 (1925), for the integrals.
 */
export const SMALLEST_SUBGROUP = 2;
export const LARGEST_SUBGROUP = 100;

/** Mean of the relative range of `n` values; error below 1e-12. @throws StatisticsError `SIZE_OUT_OF_RANGE` */
export function d2(n: number): number {
  return rangeMoments(n).mean;
}

/** Standard deviation of the relative range of `n` values; error below 1e-12. @throws StatisticsError `SIZE_OUT_OF_RANGE` */
export function d3(n: number): number {
  return rangeMoments(n).sd;
}

/**
 * Mean of s/σ for `n` values, √(2/(n−1)) · Γ(n/2) / Γ((n−1)/2); error below 1e-14.
 * @throws StatisticsError `SIZE_OUT_OF_RANGE`
 */
export function c4(n: number): number {
  assertSize(n);
  // Γ(n/2)/Γ((n−1)/2) starts at 1/√π for n = 2 and at √π/2 for n = 3; two further on it has grown by n/(n−1).
  const even = n % 2 === 0;
  let ratio = even ? 1 / Math.sqrt(Math.PI) : Math.sqrt(Math.PI) / 2;
  for (let size = even ? 2 : 3; size < n; size += 2) ratio *= size / (size - 1);
  return Math.sqrt(2 / (n - 1)) * ratio;
}

/**
 * c4 for any number of degrees of freedom plus one, as a pooled standard deviation needs it: exact up to 100, beyond by the
 * series of Γ(x + ½)/Γ(x) in 1/x (Abramowitz and Stegun 6.1.47), error below 1e-15 there.
 */
export function c4Pooled(n: number): number {
  if (n <= LARGEST_SUBGROUP) return c4(n);
  const y = 2 / (n - 1); // 1/x with x = (n − 1)/2
  return 1 + y * (-1 / 8 + y * (1 / 128 + y * (5 / 1024 + y * (-21 / 32768 + y * (-399 / 262144 + (y * 869) / 4194304)))));
}

const medians = new Map<number, number>();

/** Median of the relative range of `n` values, where its distribution function is ½; error below 1e-12. @throws StatisticsError `SIZE_OUT_OF_RANGE` */
export function d4(n: number): number {
  const before = medians.get(n);
  if (before !== undefined) return before;
  assertSize(n);
  const { lowest } = integrationGrid();
  let [low, high] = [0, WIDEST];
  for (let halving = 0; halving < 52; halving += 1) {
    const range = (low + high) / 2;
    const within = n * sumOf(lowest.map(({ x, weight }) => weight * wholePower(normalCdf(x + range) - normalCdf(x), n - 1)));
    if (within < 0.5) low = range;
    else high = range;
  }
  medians.set(n, (low + high) / 2);
  return (low + high) / 2;
}

export function assertSize(n: number): void {
  if (Number.isInteger(n) && n >= SMALLEST_SUBGROUP && n <= LARGEST_SUBGROUP) return;
  throw new StatisticsError('SIZE_OUT_OF_RANGE', `a subgroup has ${SMALLEST_SUBGROUP} to ${LARGEST_SUBGROUP} values, not ${n}`);
}

interface RangeMoments {
  readonly mean: number;
  readonly sd: number;
}

const known = new Map<number, RangeMoments>();

/** E(R) = ∫ 1 − F(r) dr and E(R²) = ∫ 2r (1 − F(r)) dr over r ≥ 0, where F is the distribution function of the range. */
function rangeMoments(n: number): RangeMoments {
  const before = known.get(n);
  if (before !== undefined) return before;
  assertSize(n);
  const { ranges, lowest } = integrationGrid();
  const beyond = ranges.map(({ spans }) => 1 - n * sumOf(lowest.map(({ weight }, index) => weight * wholePower(spans[index], n - 1))));
  const first = sumOf(ranges.map(({ weight }, index) => weight * beyond[index]));
  const second = sumOf(ranges.map(({ range, weight }, index) => 2 * range * weight * beyond[index]));
  const moments = { mean: first, sd: Math.sqrt(second - first * first) };
  known.set(n, moments);
  return moments;
}

interface IntegrationGrid {
  /** Where the lowest value of a sample may lie, with φ(x)·h. */
  readonly lowest: readonly { readonly x: number; readonly weight: number }[];
  /** Ranges r with their quadrature weight, and for each lowest value x the probability of a value in (x, x + r). */
  readonly ranges: readonly { readonly range: number; readonly weight: number; readonly spans: readonly number[] }[];
}

const STEP = 1 / 16; // the trapezoidal rule converges like exp(−2π²/(h²n)) here: below 1e-21 at n = 100
const LOWEST = 9; // φ(9) < 1e-18
const WIDEST = 14; // for n = 100 the range exceeds 14 σ with a probability below 1e-18
const NODES = 96;

let grid: IntegrationGrid | undefined;

/** Shared by all sizes: only the power to which a span is raised depends on n. */
function integrationGrid(): IntegrationGrid {
  if (grid !== undefined) return grid;
  const lowest = Array.from({ length: 2 * (LOWEST / STEP) + 1 }, (_, index) => {
    const x = index * STEP - LOWEST;
    return { x, weight: normalDensity(x) * STEP };
  });
  const below = lowest.map(({ x }) => normalCdf(x));
  const ranges = gaussLegendre(NODES).map(({ node, weight }) => {
    const range = (WIDEST / 2) * (node + 1);
    return { range, weight: (WIDEST / 2) * weight, spans: lowest.map(({ x }, index) => normalCdf(x + range) - below[index]) };
  });
  grid = { lowest, ranges };
  return grid;
}

/** Nodes and weights of Gauss–Legendre quadrature on (−1, 1): Newton's method on the Legendre polynomial (Abramowitz and Stegun 25.4.29). */
function gaussLegendre(count: number): { node: number; weight: number }[] {
  return Array.from({ length: count }, (_, index) => {
    let node = Math.cos((Math.PI * (index + 0.75)) / (count + 0.5));
    let slope = 0;
    for (let round = 0; round < 8; round += 1) {
      const { value, derivative } = legendre(count, node);
      slope = derivative;
      node -= value / derivative;
    }
    return { node, weight: 2 / ((1 - node * node) * slope * slope) };
  });
}

function legendre(degree: number, x: number): { value: number; derivative: number } {
  let previous = 1;
  let value = x;
  for (let k = 2; k <= degree; k += 1) {
    [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
  }
  return { value, derivative: (degree * (x * value - previous)) / (x * x - 1) };
}
