import { StatisticsError } from '@touchstone/statistics';

/** What happened to each customer: 1 for the event (left, complained, did not pay), 0 for none. */
export type Outcomes = ArrayLike<number>;

/** Number of events. @throws StatisticsError `BAD_DATA` for anything but 0 and 1, or where only one of them occurs; `TOO_FEW_POINTS` */
export function eventsOf(outcomes: Outcomes, expected?: number): number {
  if (outcomes.length === 0) throw new StatisticsError('TOO_FEW_POINTS', 'no outcomes were given');
  if (expected !== undefined && outcomes.length !== expected) {
    throw new StatisticsError('BAD_DATA', `${expected} rows but ${outcomes.length} outcomes; give one outcome for each row`);
  }
  let events = 0;
  for (let row = 0; row < outcomes.length; row += 1) {
    const outcome = outcomes[row];
    if (outcome !== 0 && outcome !== 1) throw new StatisticsError('BAD_DATA', `outcome of row ${row + 1} is ${outcome}, not 0 or 1`);
    events += outcome;
  }
  if (events === 0 || events === outcomes.length) {
    throw new StatisticsError('BAD_DATA', `all ${outcomes.length} outcomes are ${events === 0 ? 0 : 1}; a risk needs both kinds`);
  }
  return events;
}

/** @throws StatisticsError `BAD_DATA` where lengths differ, `NOT_FINITE` naming the row */
export function assertScores(scores: ArrayLike<number>, outcomes: Outcomes): void {
  if (scores.length !== outcomes.length) {
    throw new StatisticsError('BAD_DATA', `${scores.length} scores but ${outcomes.length} outcomes; give one outcome for each score`);
  }
  for (let row = 0; row < scores.length; row += 1) {
    if (!Number.isFinite(scores[row])) throw new StatisticsError('NOT_FINITE', `score of row ${row + 1} is not a finite number`);
  }
}

/** @throws StatisticsError `BAD_DATA` for lengths that differ or a probability outside 0 to 1, naming the row; `NOT_FINITE` */
export function assertProbabilities(probabilities: ArrayLike<number>, outcomes: Outcomes): void {
  assertScores(probabilities, outcomes);
  for (let row = 0; row < probabilities.length; row += 1) {
    const p = probabilities[row];
    if (p < 0 || p > 1) throw new StatisticsError('BAD_DATA', `probability of row ${row + 1} is ${p}, outside 0 to 1`);
  }
}

/** Row indices in order of their values, equal ones in order of rows. */
export function ascending(values: ArrayLike<number>): Int32Array {
  return Int32Array.from({ length: values.length }, (_, row) => row).sort((one, other) => values[one] - values[other] || one - other);
}

/** Where rows of equal values begin and end in an order: `order[from]` up to before `order[to]`. */
export function* equalRuns(values: ArrayLike<number>, order: ArrayLike<number>): Generator<{ readonly from: number; readonly to: number }> {
  let from = 0;
  for (let at = 1; at <= order.length; at += 1) {
    if (at < order.length && values[order[at]] === values[order[from]]) continue;
    yield { from, to: at };
    from = at;
  }
}
