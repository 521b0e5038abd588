import { binomialCdf, hypergeometricCdf, normalCdf, tQuantile } from '../numerics/distributions.js';
import { StatisticsError } from '../statistics-error.js';
import { assertPositive, assertShare } from './arguments.js';
import { rootOf, tPower, zAbove } from './power.js';

export interface SampleSize {
  /** Whole number to take; with two groups, in each. */
  readonly n: number;
  /** Before rounding up; for counts, the same as `n`. */
  readonly exact: number;
  /** What `n` achieves: the margin, the power or the confidence asked for, or better. */
  readonly achieved: number;
}

export interface EstimationOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Size of the population, when the sample is a notable part of it: n/(1 + (n − 1)/N). */
  readonly population?: number;
}

/**
 * To estimate a mean within ± `margin` (both in the unit of the values): (zσ/E)²; with `sigmaKnown: false` the smallest n for which
 * t·s/√n is within the margin. Source: D. C. Montgomery and G. C. Runger, Applied Statistics and Probability for Engineers, section 8.1.
 * @throws StatisticsError `BAD_OPTION`
 */
export function sampleSizeForMean(
  margin: number,
  sigma: number,
  options: EstimationOptions & { readonly sigmaKnown?: boolean } = {},
): SampleSize {
  assertPositive(margin, 'a margin');
  assertPositive(sigma, 'sigma');
  const { confidence = 0.95, population, sigmaKnown = true } = options;
  assertShare(confidence, 'a confidence');
  const tail = (1 - confidence) / 2;
  const infinite = sigmaKnown ? (zAbove(tail) * sigma) / margin : null;
  const exact = infinite === null ? rootOf((n) => -(tQuantile(1 - tail, n - 1) * sigma) / Math.sqrt(n), -margin, 1.01, 4) : infinite ** 2;
  const n = wholeOf(finitePopulation(exact, population), population, sigmaKnown ? 1 : 2);
  const quantile = sigmaKnown ? zAbove(tail) : tQuantile(1 - tail, n - 1);
  return { n, exact: finitePopulation(exact, population), achieved: ((quantile * sigma) / Math.sqrt(n)) * correction(n, population) };
}

/**
 * To estimate a proportion within ± `margin`: z²p(1 − p)/E². Without an idea of p take 0.5, the worst case.
 * Source: W. G. Cochran, Sampling Techniques, section 4.4. @throws StatisticsError `BAD_OPTION`
 */
export function sampleSizeForProportion(margin: number, proportion = 0.5, options: EstimationOptions = {}): SampleSize {
  assertShare(margin, 'a margin');
  assertShare(proportion, 'a proportion');
  const { confidence = 0.95, population } = options;
  assertShare(confidence, 'a confidence');
  const z = zAbove((1 - confidence) / 2);
  const exact = finitePopulation((z * z * proportion * (1 - proportion)) / (margin * margin), population);
  const n = wholeOf(exact, population, 1);
  return { n, exact, achieved: z * Math.sqrt((proportion * (1 - proportion)) / n) * correction(n, population) };
}

export interface PowerOptions {
  /** Probability of a false alarm. Default 0.05. */
  readonly alpha?: number;
  /** Probability of finding the difference. Default 0.9. */
  readonly power?: number;
  readonly alternative?: 'two-sided' | 'one-sided';
}

/**
 * To find a difference of means `delta` where single values scatter by `sigma`: one sample against a known value, or two samples (n in
 * each). `normal` (σ known): groups·((z_α + z_β)σ/δ)²; `t` (default): from the noncentral t distribution, as R's `power.t.test`.
 * Source: J. Cohen, Statistical Power Analysis, chapter 2. @throws StatisticsError `BAD_OPTION`
 */
export function sampleSizeToCompareMeans(
  delta: number,
  sigma: number,
  options: PowerOptions & { readonly samples?: 1 | 2; readonly distribution?: 't' | 'normal' } = {},
): SampleSize {
  assertPositive(delta, 'a difference to find');
  assertPositive(sigma, 'sigma');
  const { samples = 2, distribution = 't' } = options;
  if (samples !== 1 && samples !== 2) throw new StatisticsError('BAD_OPTION', 'there are 1 or 2 samples');
  const { tail, power } = powerOf(options);
  const effect = delta / sigma;
  const normal = samples * ((zAbove(tail) + zAbove(1 - power)) / effect) ** 2;
  const normalPower = (n: number): number => normalCdf(Math.sqrt(n / samples) * effect - zAbove(tail));
  const exact = distribution === 'normal' ? normal : rootOf((n) => tPower(n, samples, effect, tail), power, 1.0001, Math.max(4, normal));
  const n = Math.max(distribution === 'normal' ? 1 : 2, roundedUp(exact));
  return { n, exact, achieved: distribution === 'normal' ? normalPower(n) : tPower(n, samples, effect, tail) };
}

/**
 * To find that a proportion is `actual` and not `expected`: ((z_α√(p₀q₀) + z_β√(p₁q₁))/(p₁ − p₀))².
 * Source: J. L. Fleiss, Statistical Methods for Rates and Proportions, section 2.3. @throws StatisticsError `BAD_OPTION`
 */
