import { StatisticsError, sumOf } from '@touchstone/statistics';
import { normalQuantile, normalTwoSided } from '@touchstone/statistics/distributions';
import { assertConfidence } from '../confidence.js';
import { logistic } from '../log-odds.js';
import { ascending, assertScores, equalRuns, eventsOf } from './outcomes.js';
import type { Outcomes } from './outcomes.js';

export interface AucOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** `wald` (default, cut to 0 to 1), or `logit`: symmetric in the log-odds of the area, never outside 0 to 1. */
  readonly interval?: 'wald' | 'logit';
}

/** Area under the ROC curve: probability that an event scores above a non-event, ties counting half. */
export interface Auc {
  readonly estimate: number;
  /** 2·AUC − 1. */
  readonly gini: number;
  /** DeLong's. null with fewer than two events or non-events. */
  readonly standardError: number | null;
  /** null where there is no standard error, or where the area is exactly 0 or 1 and says nothing of its own uncertainty. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly confidence: number;
  readonly n: number;
  readonly events: number;
}

/**
 * AUC by the Mann–Whitney statistic with midranks, and DeLong's interval (E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson, Biometrics 44 (1988),
 * in the O(n log n) form of X. Sun, W. Xu, IEEE Signal Processing Letters 21 (2014)).
 * @param scores higher means riskier, on any scale
 * @throws StatisticsError `BAD_DATA`, `NOT_FINITE`, `BAD_OPTION`
 */
export function auc(scores: ArrayLike<number>, outcomes: Outcomes, options: AucOptions = {}): Auc {
  const confidence = assertConfidence(options.confidence ?? 0.95);
  const { ofEvents, ofOthers } = placements(scores, outcomes);
  const estimate = sumOf(ofEvents) / ofEvents.length;
  const standardError = errorOf(ofEvents, ofOthers);
  const known = standardError === null || estimate === 0 || estimate === 1 ? null : standardError;
  const [lower, upper] =
    known === null ? [null, null] : bounds(estimate, known * normalQuantile(0.5 + confidence / 2), options.interval ?? 'wald');
  const n = outcomes.length;
  return { estimate, gini: 2 * estimate - 1, standardError, lower, upper, confidence, n, events: ofEvents.length };
}

/** Two scores of the same customers compared. */
export interface AucDifference {
  /** First less second area. */
  readonly estimate: number;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
  readonly z: number;
  readonly pValue: number;
  readonly confidence: number;
}

/** DeLong's test for two areas over the same rows. @throws StatisticsError `BAD_DATA`, `NOT_FINITE`, `TOO_FEW_POINTS` below two events and two non-events */
export function aucDifference(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  outcomes: Outcomes,
  options: Pick<AucOptions, 'confidence'> = {},
): AucDifference {
  const confidence = assertConfidence(options.confidence ?? 0.95);
  const one = placements(first, outcomes);
  const other = placements(second, outcomes);
  const ofEvents = one.ofEvents.map((value, index) => value - other.ofEvents[index]);
  const estimate = sumOf(ofEvents) / ofEvents.length;
  const standardError = errorOf(
    ofEvents,
    one.ofOthers.map((value, index) => value - other.ofOthers[index]),
  );
  if (standardError === null) throw new StatisticsError('TOO_FEW_POINTS', 'a comparison needs at least two events and two non-events');
  if (standardError === 0 && estimate !== 0)
    throw new StatisticsError('BAD_DATA', 'the areas differ without any spread; there is no test for that');
  const z = standardError === 0 ? 0 : estimate / standardError;
  const margin = standardError * normalQuantile(0.5 + confidence / 2);
  return { estimate, standardError, lower: estimate - margin, upper: estimate + margin, z, pValue: normalTwoSided(z), confidence };
}

/** Share of non-events below each event, and of events above each non-event, ties half. */
function placements(scores: ArrayLike<number>, outcomes: Outcomes): { ofEvents: Float64Array; ofOthers: Float64Array } {
  assertScores(scores, outcomes);
  const events = eventsOf(outcomes);
  const others = outcomes.length - events;
  const ofEvents = new Float64Array(events);
  const ofOthers = new Float64Array(others);
  const order = ascending(scores);
  const position = new Int32Array(outcomes.length);
  for (let row = 0, event = 0, other = 0; row < outcomes.length; row += 1) position[row] = outcomes[row] === 1 ? event++ : other++;
  let eventsBelow = 0;
  let othersBelow = 0;
  for (const { from, to } of equalRuns(scores, order)) {
    let eventsHere = 0;
    for (let at = from; at < to; at += 1) eventsHere += outcomes[order[at]];
    const othersHere = to - from - eventsHere;
    for (let at = from; at < to; at += 1) {
      const row = order[at];
      if (outcomes[row] === 1) ofEvents[position[row]] = (othersBelow + othersHere / 2) / others;
      else ofOthers[position[row]] = (events - eventsBelow - eventsHere / 2) / events;
    }
    eventsBelow += eventsHere;
    othersBelow += othersHere;
  }
  return { ofEvents, ofOthers };
}

function errorOf(ofEvents: Float64Array, ofOthers: Float64Array): number | null {
  if (ofEvents.length < 2 || ofOthers.length < 2) return null;
  return Math.sqrt(variance(ofEvents) / ofEvents.length + variance(ofOthers) / ofOthers.length);
}

function variance(values: Float64Array): number {
  const center = sumOf(values) / values.length;
  return sumOf(values.map((value) => (value - center) ** 2)) / (values.length - 1);
}

function bounds(estimate: number, margin: number, interval: 'wald' | 'logit'): [number, number] {
  if (interval === 'wald') return [Math.max(0, estimate - margin), Math.min(1, estimate + margin)];
  const logit = Math.log(estimate / (1 - estimate));
  const wide = margin / (estimate * (1 - estimate));
  return [logistic(logit - wide), logistic(logit + wide)];
}

/**
 * Average precision: Σ (recall − recall before)·precision over the thresholds, without interpolation.
 * @throws StatisticsError `BAD_DATA`, `NOT_FINITE`
 */
export function averagePrecision(scores: ArrayLike<number>, outcomes: Outcomes): number {
  assertScores(scores, outcomes);
  const events = eventsOf(outcomes);
  const order = ascending(scores).reverse();
  const terms: number[] = [];
  let found = 0;
  for (const { from, to } of equalRuns(scores, order)) {
    const before = found;
    for (let at = from; at < to; at += 1) found += outcomes[order[at]];
    terms.push(((found - before) / events) * (found / to));
  }
  return sumOf(terms);
}
