import { chiSquareQuantile } from '../numerics/distributions.js';
import { levelOf } from '../measurement-systems/variation.js';
import { sumOf } from '../numerics/summation.js';
import { StatisticsError, finite } from '../statistics-error.js';

export interface BoxCoxFit {
  readonly n: number;
  /** Where the likelihood is greatest. */
  readonly estimate: number;
  /** By profile likelihood; a bound beyond −5 or 5 is given as that. */
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
  readonly logLikelihood: number;
  /** The nearest multiple of one half: −1 the reciprocal, 0 the logarithm, ½ the root, 1 nothing. */
  readonly rounded: number;
}

/** Beyond these powers a transformation is no longer one that anybody would explain. */
const SMALLEST_POWER = -5;
const LARGEST_POWER = 5;

/**
 * (x^λ − 1)/λ, and ln x for λ = 0: growing in x for every λ.
 * @throws StatisticsError `BAD_DATA` unless x is positive
 */
export function boxCox(x: number, lambda: number): number {
  if (!(finite(x) > 0))
    throw new StatisticsError(
      'BAD_DATA',
      `the Box–Cox transformation needs positive values, not ${x}; shift them if their zero is arbitrary`,
    );
  return powerOf(Math.log(x), lambda);
}

/**
 * ℓ(λ) = −(n/2)·ln σ²(λ) + (λ − 1)·Σ ln x, where σ² is the mean squared deviation of the transformed values.
 * Source: G. E. P. Box, D. R. Cox, An Analysis of Transformations, Journal of the Royal Statistical Society B 26 (1964).
 * @throws StatisticsError as `boxCoxFit`
 */
export function boxCoxLogLikelihood(values: ArrayLike<number>, lambda: number): number {
  const { likelihood } = profileOf(values);
  return likelihood(finite(lambda));
}

/**
 * The power by maximum likelihood, between −5 and 5.
 * @throws StatisticsError `BAD_DATA` for values that are not positive or all equal, `TOO_FEW_POINTS` below three, `NOT_FINITE`, `BAD_OPTION`
 */
export function boxCoxFit(values: ArrayLike<number>, options: { readonly level?: number } = {}): BoxCoxFit {
  const level = levelOf(options.level);
  const { likelihood, n } = profileOf(values);
  const estimate = highest(likelihood);
  const logLikelihood = likelihood(estimate);
  const drop = chiSquareQuantile(level, 1) / 2;
  const within = (lambda: number): boolean => logLikelihood - likelihood(lambda) <= drop;
  return {
    n,
    estimate,
    lower: within(SMALLEST_POWER) ? SMALLEST_POWER : edge(within, estimate, SMALLEST_POWER),
    upper: within(LARGEST_POWER) ? LARGEST_POWER : edge(within, estimate, LARGEST_POWER),
    level,
    logLikelihood,
    rounded: Math.round(2 * estimate) / 2 + 0,
  };
}

/** In terms of x over its geometric mean, where the sum of the logarithms is 0 and no power overflows before its time. */
function profileOf(values: ArrayLike<number>): { readonly n: number; readonly likelihood: (lambda: number) => number } {
  const logs = Array.from(values, (value) => boxCox(value, 0));
  const n = logs.length;
  if (n < 3) throw new StatisticsError('TOO_FEW_POINTS', 'a power needs at least three values');
  if (logs.every((log) => log === logs[0])) throw new StatisticsError('BAD_DATA', 'all values are equal: every power fits them');
  const center = sumOf(logs) / n;
  const likelihood = (lambda: number): number => {
    const transformed = logs.map((log) => powerOf(log - center, lambda));
    const mean = sumOf(transformed) / n;
    const variance = sumOf(transformed.map((value) => (value - mean) ** 2)) / n;
    return -(n / 2) * Math.log(variance) - n * center;
  };
  return { n, likelihood };
}

const powerOf = (log: number, lambda: number): number => (lambda === 0 ? log : Math.expm1(lambda * log) / lambda);

/** A coarse grid finds the hill, the golden section its top. */
function highest(likelihood: (lambda: number) => number): number {
  const step = 0.25;
  let best = SMALLEST_POWER;
  for (let at = SMALLEST_POWER; at <= LARGEST_POWER; at += step) if (likelihood(at) > likelihood(best)) best = at;
  const golden = (Math.sqrt(5) - 1) / 2;
  let low = Math.max(SMALLEST_POWER, best - step);
  let high = Math.min(LARGEST_POWER, best + step);
  for (let round = 0; round < 40; round += 1) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if (likelihood(left) >= likelihood(right)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}

/** Where `within` ends on the way from a point inside to one outside. */
function edge(within: (lambda: number) => boolean, inside: number, outside: number): number {
  let [near, far] = [inside, outside];
  for (let round = 0; round < 45; round += 1) {
    const middle = (near + far) / 2;
    if (within(middle)) near = middle;
    else far = middle;
  }
  return (near + far) / 2;
}
