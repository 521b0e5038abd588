import { StatisticsError } from '@touchstone/statistics';
import { dayNumberOf } from './iso-day.js';
import type { Day } from './iso-day.js';
import type { CustomerHistory } from './customer-history.js';

/** A log of purchases in columns of equal length, in any order. */
export interface PurchaseLog {
  readonly customers: ArrayLike<string | number>;
  readonly days: ArrayLike<Day>;
  /** What was paid; left out when only counts matter. */
  readonly values?: ArrayLike<number>;
}

export interface SummaryOptions {
  /** Days in one unit of time. Default 7: times come out in weeks. */
  readonly unitDays?: number;
  /** Last day of the calibration period, itself included. Default: the end of observation, which leaves no holdout. */
  readonly calibrationEnd?: Day;
  /** Last day observed, itself included; purchases after it are left out. Default: the last day of the log. */
  readonly observationEnd?: Day;
  /** Whether `value` is the mean of the repeat purchases, as in the papers (default), or of all. */
  readonly valued?: 'repeat' | 'all';
}

/** One customer in the calibration period, and what he did afterwards. */
export interface CustomerSummary extends CustomerHistory {
  readonly customer: string;
  /** Day number of the first purchase (days since 1970-01-01 where the log has ISO days). */
  readonly firstDay: number;
  /** Mean value of a purchase day in calibration, as chosen by `valued`; null without such purchases or without values. */
  readonly value: number | null;
  /** Purchase days that `value` is the mean of. */
  readonly valuedPurchases: number;
  /** Purchase days in the holdout period; null when there is none. */
  readonly holdoutFrequency: number | null;
  /** Sum of values in the holdout period; null when there is none, or no values. */
  readonly holdoutValue: number | null;
}

export interface PurchaseSummaries {
  /** In order of customer id (by code unit). */
  readonly customers: readonly CustomerSummary[];
  readonly unitDays: number;
  /** Day number of the earliest first purchase. */
  readonly firstDay: number;
  readonly calibrationEnd: number;
  readonly observationEnd: number;
  /** Length of the holdout period in units of time; 0 without one. */
  readonly holdout: number;
  /** Repeat purchase days of these customers, calibration and holdout, ascending. */
  readonly repeatPurchasesByDay: readonly { readonly day: number; readonly purchases: number }[];
  readonly purchases: number;
  /** Purchases merged into another of the same customer on the same day. */
  readonly mergedSameDay: number;
  /** Purchases after the end of observation. */
  readonly afterObservation: number;
  /** Customers who first bought after calibration, and are left out. */
  readonly customersAfterCalibration: number;
}

interface Visits {
  readonly days: number[];
  readonly values: number[];
}

/**
 * Frequency, recency and age of every customer: P. S. Fader and B. G. S. Hardie, Creating an RFM summary using Excel (2008), and
 * section 4 of Fader, Hardie and Lee (2005). Purchases of one customer on one day count as one, their values added up.
 *
 * @throws StatisticsError `TOO_FEW_POINTS` for an empty log or nobody before the end of calibration; `BAD_DATA` for columns of different
 *   length, what is no day, an empty customer; `NOT_FINITE` for a value that is no number; `BAD_OPTION`
 */
export function summariesOf(log: PurchaseLog, options: SummaryOptions = {}): PurchaseSummaries {
  const { unitDays = 7, valued = 'repeat' } = options;
  if (!(unitDays > 0 && Number.isFinite(unitDays)))
    throw new StatisticsError('BAD_OPTION', `unitDays ${unitDays} must be above 0: 1 for days, 7 for weeks`);
  const { visits, lastDay } = visitsOf(log);
  const observationEnd = options.observationEnd === undefined ? lastDay : dayNumberOf(options.observationEnd);
  const calibrationEnd = options.calibrationEnd === undefined ? observationEnd : dayNumberOf(options.calibrationEnd);
  if (calibrationEnd > observationEnd) {
    throw new StatisticsError(
      'BAD_OPTION',
      'the calibration period ends after the observation; give an earlier calibrationEnd or a later observationEnd',
    );
  }
  const window: Window = { unitDays, calibrationEnd, observationEnd, valued, hasValues: log.values !== undefined };
  const customers: CustomerSummary[] = [];
  const repeats = new Map<number, number>();
  let mergedSameDay = 0;
  let afterObservation = 0;
  let customersAfterCalibration = 0;
  for (const customer of [...visits.keys()].sort()) {
    const found = visits.get(customer) as Visits;
    const { days, values, late } = purchaseDays(found, observationEnd);
    afterObservation += late;
    mergedSameDay += found.days.length - late - days.length;
    if (days.length === 0) continue;
    if (days[0] > calibrationEnd) {
      customersAfterCalibration += 1;
      continue;
    }
    customers.push(summaryOf(customer, days, values, window));
    for (const day of days.slice(1)) repeats.set(day, (repeats.get(day) ?? 0) + 1);
  }
  if (customers.length === 0) throw new StatisticsError('TOO_FEW_POINTS', 'nobody bought before the end of the calibration period');
  const firstDay = customers.reduce((first, each) => Math.min(first, each.firstDay), Infinity);
  const holdout = (observationEnd - calibrationEnd) / unitDays;
  const counts = { purchases: log.customers.length, mergedSameDay, afterObservation, customersAfterCalibration };
  const repeatPurchasesByDay = [...repeats].sort(([one], [other]) => one - other).map(([day, purchases]) => ({ day, purchases }));
  return { customers, unitDays, firstDay, calibrationEnd, observationEnd, holdout, repeatPurchasesByDay, ...counts };
}

