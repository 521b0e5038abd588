import { betaQuantile } from '../numerics/distributions.js';
import { StatisticsError } from '../statistics-error.js';
import { assertCountOf, beyondZ, tailsOf } from './arguments.js';
import type { Alternative, ConfidenceOptions, Interval, Tails } from './arguments.js';
import { binomialPValue } from './binomial-test.js';

export interface ProportionAnalysis {
  readonly successes: number;
  readonly n: number;
  readonly estimate: number;
  /** √(p(1 − p)/n). */
  readonly standardError: number;
  readonly confidence: number;
  readonly alternative: Alternative;
  /** Score interval: close to the stated confidence for all sizes; the usual choice. */
  readonly wilson: Interval;
  /** Exact: covers with at least the stated confidence, and is therefore wide. R's `binom.test`. */
  readonly clopperPearson: Interval;
  readonly agrestiCoull: Interval;
  /** p ± z·SE, for comparison with older texts; poor near 0 and 1. */
  readonly wald: Interval;
  /** Exact test against `nullProportion`; null where none was given. */
  readonly test: { readonly nullProportion: number; readonly pValue: number } | null;
}

export interface ProportionOptions extends ConfidenceOptions {
  /** Proportion to test against, 0 to 1. */
  readonly nullProportion?: number;
}

/**
 * A proportion with its intervals and, against a given one, the exact binomial test.
 *
 * Wilson: E. B. Wilson, JASA 22 (1927) 209–212. Clopper–Pearson: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404–413, by
 * quantiles of the beta distribution. Agresti–Coull: A. Agresti and B. A. Coull, The American Statistician 52 (1998) 119–126, the
 * Wald interval after adding z²/2 successes and as many failures (cut at 0 and 1). Two-sided p-value: the probability of all outcomes no
 * more probable than the observed one.
 *
 * @throws StatisticsError `BAD_DATA` for counts that are none, `BAD_OPTION`
 */
export function proportion(successes: number, n: number, options: ProportionOptions = {}): ProportionAnalysis {
  assertCountOf(successes, n);
  const tails = tailsOf(options);
  const { nullProportion } = options;
  if (nullProportion !== undefined && !(nullProportion >= 0 && nullProportion <= 1)) {
    throw new StatisticsError('BAD_OPTION', `a proportion to test against lies from 0 to 1, not at ${nullProportion}`);
  }
  const estimate = successes / n;
  const standardError = Math.sqrt((estimate * (1 - estimate)) / n);
  return {
    successes,
    n,
    estimate,
    standardError,
    confidence: tails.confidence,
    alternative: tails.alternative,
    wilson: wilsonInterval(successes, n, tails),
    clopperPearson: clopperPearsonInterval(successes, n, tails),
    agrestiCoull: ends(tails, (z) => agrestiCoullEnd(successes, n, z)),
    wald: ends(tails, (z) => estimate + z * standardError),
    test: nullProportion === undefined ? null : { nullProportion, pValue: binomialPValue(successes, n, nullProportion, tails.alternative) },
  };
}

const within = (value: number): number => Math.min(1, Math.max(0, value));

function ends({ below, above }: Tails, endAt: (z: number) => number): Interval {
  return { lower: below === 0 ? 0 : within(endAt(-beyondZ(below))), upper: above === 0 ? 1 : within(endAt(beyondZ(above))) };
}

/** Of `successes` in `n`; the ends are exactly 0 and 1 where all or none succeeded. */
export function wilsonInterval(successes: number, n: number, tails: Tails): Interval {
  return ends(tails, (z) => {
    if ((successes === 0 && z < 0) || (successes === n && z > 0)) return successes / n;
    const p = successes / n;
    const square = (z * z) / n;
    return (p + square / 2 + z * Math.sqrt((p * (1 - p)) / n + square / (4 * n))) / (1 + square);
  });
}

/** Exact interval of a proportion with these tails: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934). */
export function clopperPearsonInterval(successes: number, n: number, { below, above }: Pick<Tails, 'below' | 'above'>): Interval {
  return {
    lower: below === 0 || successes === 0 ? 0 : betaQuantile(below, successes, n - successes + 1),
    upper: above === 0 || successes === n ? 1 : betaQuantile(1 - above, successes + 1, n - successes),
  };
}

function agrestiCoullEnd(successes: number, n: number, z: number): number {
  const size = n + z * z;
  const center = (successes + (z * z) / 2) / size;
  return center + z * Math.sqrt((center * (1 - center)) / size);
}
