import { betaCdf, binomialCdf, logGamma } from '../numerics/distributions.js';
import type { Alternative } from './arguments.js';

/** Outcomes whose probability exceeds that of the observed one by less than this are as improbable: rounding must not decide. */
export const AS_PROBABLE = 1 + 1e-7;

/** Of whole numbers. Both tails, each by itself: one as 1 minus the other would lose small p-values. */
export interface OutcomeDistribution {
  readonly density: (outcome: number) => number;
  readonly atMost: (outcome: number) => number;
  readonly atLeast: (outcome: number) => number;
}

/**
 * p-value of a discrete variable with one mode, at `observed`. Two-sided: the probability of all outcomes no more probable than the
 * observed one, as in R.
 * @param last the largest outcome; may be infinite
 */
export function exactPValue(
  observed: number,
  last: number,
  mean: number,
  alternative: Alternative,
  distribution: OutcomeDistribution,
): number {
  const { density } = distribution;
  const atMost = (outcome: number): number => (outcome < 0 ? 0 : outcome >= last ? 1 : distribution.atMost(outcome));
  const atLeast = (outcome: number): number => (outcome <= 0 ? 1 : outcome > last ? 0 : distribution.atLeast(outcome));
  if (alternative === 'less') return atMost(observed);
  if (alternative === 'greater') return atLeast(observed);
  if (observed === mean) return 1;
  const enough = density(observed) * AS_PROBABLE;
  if (observed < mean) {
    const first = firstWhere(Math.ceil(mean), last, (outcome) => density(outcome) <= enough);
    return Math.min(1, atMost(observed) + (first > last ? 0 : atLeast(first)));
  }
  // Outcomes fall off to the left of the mean as well: count back from it.
  const most = Math.floor(mean);
  const back = firstWhere(0, most, (steps) => density(most - steps) <= enough);
  return Math.min(1, atLeast(observed) + (back > most ? 0 : atMost(most - back)));
}

/** The first whole number in [from, to] for which `holds`, which once true stays true; beyond `to` if there is none. */
function firstWhere(from: number, to: number, holds: (value: number) => boolean): number {
  let low = from;
  let high = from;
  for (let step = 1; high <= to && !holds(high); step *= 2) {
    low = high + 1;
    high += step;
  }
  high = Math.min(high, to + 1);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Probability of `x` successes in `n` trials. */
export function binomialDensity(x: number, n: number, p: number): number {
  if (p === 0 || p === 1) return x === n * p ? 1 : 0;
  return Math.exp(logGamma(n + 1) - logGamma(x + 1) - logGamma(n - x + 1) + x * Math.log(p) + (n - x) * Math.log1p(-p));
}

/** Exact p-value of `x` successes in `n` trials where the probability is `p`; R's `binom.test`. */
export function binomialPValue(x: number, n: number, p: number, alternative: Alternative): number {
  if (p === 0 || p === 1) {
    const certain = n * p;
    if (alternative === 'less') return x >= certain ? 1 : 0;
    if (alternative === 'greater') return x <= certain ? 1 : 0;
    return x === certain ? 1 : 0;
  }
  return exactPValue(x, n, n * p, alternative, {
    density: (outcome) => binomialDensity(outcome, n, p),
    atMost: (outcome) => binomialCdf(outcome, n, p),
    atLeast: (outcome) => betaCdf(p, outcome, n - outcome + 1),
  });
}
