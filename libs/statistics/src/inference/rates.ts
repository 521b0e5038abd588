import { chiSquareCdf, chiSquareQuantile, logGamma, poissonCdf } from '../numerics/distributions.js';
import { StatisticsError } from '../statistics-error.js';
import { assertPositive, tailsOf } from './arguments.js';
import type { Alternative, ConfidenceOptions } from './arguments.js';
import { binomialPValue, exactPValue } from './binomial-test.js';
import { clopperPearsonInterval } from './proportions.js';

export interface RateAnalysis {
  readonly events: number;
  readonly exposure: number;
  /** Events for one unit of exposure. */
  readonly estimate: number;
  readonly standardError: number;
  readonly confidence: number;
  readonly alternative: Alternative;
  /** Exact (Garwood). No end above is null. */
  readonly interval: { readonly lower: number; readonly upper: number | null };
  readonly test: { readonly nullRate: number; readonly pValue: number } | null;
}

/**
 * A Poisson rate: events over exposure (hours, units, area), with the exact interval of F. Garwood, Biometrika 28 (1936) 437–442, by
 * quantiles of χ², and the exact test against a given rate (two-sided as in R's `poisson.test`).
 *
 * @throws StatisticsError `BAD_DATA` unless events are a whole number from 0 on, `BAD_OPTION` unless exposure is positive
 */
export function poissonRate(
  events: number,
  exposure: number,
  options: ConfidenceOptions & { readonly nullRate?: number } = {},
): RateAnalysis {
  assertEvents(events);
  assertPositive(exposure, 'an exposure');
  const tails = tailsOf(options);
  const { nullRate } = options;
  if (nullRate !== undefined) assertPositive(nullRate, 'a rate to test against');
  return {
    events,
    exposure,
    estimate: events / exposure,
    standardError: Math.sqrt(events) / exposure,
    confidence: tails.confidence,
    alternative: tails.alternative,
    interval: {
      lower: tails.below === 0 || events === 0 ? 0 : chiSquareQuantile(tails.below, 2 * events) / 2 / exposure,
      upper: tails.above === 0 ? null : chiSquareQuantile(1 - tails.above, 2 * events + 2) / 2 / exposure,
    },
    test: nullRate === undefined ? null : { nullRate, pValue: poissonPValue(events, nullRate * exposure, tails.alternative) },
  };
}

function poissonPValue(events: number, expected: number, alternative: Alternative): number {
  return exactPValue(events, Infinity, expected, alternative, {
    density: (outcome) => Math.exp(outcome * Math.log(expected) - expected - logGamma(outcome + 1)),
    atMost: (outcome) => poissonCdf(outcome, expected),
    atLeast: (outcome) => chiSquareCdf(2 * expected, 2 * outcome),
  });
}

export interface RateComparison {
  readonly first: { readonly events: number; readonly exposure: number; readonly estimate: number };
  readonly second: { readonly events: number; readonly exposure: number; readonly estimate: number };
  readonly confidence: number;
  readonly alternative: Alternative;
  /** First rate over second; null where the second has no events. An end that does not exist is null. */
  readonly ratio: { readonly estimate: number | null; readonly lower: number; readonly upper: number | null };
  readonly nullRatio: number;
  readonly pValue: number;
}

/**
 * Two Poisson rates. Given all events together, those of the first are binomial: test and interval of the ratio are exact
 * (J. Przyborowski and H. Wilenski, Biometrika 31 (1940) 313–323; R's `poisson.test` of two counts).
 *
 * @throws StatisticsError `BAD_DATA` unless events are whole numbers from 0 on and not both 0, `BAD_OPTION`
 */
export function compareRates(
  events1: number,
  exposure1: number,
  events2: number,
  exposure2: number,
  options: ConfidenceOptions & { /** Default 1. */ readonly nullRatio?: number } = {},
): RateComparison {
  assertEvents(events1);
  assertEvents(events2);
  assertPositive(exposure1, 'an exposure');
  assertPositive(exposure2, 'an exposure');
  const { nullRatio = 1 } = options;
  assertPositive(nullRatio, 'a ratio to test against');
  const total = events1 + events2;
  if (total === 0) throw new StatisticsError('BAD_DATA', 'without any event nothing can be said about a ratio of rates');
  const tails = tailsOf(options);
  const share = clopperPearsonInterval(events1, total, tails);
  const ratioAt = (p: number): number => ((p / (1 - p)) * exposure2) / exposure1;
  return {
    first: { events: events1, exposure: exposure1, estimate: events1 / exposure1 },
    second: { events: events2, exposure: exposure2, estimate: events2 / exposure2 },
    confidence: tails.confidence,
    alternative: tails.alternative,
    ratio: {
      estimate: events2 === 0 ? null : events1 / exposure1 / (events2 / exposure2),
      lower: ratioAt(share.lower),
      upper: share.upper === 1 ? null : ratioAt(share.upper),
    },
    nullRatio,
    pValue: binomialPValue(events1, total, (exposure1 * nullRatio) / (exposure1 * nullRatio + exposure2), tails.alternative),
  };
}

function assertEvents(events: number): void {
  if (!Number.isSafeInteger(events) || events < 0)
    throw new StatisticsError('BAD_DATA', `events are a whole number from 0 on, not ${events}`);
}
