import { StatisticsError, sumOf } from '@touchstone/statistics';
import { randomFrom } from './random.js';

/** What a set of factors achieves together; the factors come as ascending positions from 0. Called once a set. */
export type SetValue = (factors: readonly number[]) => number;

export interface ShapleyOptions {
  /** From 0 to 2⁵³ − 1. Required where the shares are sampled: with more than 12 factors. */
  readonly seed?: number;
  /** Orders to sample, in pairs of an order and its reverse. Even, default 2000. */
  readonly orders?: number;
}

export interface Share {
  readonly factor: string;
  readonly share: number;
  /** Of the sampling; 0 where exact. */
  readonly standardError: number;
}

export interface ShapleyShares {
  readonly shares: readonly Share[];
  /**
   * What all factors achieve beyond none. The shares, summed as `sumOf` does, are this number to the last bit; where large shares of
   * opposite sign all but cancel, so that no doubles would sum to it, it gives way by less than the last bit of the smallest share.
   */
  readonly total: number;
  readonly method: 'exact' | 'sampled';
  /** Orders sampled; 0 where exact. */
  readonly orders: number;
}

/** 2¹² sets are computed at once; more factors are sampled. */
export const MOST_EXACT_FACTORS = 12;
const MOST_FACTORS = 52;

/**
 * Shapley's fair division of what factors achieve together: each gets the mean, over all orders of joining, of what it adds.
 *
 * Source: L. S. Shapley, A value for n-person games, in Contributions to the Theory of Games II, 1953; the sampling by orders: J. Castro
 * et al., Computers & Operations Research 36 (2009), in antithetic pairs.
 *
 * @throws StatisticsError `BAD_OPTION` without factors, with more than 52, or a sampling without seed; `NOT_FINITE` for a set of no finite value
 */
export function shapleyShares(factors: readonly string[], value: SetValue, options: ShapleyOptions = {}): ShapleyShares {
  if (factors.length === 0 || factors.length > MOST_FACTORS || new Set(factors).size !== factors.length) {
    throw new StatisticsError('BAD_OPTION', `shares need 1 to ${MOST_FACTORS} factors with different names`);
  }
  const valueOf = remembered(value);
  const exact = factors.length <= MOST_EXACT_FACTORS;
  const all = factors.map((_, factor) => factor);
  // Plus 0, so that −0 is 0.
  const achieved = valueOf(all) - valueOf([]) + 0;
  const raw = exact ? exactShares(factors.length, valueOf) : sampledShares(factors.length, valueOf, options);
  const shares = summingTo(
    achieved,
    raw.map(({ share }) => share),
  );
  return {
    shares: factors.map((factor, at) => ({ factor, share: shares[at], standardError: raw[at].standardError })),
    total: sumOf(shares),
    method: exact ? 'exact' : 'sampled',
    orders: exact ? 0 : ordersOf(options),
  };
}

interface RawShare {
  readonly share: number;
  readonly standardError: number;
}

function exactShares(count: number, valueOf: SetValue): RawShare[] {
  const sets = Array.from({ length: 1 << count }, (_, set) => valueOf(membersOf(set, count)));
  // |S|!·(n − |S| − 1)!/n! is 1 / (n · C(n − 1, |S|)).
  const weights = binomials(count - 1).map((ways) => 1 / (count * ways));
  return Array.from({ length: count }, (_, factor) => {
    const bit = 1 << factor;
    const terms: number[] = [];
    for (let set = 0; set < sets.length; set += 1) if ((set & bit) === 0) terms.push(weights[sizeOf(set)] * (sets[set | bit] - sets[set]));
    return { share: sumOf(terms), standardError: 0 };
  });
}

function sampledShares(count: number, valueOf: SetValue, options: ShapleyOptions): RawShare[] {
  if (options.seed === undefined)
    throw new StatisticsError(
      'BAD_OPTION',
      `more than ${MOST_EXACT_FACTORS} factors are sampled: give a seed, so that the shares can be repeated`,
    );
  const random = randomFrom(options.seed);
  const pairs = ordersOf(options) / 2;
  const added = Array.from({ length: count }, () => new Float64Array(pairs));
  for (let pair = 0; pair < pairs; pair += 1) {
    const order = random.permutation(count);
    for (const direction of [order, [...order].reverse()]) {
      const joined: number[] = [];
      let before = valueOf([]);
      for (const factor of direction) {
        joined.push(factor);
        const after = valueOf([...joined].sort((one, other) => one - other));
        added[factor][pair] += (after - before) / 2;
        before = after;
      }
    }
  }
  return added.map((gains) => {
    const share = sumOf(gains) / pairs;
    const spread = sumOf(Array.from(gains, (gain) => (gain - share) ** 2)) / (pairs - 1);
    return { share, standardError: Math.sqrt(spread / pairs) };
  });
}

function ordersOf({ orders = 2000 }: ShapleyOptions): number {
  if (!Number.isInteger(orders) || orders < 4 || orders % 2 !== 0)
    throw new StatisticsError('BAD_OPTION', 'orders are an even number of at least 4');
  return orders;
}

/**
 * The shares with what rounding left over added to the largest that takes it, so that they sum to the total to the last bit, if doubles
 * can. Half of it is tried as well: where the true sum lies between two doubles, the whole would only move it between the next two.
 */
function summingTo(total: number, shares: readonly number[]): number[] {
  const bySize = shares.map((_, at) => at).sort((one, other) => Math.abs(shares[other]) - Math.abs(shares[one]));
  let fitted = [...shares];
  for (const at of [bySize[0], ...bySize]) {
    const left = total - sumOf(fitted);
    if (left === 0) return fitted;
    const tried = [left, left / 2].map((part) => fitted.map((share, index) => (index === at ? share + part : share)));
    fitted = tried.find((candidate) => sumOf(candidate) === total) ?? tried[0];
  }
  return fitted;
}

function remembered(value: SetValue): SetValue {
  const known = new Map<string, number>();
  return (factors) => {
    const key = factors.join(',');
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = value(factors);
    if (!Number.isFinite(found)) throw new StatisticsError('NOT_FINITE', `the value of the factors [${key}] is not a finite number`);
    known.set(key, found);
    return found;
  };
}

function membersOf(set: number, count: number): number[] {
  const members: number[] = [];
  for (let factor = 0; factor < count; factor += 1) if ((set & (1 << factor)) !== 0) members.push(factor);
  return members;
}

function sizeOf(set: number): number {
  let size = 0;
  for (let left = set; left !== 0; left &= left - 1) size += 1;
  return size;
}

function binomials(n: number): number[] {
  const row = [1];
  for (let k = 1; k <= n; k += 1) row.push((row[k - 1] * (n - k + 1)) / k);
  return row;
}
