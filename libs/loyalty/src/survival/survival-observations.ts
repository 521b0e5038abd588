import { StatisticsError } from '@touchstone/statistics';

/**
 * Times to an event, one row a subject or, with `entry`, one row an interval (entry, time] of a subject.
 *
 * - `time`    when observation of the row ended, in any one unit; all results are in that unit
 * - `event`   1 if it ended with the event, 0 if it was cut off before (right censoring)
 * - `entry`   when observation began: the row counts as at risk at t if entry < t ≤ time. Left out: from the beginning.
 * - `weights` how often the row counts; positive. Left out: once.
 */
export interface SurvivalObservations {
  readonly time: ArrayLike<number>;
  readonly event: ArrayLike<number | boolean>;
  readonly entry?: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
}

/** What tells rows apart: a group, a stratum, a cluster. */
export type Label = string | number;

/** @throws StatisticsError `TOO_FEW_POINTS` without a row, `NOT_FINITE`, `BAD_DATA` naming the row */
export function assertObservations({ time, event, entry, weights }: SurvivalObservations): void {
  const n = time.length;
  if (n === 0) throw new StatisticsError('TOO_FEW_POINTS', 'there is no observation; give at least one time');
  assertLength('event', event, n);
  if (entry !== undefined) assertLength('entry', entry, n);
  if (weights !== undefined) assertLength('weights', weights, n);
  for (let row = 0; row < n; row += 1) {
    if (!Number.isFinite(time[row])) throw new StatisticsError('NOT_FINITE', `the time of row ${row + 1} is not a finite number`);
    const what = event[row];
    if (what !== 0 && what !== 1 && typeof what !== 'boolean') {
      throw new StatisticsError(
        'BAD_DATA',
        `the event of row ${row + 1} is ${String(what)}; it is 1 where the event happened and 0 where it was cut off`,
      );
    }
    if (entry !== undefined && !(entry[row] < time[row])) {
      throw new StatisticsError(
        'BAD_DATA',
        `row ${row + 1} enters at ${entry[row]} and leaves at ${time[row]}; entry must be before the time`,
      );
    }
    if (entry !== undefined && !Number.isFinite(entry[row]))
      throw new StatisticsError('NOT_FINITE', `the entry of row ${row + 1} is not a finite number`);
    if (weights !== undefined && !(weights[row] > 0 && Number.isFinite(weights[row]))) {
      throw new StatisticsError(
        'BAD_DATA',
        `the weight of row ${row + 1} is ${weights[row]}; weights are positive, so leave such rows out`,
      );
    }
  }
}

/** @throws StatisticsError `BAD_DATA` */
export function assertLength(name: string, column: ArrayLike<unknown>, n: number): void {
  if (column.length !== n) throw new StatisticsError('BAD_DATA', `column ${name} has ${column.length} rows, time has ${n}`);
}

/** @throws StatisticsError `BAD_OPTION` unless strictly between 0 and 1 */
export function assertShare(name: string, share: number): number {
  if (!(share > 0 && share < 1)) throw new StatisticsError('BAD_OPTION', `${name} lies between 0 and 1, such as 0.95`);
  return share;
}

/** Rows sorted into the levels of a label: numbers ascending, then words by their code units. */
export interface Levels {
  readonly labels: readonly Label[];
  /** The level of each row, from 0. */
  readonly of: Int32Array;
}

/** @throws StatisticsError `BAD_DATA`, `NOT_FINITE` */
export function levelsOf(name: string, column: ArrayLike<Label>, n: number): Levels {
  assertLength(name, column, n);
  const seen = new Set<Label>();
  for (let row = 0; row < n; row += 1) {
    const label = column[row];
    if (typeof label === 'number' && !Number.isFinite(label))
      throw new StatisticsError('NOT_FINITE', `${name} of row ${row + 1} is not a finite number`);
    seen.add(label);
  }
  const labels = [...seen].sort(byLabel);
  const index = new Map(labels.map((label, at) => [label, at]));
  return { labels, of: Int32Array.from({ length: n }, (_, row) => index.get(column[row]) ?? 0) };
}

function byLabel(one: Label, other: Label): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one !== typeof other) return typeof one === 'number' ? -1 : 1;
  return one < other ? -1 : 1;
}
