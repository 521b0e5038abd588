import { normalCdf } from '../numerics/distributions.js';
import { assertCountOf, beyondZ, tailsOf } from './arguments.js';
import type { Alternative, ConfidenceOptions, Interval, Tails } from './arguments.js';
import { fisherExact } from './fisher-exact.js';
import type { FisherExact } from './fisher-exact.js';
import { wilsonInterval } from './proportions.js';

/** No end above is null. */
export interface RatioInterval {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number | null;
}

export interface ProportionComparison {
  readonly first: { readonly successes: number; readonly n: number; readonly estimate: number };
  readonly second: { readonly successes: number; readonly n: number; readonly estimate: number };
  readonly confidence: number;
  readonly alternative: Alternative;
  /** First minus second. */
  readonly difference: number;
  /** Hybrid of two Wilson intervals. */
  readonly newcombe: Interval;
  /** Difference ± z·SE, for comparison with older texts. */
  readonly wald: Interval;
  /** First over second with its interval on the log scale (Katz 1978); null where either has no successes. */
  readonly ratio: RatioInterval | null;
  /** z test with the pooled proportion and no continuity correction; null where all or none succeeded in both. */
  readonly zTest: { readonly z: number; readonly pValue: number } | null;
  readonly fisher: FisherExact;
}

/**
 * Two proportions from independent samples, first against second.
 *
 * Newcombe: R. G. Newcombe, Interval Estimation for the Difference Between Independent Proportions, Statistics in Medicine 17 (1998)
 * 873–890, method 10 (score, no continuity correction).
 *
 * @throws StatisticsError `BAD_DATA` for counts that are none, `BAD_OPTION`
 */
export function compareProportions(
  successes1: number,
  n1: number,
  successes2: number,
  n2: number,
  options: ConfidenceOptions = {},
): ProportionComparison {
  assertCountOf(successes1, n1);
  assertCountOf(successes2, n2);
  const tails = tailsOf(options);
  const [p1, p2] = [successes1 / n1, successes2 / n2];
  const standardError = Math.sqrt((p1 * (1 - p1)) / n1 + (p2 * (1 - p2)) / n2);
  const pooled = (successes1 + successes2) / (n1 + n2);
  const z = (p1 - p2) / Math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2));
  return {
    first: { successes: successes1, n: n1, estimate: p1 },
    second: { successes: successes2, n: n2, estimate: p2 },
    confidence: tails.confidence,
    alternative: tails.alternative,
    difference: p1 - p2,
    newcombe: newcombeInterval([successes1, n1], [successes2, n2], tails),
    wald: {
      lower: tails.below === 0 ? -1 : Math.max(-1, p1 - p2 - beyondZ(tails.below) * standardError),
      upper: tails.above === 0 ? 1 : Math.min(1, p1 - p2 + beyondZ(tails.above) * standardError),
    },
    ratio: p1 === 0 || p2 === 0 ? null : ratioOf(p1, n1, p2, n2, tails),
    zTest: pooled === 0 || pooled === 1 ? null : { z, pValue: zPValue(z, tails.alternative) },
    fisher: fisherExact(successes1, n1 - successes1, successes2, n2 - successes2, options),
  };
}

function newcombeInterval([x1, n1]: [number, number], [x2, n2]: [number, number], { below, above, ...of }: Tails): Interval {
  const difference = x1 / n1 - x2 / n2;
  const distance = (tail: number, towards: (one: Interval, two: Interval) => [number, number]): number => {
    const both = { ...of, below: tail, above: tail };
    return Math.hypot(...towards(wilsonInterval(x1, n1, both), wilsonInterval(x2, n2, both)));
  };
  return {
    lower: below === 0 ? -1 : difference - distance(below, (one, two) => [x1 / n1 - one.lower, two.upper - x2 / n2]),
    upper: above === 0 ? 1 : difference + distance(above, (one, two) => [one.upper - x1 / n1, x2 / n2 - two.lower]),
  };
}

function ratioOf(p1: number, n1: number, p2: number, n2: number, { below, above }: Tails): RatioInterval {
  const standardError = Math.sqrt((1 - p1) / (n1 * p1) + (1 - p2) / (n2 * p2));
  const at = (z: number): number => (p1 / p2) * Math.exp(z * standardError);
  return { estimate: p1 / p2, lower: below === 0 ? 0 : at(-beyondZ(below)), upper: above === 0 ? null : at(beyondZ(above)) };
}

/** p-value of a standard normal statistic. */
export function zPValue(z: number, alternative: Alternative): number {
  if (alternative === 'less') return normalCdf(z);
  if (alternative === 'greater') return normalCdf(-z);
  return 2 * normalCdf(-Math.abs(z));
}