export function sampleSizeToTestProportion(expected: number, actual: number, options: PowerOptions = {}): SampleSize {
  const { tail, power } = powerOf(options);
  assertDifferent(expected, actual);
  const [s0, s1] = [Math.sqrt(expected * (1 - expected)), Math.sqrt(actual * (1 - actual))];
  const gap = Math.abs(actual - expected);
  const exact = ((zAbove(tail) * s0 + zAbove(1 - power) * s1) / gap) ** 2;
  const n = roundedUp(exact);
  return { n, exact, achieved: normalCdf((gap * Math.sqrt(n) - zAbove(tail) * s0) / s1) };
}

/**
 * To find a difference between two proportions, n in each sample, by the z test with pooled proportion; as R's `power.prop.test`.
 * Source: J. L. Fleiss, section 3.2, without continuity correction. @throws StatisticsError `BAD_OPTION`
 */
export function sampleSizeToCompareProportions(first: number, second: number, options: PowerOptions = {}): SampleSize {
  const { tail, power } = powerOf(options);
  assertDifferent(first, second);
  const pooled = Math.sqrt((first + second) * (1 - (first + second) / 2));
  const apart = Math.sqrt(first * (1 - first) + second * (1 - second));
  const gap = Math.abs(first - second);
  const exact = ((zAbove(tail) * pooled + zAbove(1 - power) * apart) / gap) ** 2;
  const n = roundedUp(exact);
  return { n, exact, achieved: normalCdf((gap * Math.sqrt(n) - zAbove(tail) * pooled) / apart) };
}

export interface SuccessRunOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Failures at which the demonstration still succeeds. Default 0: a success run. */
  readonly allowedFailures?: number;
  /** Size of the lot the sample is drawn from, without replacement; of it at least `share` are defective, rounded up. Default infinite. */
  readonly lotSize?: number;
}

/**
 * To find at least one more than `allowedFailures` defectives with the stated confidence where a `share` is defective; in other words, to
 * demonstrate a reliability of 1 − share. Without failures: ln(1 − C)/ln(1 − share), the success-run theorem; else by the binomial
 * distribution, for a lot by the hypergeometric. Source: L. G. Johnson, The Statistical Treatment of Fatigue Experiments (1964), chapter 8.
 * @throws StatisticsError `BAD_OPTION`, `BAD_DATA` where the lot has no more defectives than are allowed
 */
export function sampleSizeToDetect(share: number, options: SuccessRunOptions = {}): SampleSize {
  assertShare(share, 'a share of defectives');
  const { confidence = 0.95, allowedFailures = 0, lotSize } = options;
  assertShare(confidence, 'a confidence');
  if (!Number.isSafeInteger(allowedFailures) || allowedFailures < 0)
    throw new StatisticsError('BAD_OPTION', 'allowed failures are a whole number from 0 on');
  const found =
    lotSize === undefined ? (n: number) => 1 - binomialCdf(allowedFailures, n, share) : foundInLot(share, allowedFailures, lotSize);
  let [low, high] = [allowedFailures, allowedFailures + 1];
  while (found(high) < confidence - ROUNDING) [low, high] = [high, Math.min(2 * high, lotSize ?? Infinity)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (found(middle) < confidence - ROUNDING) low = middle;
    else high = middle;
  }
  const exact = allowedFailures === 0 && lotSize === undefined ? Math.log(1 - confidence) / Math.log1p(-share) : high;
  return { n: high, exact, achieved: found(high) };
}

function foundInLot(share: number, allowed: number, lotSize: number): (n: number) => number {
  assertPositive(lotSize, 'a lot size');
  if (!Number.isSafeInteger(lotSize)) throw new StatisticsError('BAD_OPTION', 'a lot size is a whole number');
  const defectives = Math.ceil(share * lotSize - ROUNDING);
  if (defectives <= allowed) throw new StatisticsError('BAD_DATA', `a lot with ${defectives} defectives cannot show more than ${allowed}`);
  return (n) => (n > lotSize - defectives + allowed ? 1 : 1 - hypergeometricCdf(allowed, lotSize, defectives, n));
}

/** So near a bound a result lies on it: 0.05 · 100 is not 5 to the last bit. */
const ROUNDING = 1e-9;
const roundedUp = (exact: number): number => Math.max(1, Math.ceil(exact - ROUNDING));

const finitePopulation = (n: number, population: number | undefined): number =>
  population === undefined ? n : n / (1 + (n - 1) / population);

function wholeOf(exact: number, population: number | undefined, least: number): number {
  if (population !== undefined && !(Number.isSafeInteger(population) && population >= 2)) {
    throw new StatisticsError('BAD_OPTION', 'a population is a whole number from 2 on');
  }
  return Math.min(population ?? Infinity, Math.max(least, roundedUp(exact)));
}

const correction = (n: number, population: number | undefined): number =>
  population === undefined ? 1 : Math.sqrt((population - n) / (population - 1));

function powerOf({ alpha = 0.05, power = 0.9, alternative = 'two-sided' }: PowerOptions): { tail: number; power: number } {
  assertShare(alpha, 'alpha');
  assertShare(power, 'power');
  if (alternative !== 'two-sided' && alternative !== 'one-sided')
    throw new StatisticsError('BAD_OPTION', 'an alternative is two-sided or one-sided');
  const tail = alternative === 'two-sided' ? alpha / 2 : alpha;
  if (power <= tail) throw new StatisticsError('BAD_OPTION', 'a power this small needs no sample');
  return { tail, power };
}

function assertDifferent(one: number, other: number): void {
  assertShare(one, 'a proportion');
  assertShare(other, 'a proportion');
  if (one === other) throw new StatisticsError('BAD_OPTION', 'the proportions are equal; there is nothing to find');
}
