import { StatisticsError } from '@touchstone/statistics';
import { normalTwoSided } from '@touchstone/statistics/distributions';
import { answersOn, reliabilityOf } from './answers.js';
import type { Answers, Reliability, Scale } from './answers.js';
import { eachPeriod } from './net-promoter.js';
import type { PeriodDifference } from './net-promoter.js';
import { differenceBounds, shareBounds } from './proportions.js';
import type { ShareMethod } from './proportions.js';

export interface SatisfactionOptions {
  /** Default 1 to 5. */
  readonly scale?: Scale;
  /** How many of the best answers count as satisfied. Default 2. */
  readonly topBoxes?: number;
  /** Default 0.95. */
  readonly confidence?: number;
  /** Default `wilson`. */
  readonly interval?: ShareMethod;
  /** Default 30. */
  readonly minimumAnswers?: number;
}

/** Customer satisfaction score: share of satisfied answers, 0 to 1. */
export interface Satisfaction {
  readonly share: number;
  readonly lower: number;
  readonly upper: number;
  readonly interval: ShareMethod;
  readonly satisfied: number;
  readonly confidence: number;
  readonly n: number;
  readonly unanswered: number;
  readonly reliability: Reliability;
}

/** @throws StatisticsError `BAD_DATA` for an answer off the scale, naming its row; `TOO_FEW_POINTS`, `BAD_OPTION` */
export function satisfaction(answers: Answers, options: SatisfactionOptions = {}): Satisfaction {
  const { scale = { lowest: 1, highest: 5 }, topBoxes = 2, confidence = 0.95, interval = 'wilson' } = options;
  const { given, unanswered } = answersOn(scale, answers);
  assertTopBoxes(scale, topBoxes);
  const n = given.length;
  const satisfied = given.filter((answer) => answer > scale.highest - topBoxes).length;
  const bounds = shareBounds(satisfied, n, confidence, interval);
  const reliability = reliabilityOf(n, options.minimumAnswers);
  return { share: satisfied / n, ...bounds, interval, satisfied, confidence, n, unanswered, reliability };
}

/**
 * Change of the share between two periods with different customers: Newcombe's interval from the two shares' own; p-value of the
 * pooled two-proportion z test.
 * @throws StatisticsError as `satisfaction`; the message says which period
 */
export function satisfactionDifference(earlier: Answers, later: Answers, options: SatisfactionOptions = {}): PeriodDifference {
  const [before, after] = eachPeriod([earlier, later], (answers) => satisfaction(answers, options));
  const estimate = after.share - before.share;
  const bounds = differenceBounds({ ...before, estimate: before.share }, { ...after, estimate: after.share });
  const variance = ({ share, n }: Satisfaction): number => (share * (1 - share)) / n;
  const pooled = (before.satisfied + after.satisfied) / (before.n + after.n);
  const underNoChange = Math.sqrt(pooled * (1 - pooled) * (1 / before.n + 1 / after.n));
  return {
    estimate,
    ...bounds,
    changed: bounds.lower > 0 || bounds.upper < 0,
    standardError: Math.sqrt(variance(before) + variance(after)),
    pValue: underNoChange === 0 ? null : normalTwoSided(estimate / underNoChange),
    confidence: before.confidence,
    reliability: before.n <= after.n ? before.reliability : after.reliability,
  };
}

/** @throws StatisticsError `BAD_OPTION` where all or none of the answers would be top boxes */
export function assertTopBoxes({ lowest, highest }: Scale, topBoxes: number): void {
  const most = highest - lowest;
  if (!(Number.isInteger(topBoxes) && topBoxes >= 1 && topBoxes <= most)) {
    throw new StatisticsError(
      'BAD_OPTION',
      `${topBoxes} top boxes on a scale from ${lowest} to ${highest}; give a whole number from 1 to ${most}`,
    );
  }
}
