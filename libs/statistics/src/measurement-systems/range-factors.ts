import { d2, d3 } from '../charts/constants.js';
import { logGamma } from '../numerics/distributions.js';
import { StatisticsError } from '../statistics-error.js';

/** From here on the asymptotic series is exact to the last digit, while differences of logΓ begin to lose some. */
const SERIES_FROM = 100;

/**
 * Mean of s/σ for a standard deviation with `df` degrees of freedom, which need not be whole: √(2/ν)·Γ((ν+1)/2)/Γ(ν/2).
 * For whole ones it is c4(df + 1). Abramowitz and Stegun 6.1.47 for large `df`.
 */
export function chiMean(df: number): number {
  if (df < SERIES_FROM) return Math.sqrt(2 / df) * Math.exp(logGamma((df + 1) / 2) - logGamma(df / 2));
  const x = 1 / df;
  return 1 + x * (-1 / 4 + x * (1 / 32 + x * (5 / 128 + x * (-21 / 2048 + x * (-399 / 8192)))));
}

/**
 * Degrees of freedom of the standard deviation that scatters as much around its mean as an estimate with this squared
 * coefficient of variation. Source: P. B. Patnaik, The Use of Mean Range as an Estimator of Variance in Statistical Tests,
 * Biometrika 37 (1950), who equates the first two moments of a mean range with those of χ.
 */
export function equivalentDegreesOfFreedom(squaredCoefficientOfVariation: number): number {
  const scatter = (df: number): number => 1 / chiMean(df) ** 2 - 1;
  let low = Math.log(1e-3);
  let high = Math.log(1e9);
  for (let round = 0; round < 80; round += 1) {
    const middle = (low + high) / 2;
    if (scatter(Math.exp(middle)) > squaredCoefficientOfVariation) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/**
 * d2*: the mean of `samples` ranges of `size` values each, divided by it, estimates σ such that its square is an unbiased
 * estimate of σ². √(d2² + d3²/g); it falls to d2 as the number of ranges g grows.
 * Source: A. J. Duncan, The Use of Ranges in Comparing Variabilities, Industrial Quality Control 11 (1955); AIAG, Measurement
 * Systems Analysis, 4th ed., appendix C.
 * @throws StatisticsError `SIZE_OUT_OF_RANGE`, `BAD_OPTION` without a range
 */
export function d2Star(size: number, samples: number): number {
  assertSamples(samples);
  return Math.sqrt(d2(size) ** 2 + d3(size) ** 2 / samples);
}

/** Degrees of freedom of σ estimated from `samples` ranges of `size` values. @throws StatisticsError as `d2Star` */
export function rangeDegreesOfFreedom(size: number, samples: number): number {
  assertSamples(samples);
  return equivalentDegreesOfFreedom(d3(size) ** 2 / d2(size) ** 2 / samples);
}

function assertSamples(samples: number): void {
  if (!Number.isInteger(samples) || samples < 1) throw new StatisticsError('BAD_OPTION', 'd2* needs at least one range');
}
