import { normalQuantile } from '@touchstone/statistics/distributions';
import { clopperPearsonInterval } from '@touchstone/statistics/inference';
import { assertConfidence } from '../confidence.js';

export type ShareMethod = 'wilson' | 'clopper-pearson';

export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** Two-sided normal quantile. @throws StatisticsError `BAD_OPTION` outside (0, 1) */
export function zOf(confidence: number): number {
  return normalQuantile(0.5 + assertConfidence(confidence) / 2);
}

/**
 * Interval of a share, 0 to 1. `wilson` (E. B. Wilson, JASA 22 (1927)) covers as often as it says on average, `clopper-pearson`
 * (Biometrika 26 (1934)) at least as often.
 * @throws StatisticsError `BAD_OPTION`
 */
export function shareBounds(count: number, n: number, confidence: number, method: ShareMethod): Bounds {
  const z = zOf(confidence);
  if (method === 'clopper-pearson') {
    const tail = (1 - confidence) / 2;
    return clopperPearsonInterval(count, n, { below: tail, above: tail });
  }
  const center = (count + (z * z) / 2) / (n + z * z);
  const margin = (z * Math.sqrt((count * (n - count)) / n + (z * z) / 4)) / (n + z * z);
  return { lower: count === 0 ? 0 : center - margin, upper: count === n ? 1 : center + margin };
}

/** An estimate with its own interval. */
export interface Bounded extends Bounds {
  readonly estimate: number;
}

/**
 * Interval of a difference, later less earlier, from the intervals of its parts: each side takes the distance to the bound that matters
 * there (R. G. Newcombe, Statistics in Medicine 17 (1998) 873, method 10; G. Y. Zou, A. Donner, Statistics in Medicine 27 (2008)).
 */
export function differenceBounds(earlier: Bounded, later: Bounded): Bounds {
  const difference = later.estimate - earlier.estimate;
  return {
    lower: difference - Math.hypot(later.estimate - later.lower, earlier.upper - earlier.estimate),
    upper: difference + Math.hypot(later.upper - later.estimate, earlier.estimate - earlier.lower),
  };
}