function visitsOf({ customers, days, values }: PurchaseLog): { visits: Map<string, Visits>; lastDay: number } {
  if (customers.length === 0) throw new StatisticsError('TOO_FEW_POINTS', 'the log has no purchases');
  if (days.length !== customers.length || (values !== undefined && values.length !== customers.length)) {
    throw new StatisticsError(
      'BAD_DATA',
      `columns of different length: ${customers.length} customers, ${days.length} days, ${values?.length ?? 'no'} values`,
    );
  }
  const visits = new Map<string, Visits>();
  const dayNumbers = new Map<Day, number>();
  let lastDay = -Infinity;
  for (let index = 0; index < customers.length; index += 1) {
    const customer = String(customers[index]);
    if (customer === '') throw new StatisticsError('BAD_DATA', `purchase ${index + 1} names no customer`);
    const day = dayNumbers.get(days[index]) ?? dayNumberOf(days[index]);
    dayNumbers.set(days[index], day);
    const value = values === undefined ? 0 : values[index];
    if (!Number.isFinite(value))
      throw new StatisticsError('NOT_FINITE', `purchase ${index + 1} of customer ${customer} has a value that is no finite number`);
    lastDay = Math.max(lastDay, day);
    const visit = visits.get(customer);
    if (visit === undefined) visits.set(customer, { days: [day], values: [value] });
    else {
      visit.days.push(day);
      visit.values.push(value);
    }
  }
  return { visits, lastDay };
}

/** Distinct days up to the end, ascending, each with its values added in ascending order, so that the order of the log leaves no trace. */
function purchaseDays(visits: Visits, end: number): { days: number[]; values: number[]; late: number } {
  const order = visits.days.map((_, index) => index);
  order.sort((one, other) => visits.days[one] - visits.days[other] || visits.values[one] - visits.values[other]);
  const days: number[] = [];
  const values: number[] = [];
  let late = 0;
  for (const index of order) {
    const day = visits.days[index];
    if (day > end) late += 1;
    else if (day === days.at(-1)) values[values.length - 1] += visits.values[index];
    else {
      days.push(day);
      values.push(visits.values[index]);
    }
  }
  return { days, values, late };
}

interface Window {
  readonly unitDays: number;
  readonly calibrationEnd: number;
  readonly observationEnd: number;
  readonly valued: 'repeat' | 'all';
  readonly hasValues: boolean;
}

function summaryOf(customer: string, days: readonly number[], values: readonly number[], window: Window): CustomerSummary {
  const { unitDays, calibrationEnd, observationEnd, valued, hasValues } = window;
  const calibrated = days.filter((day) => day <= calibrationEnd).length;
  const counted = values.slice(valued === 'repeat' ? 1 : 0, calibrated);
  const held = observationEnd > calibrationEnd;
  return {
    customer,
    firstDay: days[0],
    frequency: calibrated - 1,
    recency: (days[calibrated - 1] - days[0]) / unitDays,
    age: (calibrationEnd - days[0]) / unitDays,
    value: hasValues && counted.length > 0 ? total(counted) / counted.length : null,
    valuedPurchases: hasValues ? counted.length : 0,
    holdoutFrequency: held ? days.length - calibrated : null,
    holdoutValue: held && hasValues ? total(values.slice(calibrated)) : null,
  };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
