import { StatisticsError, sumOf } from '@touchstone/statistics';
import { count, duration } from './arguments.js';
import { assertHistory } from './customer-history.js';
import type { CustomerHistory } from './customer-history.js';
import type { RepeatPurchaseModel } from './model.js';
import { expectedPurchases, expectedPurchasesOf, purchaseCountProbability } from './predictions.js';
import type { PurchaseSummaries } from './purchase-log.js';

export interface FrequencyCount {
  /** Repeat purchases; the last row stands for so many or more. */
  readonly purchases: number;
  readonly orMore: boolean;
  readonly actual: number;
  readonly expected: number;
}

/**
 * Customers by number of repeat purchases, actual and expected, each customer observed for his own time.
 * @param orMore from here on counts are lumped together; default 7
 * @throws StatisticsError `BAD_OPTION`, `BAD_DATA`, `NOT_FINITE`
 */
export function expectedFrequencies(model: RepeatPurchaseModel, histories: Iterable<CustomerHistory>, orMore = 7): FrequencyCount[] {
  const actual = new Array<number>(count(orMore) + 1).fill(0);
  const byAge = new Map<number, number>();
  for (const history of histories) {
    const { frequency, age, weight = 1 } = assertHistory(history);
    actual[Math.min(frequency, orMore)] += weight;
    byAge.set(age, (byAge.get(age) ?? 0) + weight);
  }
  const ages = [...byAge].sort(([one], [other]) => one - other);
  const exactly = Array.from({ length: orMore }, (_, x) =>
    sumOf(ages.map(([age, weight]) => weight * purchaseCountProbability(model, age, x))),
  );
  const everybody = sumOf(ages.map(([, weight]) => weight));
  const expected = [...exactly, Math.max(0, everybody - sumOf(exactly))];
  return actual.map((each, purchases) => ({ purchases, orMore: purchases === orMore, actual: each, expected: expected[purchases] }));
}

export interface TrackingPoint {
  /** End of the period, in units of time since the earliest first purchase. */
  readonly time: number;
  /** Repeat purchases of all customers up to then; null beyond the end of observation. */
  readonly actual: number | null;
  readonly expected: number;
}

/**
 * Cumulated repeat purchases of the customers of the calibration period, expected and actual: figure 2 of Fader, Hardie and Lee (2005).
 * Each customer counts from his own first purchase.
 *
 * @param period length of a step in units of time, default 1; it must come to whole days
 * @param until last time wanted, in units of time since the earliest first purchase; default the end of observation
 * @throws StatisticsError `BAD_OPTION`
 */
export function trackRepeatPurchases(
  model: RepeatPurchaseModel,
  summaries: PurchaseSummaries,
  period = 1,
  until?: number,
): TrackingPoint[] {
  const { customers, firstDay, unitDays, observationEnd, repeatPurchasesByDay } = summaries;
  const periodDays = Math.round(period * unitDays);
  if (!(periodDays >= 1 && Math.abs(periodDays - period * unitDays) < 1e-9))
    throw new StatisticsError('BAD_OPTION', `a period of ${period} units of ${unitDays} days is no whole number of days`);
  const lastDay = until === undefined ? observationEnd : firstDay + Math.floor(duration(until) * unitDays + 1e-9);
  const births = new Map<number, number>();
  for (const customer of customers) births.set(customer.firstDay, (births.get(customer.firstDay) ?? 0) + 1);
  const newcomers = [...births].sort(([one], [other]) => one - other);
  const known = new Map<number, number>();
  const afterDays = (days: number): number => {
    const found = known.get(days) ?? expectedPurchases(model, days / unitDays);
    known.set(days, found);
    return found;
  };
  const points: TrackingPoint[] = [];
  let actual = 0;
  let next = 0;
  for (let day = firstDay + periodDays; day <= lastDay; day += periodDays) {
    for (; next < repeatPurchasesByDay.length && repeatPurchasesByDay[next].day <= day; next += 1)
      actual += repeatPurchasesByDay[next].purchases;
    const expected = sumOf(newcomers.filter(([birth]) => birth < day).map(([birth, number]) => number * afterDays(day - birth)));
    points.push({ time: (day - firstDay) / unitDays, actual: day <= observationEnd ? actual : null, expected });
  }
  return points;
}

export interface HoldoutGroup {
  /** Repeat purchases in calibration; the last group stands for so many or more. */
  readonly frequency: number;
  readonly orMore: boolean;
  readonly n: number;
  readonly actualMean: number;
  readonly expectedMean: number;
}

export interface HoldoutComparison {
  /** Length of the holdout period in units of time. */
  readonly holdout: number;
  readonly n: number;
  readonly actual: number;
  readonly expected: number;
  readonly meanAbsoluteError: number;
  /** Root of the mean squared error. */
  readonly rootMeanSquareError: number;
  /** Pearson's; null when either does not vary. */
  readonly correlation: number | null;
  readonly groups: readonly HoldoutGroup[];
}

/**
 * Purchases in the holdout period, foreseen at the end of calibration and actual, by frequency in calibration: figure 3 of Fader, Hardie and Lee (2005).
 * @param orMore from this frequency on customers form one group; default 7
 * @throws StatisticsError `BAD_DATA` when the summaries have no holdout period; `BAD_OPTION`
 */
export function compareHoldout(model: RepeatPurchaseModel, { customers, holdout }: PurchaseSummaries, orMore = 7): HoldoutComparison {
  if (!(holdout > 0))
    throw new StatisticsError('BAD_DATA', 'there is no holdout period: give a calibrationEnd before the end of observation');
  count(orMore);
  const pairs = customers.map((customer) => ({
    frequency: customer.frequency,
    actual: customer.holdoutFrequency ?? 0,
    expected: expectedPurchasesOf(model, customer, holdout),
  }));
  const n = pairs.length;
  const actual = sumOf(pairs.map((pair) => pair.actual));
  const expected = sumOf(pairs.map((pair) => pair.expected));
  const about = (of: (pair: { actual: number; expected: number }) => number): number => sumOf(pairs.map(of));
  const spread = Math.sqrt(about((pair) => (pair.actual - actual / n) ** 2) * about((pair) => (pair.expected - expected / n) ** 2));
  const groups = Array.from({ length: orMore + 1 }, (_, frequency): HoldoutGroup | null => {
    const members = pairs.filter((pair) => Math.min(pair.frequency, orMore) === frequency);
    const meanOf = (of: (pair: { actual: number; expected: number }) => number): number => sumOf(members.map(of)) / members.length;
    if (members.length === 0) return null;
    const means = { actualMean: meanOf((pair) => pair.actual), expectedMean: meanOf((pair) => pair.expected) };
    return { frequency, orMore: frequency === orMore, n: members.length, ...means };
  });
  return {
    holdout,
    n,
    actual,
    expected,
    meanAbsoluteError: about((pair) => Math.abs(pair.actual - pair.expected)) / n,
    rootMeanSquareError: Math.sqrt(about((pair) => (pair.actual - pair.expected) ** 2) / n),
    correlation: spread > 0 ? about((pair) => (pair.actual - actual / n) * (pair.expected - expected / n)) / spread : null,
    groups: groups.filter((group) => group !== null),
  };
}
