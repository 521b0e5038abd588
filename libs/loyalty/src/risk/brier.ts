import { sumOf } from '@touchstone/statistics';
import { groupsOf } from './forecast-groups.js';
import { assertProbabilities, eventsOf } from './outcomes.js';
import type { Outcomes } from './outcomes.js';

/**
 * Mean squared difference of probability and outcome, and what it consists of:
 * `score = reliability − resolution + uncertainty + withinGroupVariance − withinGroupCovariance`.
 * Grouped by equal forecasts the last two are zero (A. H. Murphy, J. Appl. Meteor. 12 (1973)); in wider groups they are what
 * grouping hides (D. B. Stephenson, C. A. S. Coelho, I. T. Jolliffe, Weather and Forecasting 23 (2008)).
 */
export interface Brier {
  readonly score: number;
  /** 0 where the forecasts of each group are the rates that came true. */
  readonly reliability: number;
  /** How far the groups' rates lie from the overall rate. */
  readonly resolution: number;
  /** Variance of the outcome. */
  readonly uncertainty: number;
  readonly withinGroupVariance: number;
  readonly withinGroupCovariance: number;
  /** 1 − score/uncertainty: what is gained over always forecasting the overall rate. */
  readonly skill: number;
  readonly groups: number;
  readonly n: number;
}

/**
 * @param groups how many groups of equal size; default one for each distinct forecast
 * @throws StatisticsError `BAD_DATA`, `NOT_FINITE`, `BAD_OPTION`
 */
export function brier(probabilities: ArrayLike<number>, outcomes: Outcomes, groups?: number): Brier {
  assertProbabilities(probabilities, outcomes);
  const n = outcomes.length;
  const rate = eventsOf(outcomes) / n;
  const parts = groupsOf(probabilities, groups ?? 'distinct').map((rows) => {
    const forecast = sumOf(rows.map((row) => probabilities[row])) / rows.length;
    const observed = sumOf(rows.map((row) => outcomes[row])) / rows.length;
    return {
      reliability: rows.length * (forecast - observed) ** 2,
      resolution: rows.length * (observed - rate) ** 2,
      variance: sumOf(rows.map((row) => (probabilities[row] - forecast) ** 2)),
      covariance: 2 * sumOf(rows.map((row) => (outcomes[row] - observed) * (probabilities[row] - forecast))),
    };
  });
  const share = (key: keyof (typeof parts)[number]): number => sumOf(parts.map((part) => part[key])) / n;
  const score = sumOf(Array.from({ length: n }, (_, row) => (probabilities[row] - outcomes[row]) ** 2)) / n;
  const uncertainty = rate * (1 - rate);
  return {
    score,
    reliability: share('reliability'),
    resolution: share('resolution'),
    uncertainty,
    withinGroupVariance: share('variance'),
    withinGroupCovariance: share('covariance'),
    skill: 1 - score / uncertainty,
    groups: parts.length,
    n,
  };
}
