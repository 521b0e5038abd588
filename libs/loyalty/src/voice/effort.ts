import { mean, standardDeviation } from '@touchstone/statistics';
import { tQuantile, tTwoSided } from '@touchstone/statistics/distributions';
import { answersOn, reliabilityOf } from './answers.js';
import type { Answers, Reliability, Scale } from './answers.js';
import { eachPeriod } from './net-promoter.js';
import type { PeriodDifference } from './net-promoter.js';
import { shareBounds, zOf } from './proportions.js';
import type { ShareMethod } from './proportions.js';
import { assertTopBoxes } from './satisfaction.js';

export interface EffortOptions {
  /** Default 1 to 7. */
  readonly scale?: Scale;
  /** Which end means little effort. Default `high` ("the company made it easy": 7 agrees most). */
  readonly easyEnd?: 'high' | 'low';
  /** How many of the best answers count as easy. Default 3. */
  readonly topBoxes?: number;
  /** Default 0.95. */
  readonly confidence?: number;
  /** Of the share. Default `wilson`. */
  readonly interval?: ShareMethod;
  /** Default 30. */
  readonly minimumAnswers?: number;
}

/** Customer effort score. */
export interface Effort {
  /** In steps of the scale. */
  readonly mean: number;
  /** Divisor n − 1; null for a single answer. */
  readonly standardDeviation: number | null;
  readonly standardError: number | null;
  /** Student's t interval of the mean, cut to the scale; null for a single answer, and where all answers are the same and show no spread. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Share of easy answers. */
  readonly easy: {
    readonly count: number;
    readonly share: number;
    readonly lower: number;
    readonly upper: number;
    readonly interval: ShareMethod;
  };
  readonly confidence: number;
  readonly n: number;
  readonly unanswered: number;
  readonly reliability: Reliability;
}

/** @throws StatisticsError `BAD_DATA` for an answer off the scale, naming its row; `TOO_FEW_POINTS`, `BAD_OPTION` */
export function effort(answers: Answers, options: EffortOptions = {}): Effort {
  const { scale = { lowest: 1, highest: 7 }, easyEnd = 'high', topBoxes = 3, confidence = 0.95, interval = 'wilson' } = options;
  zOf(confidence);
  const { given, unanswered } = answersOn(scale, answers);
  assertTopBoxes(scale, topBoxes);
  const n = given.length;
  const center = mean(given);
  const deviation = n < 2 ? null : standardDeviation(given);
  const standardError = deviation === null ? null : deviation / Math.sqrt(n);
  const margin = standardError === null || standardError === 0 ? null : tQuantile(0.5 + confidence / 2, n - 1) * standardError;
  const easy = given.filter((answer) => (easyEnd === 'high' ? answer > scale.highest - topBoxes : answer < scale.lowest + topBoxes)).length;
  return {
    mean: center,
    standardDeviation: deviation,
    standardError,
    lower: margin === null ? null : Math.max(scale.lowest, center - margin),
    upper: margin === null ? null : Math.min(scale.highest, center + margin),
    easy: { count: easy, share: easy / n, ...shareBounds(easy, n, confidence, interval), interval },
    confidence,
    n,
    unanswered,
    reliability: reliabilityOf(n, options.minimumAnswers),
  };
}

/** Change of the mean, in steps of the scale; interval and p-value by Welch's t, null where neither period has any spread. */
export type EffortDifference = Omit<PeriodDifference, 'lower' | 'upper' | 'changed' | 'standardError'> & {
  readonly lower: number | null;
  readonly upper: number | null;
  readonly changed: boolean | null;
  readonly standardError: number | null;
  readonly df: number | null;
};

/**
 * Change of the mean between two periods with different customers (B. L. Welch, Biometrika 34 (1947)).
 * @throws StatisticsError as `effort`; the message says which period
 */
export function effortDifference(earlier: Answers, later: Answers, options: EffortOptions = {}): EffortDifference {
  const [before, after] = eachPeriod([earlier, later], (answers) => effort(answers, options));
  const estimate = after.mean - before.mean;
  const { confidence } = before;
  const reliability = before.n <= after.n ? before.reliability : after.reliability;
  const nothing = {
    estimate,
    lower: null,
    upper: null,
    changed: null,
    standardError: null,
    df: null,
    pValue: null,
    confidence,
    reliability,
  };
  if (before.standardError === null || after.standardError === null) return nothing;
  const standardError = Math.hypot(before.standardError, after.standardError);
  if (standardError === 0) return { ...nothing, standardError };
  const df = fourth(standardError) / (fourth(before.standardError) / (before.n - 1) + fourth(after.standardError) / (after.n - 1));
  const margin = tQuantile(0.5 + confidence / 2, df) * standardError;
  const [lower, upper] = [estimate - margin, estimate + margin];
  return { ...nothing, lower, upper, changed: lower > 0 || upper < 0, standardError, df, pValue: tTwoSided(estimate / standardError, df) };
}

const fourth = (x: number): number => (x * x) ** 2;
