import { StatisticsError } from '@touchstone/statistics';

/**
 * What the models need to know of a customer, all times in one unit (weeks, say) counted from the first purchase.
 * In the papers: x, tₓ and T.
 */
export interface CustomerHistory {
  /** Repeat purchases, the first not counted. */
  readonly frequency: number;
  /** Time of the last purchase; 0 for a customer who never came back. */
  readonly recency: number;
  /** Time observed: from the first purchase to the end of observation. */
  readonly age: number;
  /** How many customers have this history. Default 1. */
  readonly weight?: number;
}

const MOST_PURCHASES = 1_000_000;

/**
 * The history itself, when it can have happened.
 * @throws StatisticsError `BAD_DATA` frequency not a whole number, recency without repeat purchases or the other way round, recency after
 *   the end of observation, a weight that is not positive; `NOT_FINITE`
 */
export function assertHistory(history: CustomerHistory): CustomerHistory {
  const { frequency, recency, age, weight = 1 } = history;
  if (![frequency, recency, age, weight].every(Number.isFinite)) {
    throw new StatisticsError(
      'NOT_FINITE',
      `a customer with frequency ${frequency}, recency ${recency}, age ${age}, weight ${weight}: all must be finite numbers`,
    );
  }
  const problem = problemOf(frequency, recency, age, weight);
  if (problem !== null)
    throw new StatisticsError('BAD_DATA', `a customer with frequency ${frequency}, recency ${recency}, age ${age}: ${problem}`);
  return history;
}

function problemOf(frequency: number, recency: number, age: number, weight: number): string | null {
  if (!Number.isInteger(frequency) || frequency < 0) return 'frequency counts repeat purchases and must be a whole number, 0 or more';
  if (frequency > MOST_PURCHASES) return `more than ${MOST_PURCHASES} purchases cannot be single visits`;
  if (recency < 0 || age < 0) return 'times count from the first purchase and cannot be negative';
  if (frequency > 0 && recency === 0)
    return 'who bought again did so after the first purchase, so recency must be above 0; merge purchases of the same day';
  if (frequency === 0 && recency > 0) return 'who never bought again has recency 0';
  if (recency > age) return 'the last purchase lies after the end of observation; are both in the same unit?';
  return weight > 0 ? null : `weight ${weight} must be above 0`;
}

/** Equal histories collapsed into one with a weight, in columns, ascending by frequency, recency, age: the order of the input leaves no trace. */
export interface HistoryTable {
  readonly rows: number;
  readonly frequency: Float64Array;
  readonly recency: Float64Array;
  readonly age: Float64Array;
  readonly weight: Float64Array;
  /** Sum of the weights. */
  readonly customers: number;
  readonly repeatCustomers: number;
  /** Sum of frequencies. */
  readonly repeatPurchases: number;
  readonly meanAge: number;
  readonly longestAge: number;
  /** Entry j: customers with more than j repeat purchases; as long as the highest frequency. */
  readonly purchasersBeyond: Float64Array;
}

/**
 * Histories as the likelihoods take them.
 * @throws StatisticsError `BAD_DATA`, `NOT_FINITE` as {@link assertHistory}; `TOO_FEW_POINTS` when nobody ever bought again
 */
export function tableOf(histories: Iterable<CustomerHistory>): HistoryTable {
  const rows = collapse(histories);
  const frequency = Float64Array.from(rows, (row) => row.frequency);
  const age = Float64Array.from(rows, (row) => row.age);
  const weight = Float64Array.from(rows, (row) => row.weight);
  const total = (of: (index: number) => number): number => weight.reduce((sum, each, index) => sum + each * of(index), 0);
  const customers = total(() => 1);
  const repeatCustomers = total((index) => (frequency[index] > 0 ? 1 : 0));
  if (repeatCustomers === 0) {
    throw new StatisticsError(
      'TOO_FEW_POINTS',
      `none of ${customers} customers bought again: repeat purchases cannot be estimated; observe for longer`,
    );
  }
  return {
    rows: rows.length,
    frequency,
    recency: Float64Array.from(rows, (row) => row.recency),
    age,
    weight,
    customers,
    repeatCustomers,
    repeatPurchases: total((index) => frequency[index]),
    meanAge: total((index) => age[index]) / customers,
    longestAge: age.reduce((longest, each) => Math.max(longest, each), 0),
    purchasersBeyond: beyond(frequency, weight),
  };
}

function beyond(frequency: Float64Array, weight: Float64Array): Float64Array {
  const counts = new Float64Array(frequency[frequency.length - 1]);
  frequency.forEach((x, index) => {
    if (x > 0) counts[x - 1] += weight[index];
  });
  for (let j = counts.length - 2; j >= 0; j -= 1) counts[j] += counts[j + 1];
  return counts;
}

interface Row {
  readonly frequency: number;
  readonly recency: number;
  readonly age: number;
  weight: number;
}

function collapse(histories: Iterable<CustomerHistory>): Row[] {
  const byFrequency = new Map<number, Map<number, Map<number, Row>>>();
  const rows: Row[] = [];
  for (const history of histories) {
    const { frequency, recency, age, weight = 1 } = assertHistory(history);
    const byAge = entry(entry(byFrequency, frequency, newMap<Map<number, Row>>), recency, newMap<Row>);
    const row = byAge.get(age);
    if (row === undefined) {
      const first = { frequency, recency, age, weight };
      byAge.set(age, first);
      rows.push(first);
    } else {
      row.weight += weight;
    }
  }
  return rows.sort((one, other) => one.frequency - other.frequency || one.recency - other.recency || one.age - other.age);
}

const newMap = <V>(): Map<number, V> => new Map();

function entry<V>(map: Map<number, V>, key: number, initial: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = initial();
  map.set(key, made);
  return made;
}
