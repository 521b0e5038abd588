import { power } from '@touchstone/statistics';
import { StatisticsError } from '@touchstone/statistics';
import { normalQuantile } from '@touchstone/statistics/distributions';
import { assertShare } from './survival-observations.js';

/**
 * The scale on which a survival probability S is taken as normal for its interval: S itself, log S, log(−log S), the logit of
 * S, or arcsin √S. The names and definitions are those of `survfit` in the R package survival.
 */
export type IntervalScale = 'plain' | 'log' | 'log-log' | 'logit' | 'arcsin';

export interface Bounds {
  readonly lower: number | null;
  readonly upper: number | null;
}

export type BoundsOf = (survival: number, relativeError: number) => Bounds;

const unknown: Bounds = { lower: null, upper: null };

/** Two-sided normal factor: 1.96 for 0.95. @throws StatisticsError `BAD_OPTION` */
export const normalFactor = (confidence: number): number => normalQuantile(0.5 + assertShare('confidence', confidence) / 2);

/**
 * Interval of a survival probability from its relative standard error (that of log S). Before the first event the interval is
 * 1 to 1; where S is 0 there is none. Bounds never leave 0 to 1.
 * @throws StatisticsError `BAD_OPTION`
 */
export function boundsOn(scale: IntervalScale, confidence: number): BoundsOf {
  const z = normalFactor(confidence);
  const ends = ENDS[scale];
  if (ends === undefined) throw new StatisticsError('BAD_OPTION', 'interval is plain, log, log-log, logit or arcsin');
  return (survival, relativeError) => {
    if (survival === 1) return { lower: 1, upper: 1 };
    if (survival <= 0 || !Number.isFinite(relativeError)) return unknown;
    const [lower, upper] = ends(survival, z * relativeError);
    return { lower: Math.max(0, lower), upper: Math.min(1, upper) };
  };
}

const ENDS: Readonly<Record<IntervalScale, (s: number, width: number) => readonly [number, number]>> = {
  plain: (s, width) => [s - s * width, s + s * width],
  log: (s, width) => [s * Math.exp(-width), s * Math.exp(width)],
  'log-log': (s, width) => [power(s, Math.exp(-width / Math.log(s))), power(s, Math.exp(width / Math.log(s)))],
  logit: (s, width) => {
    const odds = s / (1 - s);
    const factor = Math.exp(width * (1 + odds));
    return [odds / (odds + factor), (odds * factor) / (1 + odds * factor)];
  },
  arcsin: (s, width) => {
    const angle = Math.asin(Math.sqrt(s));
    const half = 0.5 * width * Math.sqrt(s / (1 - s));
    return [Math.sin(Math.max(0, angle - half)) ** 2, Math.sin(Math.min(Math.PI / 2, angle + half)) ** 2];
  },
};
