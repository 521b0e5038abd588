import { StatisticsError } from '@touchstone/statistics';
import { normalTwoSided } from '@touchstone/statistics/distributions';
import { answersOn, reliabilityOf } from './answers.js';
import type { Answers, Reliability } from './answers.js';
import { netScoreBounds } from './net-score-interval.js';
import { differenceBounds, zOf } from './proportions.js';
import type { Bounds } from './proportions.js';

/**
 * `wald`: score ± z·√((p + d − (p − d)²)/n). `adjusted-wald`: the same with ¾ added to promoters and detractors each and 3 to n.
 * `score`: the scores a test with the variance under each of them would not reject (Tango), for any n.
 */
export type NpsInterval = 'wald' | 'adjusted-wald' | 'score';

export interface NpsOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Which interval `lower` and `upper` are. Default `wald` from `minimumAnswers`, below it `score`. */
  readonly interval?: NpsInterval;
  /** Default 30. */
  readonly minimumAnswers?: number;
}

/** Answers of 9 and 10, of 7 and 8, and of 0 to 6. */
export interface NpsCounts {
  readonly promoters: number;
  readonly passives: number;
  readonly detractors: number;
}

/** All scores and bounds in points, −100 to 100. */
export interface NetPromoterScore extends NpsCounts {
  readonly score: number;
  /** √((p + d − (p − d)²)/n). */
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
  readonly interval: NpsInterval;
  readonly intervals: Readonly<Record<NpsInterval, Bounds>>;
  readonly confidence: number;
  readonly n: number;
  readonly unanswered: number;
  readonly reliability: Reliability;
}

/**
 * Net promoter score of answers from 0 to 10 to "how likely are you to recommend us" (F. F. Reichheld, Harvard Business Review, December 2003).
 * @throws StatisticsError `BAD_DATA` for an answer off the scale, naming its row; `TOO_FEW_POINTS`, `BAD_OPTION`
 */
export function netPromoterScore(answers: Answers, options: NpsOptions = {}): NetPromoterScore {
  const { given, unanswered } = answersOn({ lowest: 0, highest: 10 }, answers);
  const promoters = given.filter((answer) => answer >= 9).length;
  const detractors = given.filter((answer) => answer <= 6).length;
  return { ...netPromoterScoreOf({ promoters, passives: given.length - promoters - detractors, detractors }, options), unanswered };
}

/**
 * The same from counts.
 *
 * Intervals: B. Rocks, Interval Estimation for the "Net Promoter Score", The American Statistician 70 (2016), for the adjusted one;
 * T. Tango, Statistics in Medicine 17 (1998) 891, whose difference of paired proportions is a net score.
 * @throws StatisticsError `BAD_DATA`, `TOO_FEW_POINTS`, `BAD_OPTION`
 */
export function netPromoterScoreOf(counts: NpsCounts, options: NpsOptions = {}): NetPromoterScore {
  const { promoters, passives, detractors } = counts;
  for (const [name, count] of Object.entries({ promoters, passives, detractors })) {
    if (!(Number.isInteger(count) && count >= 0)) throw new StatisticsError('BAD_DATA', `${count} ${name} is not a whole number from 0`);
  }
  const n = promoters + passives + detractors;
  if (n === 0) throw new StatisticsError('TOO_FEW_POINTS', 'no answers were given');
  const { confidence = 0.95 } = options;
  const z = zOf(confidence);
  const reliability = reliabilityOf(n, options.minimumAnswers);
  const interval = options.interval ?? (reliability.sufficient ? 'wald' : 'score');
  const points = ({ lower, upper }: Bounds): Bounds => ({ lower: Math.max(-100, 100 * lower), upper: Math.min(100, 100 * upper) });
  const intervals = {
    wald: points(waldBounds(promoters, detractors, n, z)),
    'adjusted-wald': points(waldBounds(promoters + 0.75, detractors + 0.75, n + 3, z)),
    score: points(netScoreBounds(promoters, detractors, n, z)),
  };
  return {
    score: (100 * (promoters - detractors)) / n,
    standardError: 100 * netError(promoters, detractors, n),
    ...intervals[interval],
    interval,
    intervals,
    confidence,
    n,
    unanswered: 0,
    promoters,
    passives,
    detractors,
    reliability,
  };
}

function netError(promoters: number, detractors: number, n: number): number {
  const net = (promoters - detractors) / n;
  return Math.sqrt(Math.max(0, (promoters + detractors) / n - net * net) / n);
}

function waldBounds(promoters: number, detractors: number, n: number, z: number): Bounds {
  const net = (promoters - detractors) / n;
  const margin = z * netError(promoters, detractors, n);
  return { lower: net - margin, upper: net + margin };
}

/** How a score moved from one period to the next; its own units. */
export interface PeriodDifference {
  /** Later less earlier. */
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  /** Whether the interval leaves out zero. */
  readonly changed: boolean;
  readonly standardError: number;
  /** Against no change; null where neither period has any spread, and so no test. */
  readonly pValue: number | null;
  readonly confidence: number;
  /** Of the smaller period. */
  readonly reliability: Reliability;
}

/**
 * Change of the net promoter score between two periods with different customers, in points. The interval is Wald's where both periods have
 * the minimum of answers, else put together from the two score intervals; `interval` asks for one (`adjusted-wald` adjusts both periods).
 * @throws StatisticsError as `netPromoterScore`; the message says which period
 */
export function npsDifference(earlier: Answers, later: Answers, options: NpsOptions = {}): PeriodDifference {
  const [before, after] = eachPeriod([earlier, later], (answers) => netPromoterScore(answers, options));
  const { confidence } = before;
  const reliability = before.n <= after.n ? before.reliability : after.reliability;
  const interval = options.interval ?? (reliability.sufficient ? 'wald' : 'score');
  const standardError = Math.hypot(before.standardError, after.standardError);
  const estimate = after.score - before.score;
  const bounds =
    interval === 'score'
      ? differenceBounds({ estimate: before.score, ...before.intervals.score }, { estimate: after.score, ...after.intervals.score })
      : waldDifference(before, after, interval === 'wald' ? 0 : 0.75, zOf(confidence));
  const pValue = standardError === 0 ? null : normalTwoSided(estimate / standardError);
  return { estimate, ...bounds, changed: bounds.lower > 0 || bounds.upper < 0, standardError, pValue, confidence, reliability };
}

/** In points; `added` goes to promoters and detractors of both periods, and four times as much to their sizes. */
function waldDifference(before: NetPromoterScore, after: NetPromoterScore, added: number, z: number): Bounds {
  const [one, other] = [before, after].map(({ promoters, detractors, n }) => ({
    net: (promoters - detractors) / (n + 4 * added),
    error: netError(promoters + added, detractors + added, n + 4 * added),
  }));
  const margin = z * Math.hypot(one.error, other.error);
  return { lower: 100 * (other.net - one.net - margin), upper: 100 * (other.net - one.net + margin) };
}

/** Runs both periods, saying which one a refusal is about. */
export function eachPeriod<Result>(periods: readonly [Answers, Answers], measure: (answers: Answers) => Result): [Result, Result] {
  const run = (answers: Answers, name: string): Result => {
    try {
      return measure(answers);
    } catch (error) {
      if (error instanceof StatisticsError && error.code !== 'BAD_OPTION')
        throw new StatisticsError(error.code, `${name} period: ${error.message}`);
      throw error;
    }
  };
  return [run(periods[0], 'earlier'), run(periods[1], 'later')];
}
