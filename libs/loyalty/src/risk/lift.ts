import { StatisticsError } from '@touchstone/statistics';
import { ascending, assertScores, equalRuns, eventsOf } from './outcomes.js';
import type { Outcomes } from './outcomes.js';

/** One slice of the customers, riskiest first. */
export interface LiftGroup {
  /** 1 is the riskiest. */
  readonly group: number;
  readonly n: number;
  /** Expected number where equal scores straddle the boundary: each such customer is as likely as the next to fall on either side. */
  readonly events: number;
  readonly rate: number;
  /** Rate over the overall rate. */
  readonly lift: number;
  readonly cumulativeN: number;
  readonly cumulativeEvents: number;
  /** Share of all events found so far. */
  readonly cumulativeGain: number;
  readonly cumulativeLift: number;
}

/**
 * Lift and gains: what is found when the riskiest are looked at first. Group k ends at ⌊n·k/groups⌋.
 * @throws StatisticsError `BAD_DATA`, `NOT_FINITE`, `BAD_OPTION`, `TOO_FEW_POINTS` with fewer rows than groups
 */
export function liftTable(scores: ArrayLike<number>, outcomes: Outcomes, groups = 10): readonly LiftGroup[] {
  if (!(Number.isInteger(groups) && groups >= 1)) throw new StatisticsError('BAD_OPTION', `${groups} groups; give a whole number from 1`);
  assertScores(scores, outcomes);
  const n = outcomes.length;
  const events = eventsOf(outcomes);
  if (n < groups) throw new StatisticsError('TOO_FEW_POINTS', `${n} rows do not make ${groups} groups`);
  const found = eventsAmong(scores, outcomes);
  return Array.from({ length: groups }, (_, index) => {
    const from = Math.floor((n * index) / groups);
    const to = Math.floor((n * (index + 1)) / groups);
    const here = found[to] - found[from];
    const rate = here / (to - from);
    return {
      group: index + 1,
      n: to - from,
      events: here,
      rate,
      lift: (rate * n) / events,
      cumulativeN: to,
      cumulativeEvents: found[to],
      cumulativeGain: found[to] / events,
      cumulativeLift: ((found[to] / to) * n) / events,
    };
  });
}

/** Expected events among the first k rows by descending score, for k from 0. */
function eventsAmong(scores: ArrayLike<number>, outcomes: Outcomes): Float64Array {
  const order = ascending(scores).reverse();
  const found = new Float64Array(order.length + 1);
  for (const { from, to } of equalRuns(scores, order)) {
    let here = 0;
    for (let at = from; at < to; at += 1) here += outcomes[order[at]];
    for (let at = from; at < to; at += 1) found[at + 1] = found[from] + (here * (at + 1 - from)) / (to - from);
  }
  return found;
}
