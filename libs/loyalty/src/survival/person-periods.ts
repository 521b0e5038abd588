import { StatisticsError, sumOf } from '@touchstone/statistics';
import type { Covariate } from './risk-sets.js';
import { assertLength, assertObservations } from './survival-observations.js';

/**
 * Time in whole periods, such as months: one row a subject, or one a stretch of periods over which its covariates stay the same.
 *
 * - `period`  the last period observed, from 1
 * - `event`   1 if the event fell in that period, 0 if it was lived through without
 * - `entry`   periods before the first one observed; left out: 0
 * - `weights` how often the row counts
 */
export interface PeriodObservations {
  readonly period: ArrayLike<number>;
  readonly event: ArrayLike<number | boolean>;
  readonly entry?: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
  readonly covariates: readonly Covariate[];
}

/** Periods that share one baseline hazard. */
export interface PeriodClass {
  readonly from: number;
  readonly to: number;
  /** Person-periods observed. */
  readonly atRisk: number;
  readonly events: number;
}

/** Rows as stretches over classes of periods, covariates centred and scaled. */
export interface PersonPeriods {
  readonly rows: number;
  readonly width: number;
  readonly names: readonly string[];
  readonly means: Float64Array;
  readonly scales: Float64Array;
  readonly x: Float64Array;
  /** All classes anybody was observed in. */
  readonly classes: readonly PeriodClass[];
  /** Those with some events and some without: where nobody or everybody has the event the hazard is 0 or 1 whatever the covariates, and says nothing of them. */
  readonly informative: readonly PeriodClass[];
  readonly weight: (row: number) => number;
  /** Calls with each informative class a row has periods in, how many of them passed without the event, and whether the event followed. */
  readonly visit: (row: number, take: (at: number, without: number, withEvent: boolean) => void) => void;
}

/** @throws StatisticsError `TOO_FEW_POINTS`, `NOT_FINITE`, `BAD_DATA`, `BAD_OPTION` */
export function personPeriodsOf(observations: PeriodObservations, breaks?: readonly number[]): PersonPeriods {
  const { period, event, entry, weights, covariates } = observations;
  assertObservations({ time: period, event, entry: entry ?? new Float64Array(period.length), ...(weights && { weights }) });
  let last = 0;
  for (let row = 0; row < period.length; row += 1) {
    const from = entry?.[row] ?? 0;
    if (!Number.isInteger(period[row]) || !Number.isInteger(from) || from < 0) {
      throw new StatisticsError('BAD_DATA', `row ${row + 1}: periods are whole numbers from 1, entry from 0`);
    }
    last = Math.max(last, period[row]);
  }
  const ends = endsOf(breaks, last);
  const classOf = new Int32Array(last + 1);
  for (let at = 1, index = 0; at <= last; at += 1) {
    if (at > ends[index]) index += 1;
    classOf[at] = index;
  }
  const visit: PersonPeriods['visit'] = (row, take) => {
    const happened = Boolean(event[row]);
    for (let from = (entry?.[row] ?? 0) + 1; from <= period[row];) {
      const at = classOf[from];
      const to = Math.min(ends[at], period[row]);
      const hasEvent = happened && to === period[row];
      take(at, to - from + (hasEvent ? 0 : 1), hasEvent);
      from = to + 1;
    }
  };
  const weight = (row: number): number => weights?.[row] ?? 1;
  const classes = classesOf(ends, period.length, visit, weight);
  const informative = classes.filter(({ atRisk, events }) => events > 0 && events < atRisk);
  if (informative.length === 0)
    throw new StatisticsError('TOO_FEW_POINTS', 'in no period do some have the event and some not, so there is no hazard to estimate');
  const placeOf = new Map(informative.map(({ to }, at) => [to, at]));
  const places = ends.map((to) => placeOf.get(to));
  const visitInformative: PersonPeriods['visit'] = (row, take) =>
    visit(row, (at, without, withEvent) => {
      const place = places[at];
      if (place !== undefined) take(place, without, withEvent);
    });
  return { rows: period.length, ...scaled(covariates, period.length, weight), classes, informative, weight, visit: visitInformative };
}

function endsOf(breaks: readonly number[] | undefined, last: number): readonly number[] {
  if (last > 1e6) throw new StatisticsError('BAD_DATA', `period ${last} is beyond any sensible number of periods; count in longer ones`);
  if (breaks === undefined) return Array.from({ length: last }, (_, index) => index + 1);
  const isSound = breaks.every((end, index) => Number.isInteger(end) && end > (index === 0 ? 0 : breaks[index - 1]));
  if (!isSound) throw new StatisticsError('BAD_OPTION', 'breaks are the last periods of each class: whole numbers from 1, ascending');
  return [...breaks.filter((end) => end < last), last];
}

function classesOf(ends: readonly number[], rows: number, visit: PersonPeriods['visit'], weight: (row: number) => number): PeriodClass[] {
  const atRisk = new Float64Array(ends.length);
  const events = new Float64Array(ends.length);
  for (let row = 0; row < rows; row += 1) {
    visit(row, (at, without, withEvent) => {
      atRisk[at] += weight(row) * (without + (withEvent ? 1 : 0));
      if (withEvent) events[at] += weight(row);
    });
  }
  const all = ends.map((to, index) => ({ from: index === 0 ? 1 : ends[index - 1] + 1, to, atRisk: atRisk[index], events: events[index] }));
  return all.filter((periods) => periods.atRisk > 0);
}

function scaled(
  covariates: readonly Covariate[],
  rows: number,
  weight: (row: number) => number,
): Pick<PersonPeriods, 'names' | 'width' | 'means' | 'scales' | 'x'> {
  const width = covariates.length;
  const x = new Float64Array(rows * width);
  const means = new Float64Array(width);
  const scales = new Float64Array(width);
  if (new Set(covariates.map(({ name }) => name)).size !== width)
    throw new StatisticsError('BAD_DATA', 'two covariates have the same name');
  const total = sumOf(Array.from({ length: rows }, (_, row) => weight(row)));
  covariates.forEach(({ name, values }, column) => {
    assertLength(name, values, rows);
    for (let row = 0; row < rows; row += 1) {
      if (!Number.isFinite(values[row]))
        throw new StatisticsError('NOT_FINITE', `column ${name}, row ${row + 1}: not a finite number; leave rows with missing values out`);
      x[row * width + column] = values[row];
    }
    const mean = sumOf(powers(x, width, column, 1, weight)) / total;
    for (let row = 0; row < rows; row += 1) x[row * width + column] -= mean;
    const spread = Math.sqrt(sumOf(powers(x, width, column, 2, weight)) / total);
    if (!(spread > 1e-14 * Math.abs(mean)))
      throw new StatisticsError('BAD_DATA', `column ${name} is constant, so it has no effect to estimate; leave it out`);
    for (let row = 0; row < rows; row += 1) x[row * width + column] /= spread;
    means[column] = mean;
    scales[column] = spread;
  });
  return { names: covariates.map(({ name }) => name), width, means, scales, x };
}

function* powers(x: Float64Array, width: number, column: number, order: 1 | 2, weight: (row: number) => number): Generator<number> {
  for (let row = 0; row * width < x.length; row += 1) {
    const value = x[row * width + column];
    yield weight(row) * (order === 1 ? value : value * value);
  }
}
