import { StatisticsError } from '@touchstone/statistics';
import { isotonicBlocks } from './isotonic.js';
import { estimate } from './logistic-regression.js';
import { logistic } from '../log-odds.js';
import { ascending, assertScores, equalRuns, eventsOf } from './outcomes.js';
import type { Outcomes } from './outcomes.js';

/** p = 1/(1 + e^−(intercept + slope·score)). */
export interface PlattCalibrator {
  readonly kind: 'platt';
  readonly slope: number;
  readonly intercept: number;
}

/** Probabilities at ascending scores; in between on the straight line, beyond the ends constant. */
export interface IsotonicCalibrator {
  readonly kind: 'isotonic';
  readonly scores: readonly number[];
  readonly probabilities: readonly number[];
}

export type Calibrator = PlattCalibrator | IsotonicCalibrator;

/**
 * Platt's sigmoid, fitted to targets (N₊ + 1)/(N₊ + 2) and 1/(N₋ + 2) in place of 1 and 0, which keeps it finite also where the scores
 * separate the outcomes (J. Platt, Advances in Large Margin Classifiers (1999)). `smoothing: false` fits the outcomes themselves.
 * @throws StatisticsError `BAD_DATA` also where scores do not rise with the risk, `NOT_FINITE`, `NO_CONVERGENCE`
 */
export function plattCalibration(
  scores: ArrayLike<number>,
  outcomes: Outcomes,
  options: { readonly smoothing?: boolean } = {},
): PlattCalibrator {
  assertScores(scores, outcomes);
  const events = eventsOf(outcomes);
  const [low, high] = (options.smoothing ?? true) ? [1 / (outcomes.length - events + 2), (events + 1) / (events + 2)] : [0, 1];
  const targets = Float64Array.from({ length: outcomes.length }, (_, row) => (outcomes[row] === 1 ? high : low));
  const values = Float64Array.from(scores);
  if (values.every((score) => score === values[0]))
    throw new StatisticsError('BAD_DATA', 'all scores are the same; there is nothing to calibrate');
  const design = { rows: outcomes.length, features: [{ name: 'score', sign: 0 } as const], values };
  const { estimates } = estimate({ design, targets }, { l2: 0, l1: 0 });
  const [intercept, slope] = estimates;
  if (slope <= 0) throw new StatisticsError('BAD_DATA', 'the scores do not rise with the risk; turn their sign before calibrating');
  return { kind: 'platt', slope, intercept };
}

/**
 * Isotonic calibration: observed rates made non-decreasing in the score, equal scores pooled first (B. Zadrozny, C. Elkan, KDD 2002).
 * Needs more data than Platt's; below some hundred events its steps follow chance.
 * @throws StatisticsError `BAD_DATA`, `NOT_FINITE`
 */
export function isotonicCalibration(scores: ArrayLike<number>, outcomes: Outcomes): IsotonicCalibrator {
  assertScores(scores, outcomes);
  eventsOf(outcomes);
  const order = ascending(scores);
  const distinct: number[] = [];
  const rates: number[] = [];
  const weights: number[] = [];
  for (const { from, to } of equalRuns(scores, order)) {
    let events = 0;
    for (let at = from; at < to; at += 1) events += outcomes[order[at]];
    distinct.push(scores[order[from]]);
    rates.push(events / (to - from));
    weights.push(to - from);
  }
  const ends = isotonicBlocks(rates, weights).flatMap(({ from, to, value }) =>
    from === to
      ? [[from, value]]
      : [
          [from, value],
          [to, value],
        ],
  );
  return { kind: 'isotonic', scores: ends.map(([index]) => distinct[index]), probabilities: ends.map(([, value]) => value) };
}

/** The probability a score stands for. @throws StatisticsError `NOT_FINITE` */
export function calibrated(calibrator: Calibrator, score: number): number {
  if (!Number.isFinite(score)) throw new StatisticsError('NOT_FINITE', 'a score that is not a finite number');
  if (calibrator.kind === 'platt') return logistic(calibrator.intercept + calibrator.slope * score);
  const { scores, probabilities } = calibrator;
  let low = 0;
  let high = scores.length - 1;
  if (score <= scores[low]) return probabilities[low];
  if (score >= scores[high]) return probabilities[high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (scores[middle] <= score) low = middle;
    else high = middle;
  }
  const share = (score - scores[low]) / (scores[high] - scores[low]);
  const between = probabilities[low] + share * (probabilities[high] - probabilities[low]);
  // Rounding may lift the line over its end; the order of probabilities must not depend on it.
  return Math.min(probabilities[high], between);
}
