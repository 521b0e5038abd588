import { logGamma } from '../numerics/distributions.js';
import { sumOf } from '../numerics/summation.js';
import { StatisticsError } from '../statistics-error.js';
import { tailsOf } from './arguments.js';
import type { ConfidenceOptions } from './arguments.js';
import { AS_PROBABLE } from './binomial-test.js';

export interface FisherExact {
  readonly pValue: number;
  /** Conditional maximum likelihood estimate and exact interval; null stands for infinite. */
  readonly oddsRatio: { readonly estimate: number | null; readonly lower: number; readonly upper: number | null };
}

/** Beyond e^±this an odds ratio counts as infinite or zero. */
const LARGEST_LOG_ODDS = 700;

/**
 * Fisher's exact test of a table of two rows and two columns [[a, b], [c, d]], given its margins; as R's `fisher.test`. Two-sided: the
 * probability of all tables no more probable than the observed one. The odds ratio is the conditional estimate, which is not ad/bc.
 * Source: R. A. Fisher, The Design of Experiments (1935), section 7; A. Agresti, Categorical Data Analysis, section 3.5.
 *
 * @throws StatisticsError `BAD_DATA` unless all four are whole numbers from 0 on and the table is not empty, `BAD_OPTION`
 */
export function fisherExact(a: number, b: number, c: number, d: number, options: ConfidenceOptions = {}): FisherExact {
  if (![a, b, c, d].every((count) => Number.isSafeInteger(count) && count >= 0) || a + b + c + d === 0) {
    throw new StatisticsError('BAD_DATA', 'the cells of a table are whole numbers from 0 on, not all 0');
  }
  const tails = tailsOf(options);
  const first = Math.max(0, a - d);
  const outcomes = Math.min(a + b, a + c) - first + 1;
  const logs = Array.from({ length: outcomes }, (_, index) => {
    const x = first + index;
    return -logGamma(x + 1) - logGamma(a + b - x + 1) - logGamma(a + c - x + 1) - logGamma(d - a + x + 1);
  });
  const observed = a - first;
  const probabilities = probabilitiesAt(logs, 0);
  const atMost = (of: readonly number[]): number => sumOf(of.slice(0, observed + 1));
  const atLeast = (of: readonly number[]): number => sumOf(of.slice(observed));
  const asExtreme = sumOf(probabilities.filter((probability) => probability <= probabilities[observed] * AS_PROBABLE));
  const pValues = { 'two-sided': asExtreme, less: atMost(probabilities), greater: atLeast(probabilities) };
  const oddsWhere = (holds: (of: readonly number[]) => boolean): number =>
    Math.exp(logOddsWhere((theta) => holds(probabilitiesAt(logs, theta))));
  const isLowest = observed === 0;
  const isHighest = observed === outcomes - 1;
  return {
    pValue: Math.min(1, pValues[tails.alternative]),
    oddsRatio: {
      estimate:
        isLowest && isHighest
          ? null
          : isLowest
            ? 0
            : isHighest
              ? null
              : oddsWhere((of) => sumOf(of.map((p, index) => p * index)) >= observed),
      lower: isLowest || tails.below === 0 ? 0 : oddsWhere((of) => atLeast(of) >= tails.below),
      upper: isHighest || tails.above === 0 ? null : oddsWhere((of) => atMost(of) <= tails.above),
    },
  };
}

/** Of the outcomes in order when the log of the odds ratio is `theta` (noncentral hypergeometric). */
function probabilitiesAt(logs: readonly number[], theta: number): number[] {
  const tilted = logs.map((log, index) => log + theta * index);
  const largest = tilted.reduce((most, log) => Math.max(most, log), -Infinity);
  const weights = tilted.map((log) => Math.exp(log - largest));
  const total = sumOf(weights);
  return weights.map((weight) => weight / total);
}

/** Where what grows with `theta` begins to hold, by bisection to the last digits. */
function logOddsWhere(holds: (theta: number) => boolean): number {
  let [low, high] = [-LARGEST_LOG_ODDS, LARGEST_LOG_ODDS];
  for (let step = 0; step < 70; step += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}
