import { StatisticsError } from '@touchstone/statistics';
import type { SurvivalCurve, SurvivalPoint } from './kaplan-meier.js';
import { normalFactor } from './survival-interval.js';
import { assertShare } from './survival-observations.js';

/** The time by which a share `probability` had the event; null where the curve, or its bound, does not fall that far. */
export interface SurvivalQuantile {
  readonly probability: number;
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Rounding in a product of fractions, so that a curve that is at one half by arithmetic is taken as at one half. */
const LEVEL = Math.sqrt(Number.EPSILON);

/**
 * Quantiles of the time to the event, each with the interval of R. Brookmeyer and J. Crowley, Biometrics 38 (1982): where the
 * bounds of the curve cross the level. If the curve is exactly at the level for a while, the middle of that while, as R does.
 * @throws StatisticsError `BAD_OPTION`
 */
export function survivalQuantiles(curve: SurvivalCurve, probabilities: readonly number[]): SurvivalQuantile[] {
  return probabilities.map((probability) => quantileOf(curve.points, assertShare('a probability', probability)));
}

export function quantileOf(points: readonly SurvivalPoint[], probability: number): SurvivalQuantile {
  const level = 1 - probability;
  return {
    probability,
    estimate: crossing(points, level, (point) => point.survival),
    lower: crossing(points, level, (point) => point.lower),
    upper: crossing(points, level, (point) => point.upper),
  };
}

function crossing(points: readonly SurvivalPoint[], level: number, heightOf: (point: SurvivalPoint) => number | null): number | null {
  let flat: SurvivalPoint | null = null;
  for (const point of points) {
    const height = heightOf(point);
    if (height === null) continue;
    if (height < level - LEVEL) return flat === null ? point.time : (flat.time + point.time) / 2;
    if (flat === null && height < level + LEVEL) flat = point;
  }
  return flat?.time ?? null;
}

/** The curve as it stands at a time. */
export interface SurvivalAt {
  readonly time: number;
  /** Still under observation just before that time and later. */
  readonly atRisk: number;
  readonly survival: number | null;
  readonly standardError: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** The curve at given times. After the last observation it is unknown, so null, unless nobody is left without the event. @throws StatisticsError `NOT_FINITE` */
export function survivalAt(curve: SurvivalCurve, times: readonly number[]): SurvivalAt[] {
  const { points } = curve;
  return times.map((time) => {
    if (!Number.isFinite(time)) throw new StatisticsError('NOT_FINITE', 'a time to read the curve at is not a finite number');
    const next = firstAfter(points, time);
    const here = next === 0 ? null : points[next - 1];
    const atRisk = here !== null && here.time === time ? here.atRisk : (points[next]?.atRisk ?? 0);
    if (here === null) return { time, atRisk, survival: 1, standardError: 0, lower: 1, upper: 1 };
    const isKnown = next < points.length || here.time === time || here.survival === 0;
    if (!isKnown) return { time, atRisk, survival: null, standardError: null, lower: null, upper: null };
    const { survival, standardError, lower, upper } = here;
    return { time, atRisk, survival, standardError, lower, upper };
  });
}

function firstAfter(points: readonly SurvivalPoint[], time: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].time <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Mean time without the event up to `horizon`. */
export interface RestrictedMean {
  readonly horizon: number;
  readonly estimate: number;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * The area under the curve from 0 (or the first time, if that is negative) to the horizon, by default the last time.
 * Variance Σ A²·d/(n(n − d)) with A the area from an event to the horizon: J. P. Klein and M. L. Moeschberger, Survival
 * Analysis, 4.5; as in R, without the factor m/(m − 1).
 * @throws StatisticsError `BAD_OPTION` for a horizon nobody was observed to, as the curve is not known there
 */
export function restrictedMean(curve: SurvivalCurve, horizon?: number): RestrictedMean {
  const { points } = curve;
  const last = points[points.length - 1];
  const until = horizon ?? last.time;
  const start = Math.min(0, points[0].time);
  if (!(until >= start) || (until > last.time && last.survival > 0) || until === Infinity) {
    throw new StatisticsError('BAD_OPTION', `the horizon lies between ${start} and ${last.time}, the last observed time`);
  }
  let area = 0;
  let variance = 0;
  let to = until;
  for (let index = points.length - 1; index >= 0; index -= 1) {
    const { time, survival, events, atRisk } = points[index];
    if (time >= until) continue;
    area += survival * (to - time);
    to = time;
    if (atRisk > events) variance += (area * area * events) / (atRisk * (atRisk - events));
  }
  const estimate = area + (to - start);
  const standardError = Math.sqrt(variance);
  const width = normalFactor(curve.confidence) * standardError;
  return { horizon: until, estimate, standardError, lower: estimate - width, upper: estimate + width };
}
