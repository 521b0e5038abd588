import { normalQuantile } from '../numerics/distributions.js';
import { StatisticsError, finite } from '../statistics-error.js';
import { sumOf } from '../numerics/summation.js';
import { tailsOf } from './arguments.js';
import type { Alternative, ConfidenceOptions } from './arguments.js';
import { zPValue } from './two-proportions.js';

export interface TrendOptions extends ConfidenceOptions {
  /** When each value was taken, strictly increasing. Default 1, 2, … */
  readonly times?: ArrayLike<number>;
}

export interface MannKendallOptions extends TrendOptions {
  /** Take 1 off |S| before it is compared with the normal distribution. Default true. */
  readonly continuity?: boolean;
  /** p-value from the distribution of S itself, for at most 50 values without ties. Default false. */
  readonly exact?: boolean;
}

export interface MannKendall {
  readonly n: number;
  /** Pairs that rise minus pairs that fall. */
  readonly s: number;
  /** Of S without a trend, corrected for ties. */
  readonly variance: number;
  readonly z: number;
  /** Kendall's rank correlation of values and time, corrected for ties (τ-b). */
  readonly tau: number;
  readonly pValue: number;
  readonly alternative: Alternative;
  readonly method: 'exact' | 'normal';
  /** Sizes of the groups of equal values. */
  readonly ties: readonly number[];
}

/**
 * Mann–Kendall test of a monotonic trend. Var S = (n(n − 1)(2n + 5) − Σ t(t − 1)(2t + 5))/18 over groups of t equal values.
 * Source: H. B. Mann, Econometrica 13 (1945); M. G. Kendall, Rank Correlation Methods; R. O. Gilbert, Statistical Methods for
 * Environmental Pollution Monitoring (1987), section 16.4.
 *
 * @param values in the order of time, null where one is missing
 * @throws StatisticsError `TOO_FEW_POINTS` below three values, `NOT_FINITE`, `BAD_DATA` where all are equal, `BAD_OPTION`
 */
export function mannKendall(values: ArrayLike<number | null>, options: MannKendallOptions = {}): MannKendall {
  const { continuity = true, exact = false } = options;
  const { alternative } = tailsOf(options);
  const measured = measuredOf(values, options.times).values;
  const n = measured.length;
  const groups = new Map<number, number>();
  for (const value of measured) groups.set(value, (groups.get(value) ?? 0) + 1);
  const ties = [...groups.values()].filter((size) => size > 1);
  if (groups.size === 1) throw new StatisticsError('BAD_DATA', 'all values are equal; there is nothing to test');
  const s = riseMinusFall(
    measured,
    [...groups.keys()].sort((one, other) => one - other),
  );
  const variance = (n * (n - 1) * (2 * n + 5) - sumOf(ties.map((t) => t * (t - 1) * (2 * t + 5)))) / 18;
  const z = (s - (continuity ? Math.sign(s) : 0)) / Math.sqrt(variance);
  const pairs = (n * (n - 1)) / 2;
  const tau = s / (Math.sqrt(pairs - sumOf(ties.map((t) => (t * (t - 1)) / 2))) * Math.sqrt(pairs));
  if (exact && (n > LARGEST_EXACT || ties.length > 0)) {
    throw new StatisticsError('BAD_OPTION', `an exact p-value needs at most ${LARGEST_EXACT} values, all different`);
  }
  const pValue = exact ? exactPValue(s, n, alternative) : normalPValue(s, variance, z, continuity, alternative);
  return { n, s, variance, z, tau, pValue, alternative, method: exact ? 'exact' : 'normal', ties };
}

const LARGEST_EXACT = 50;

/** One-sided alternatives take the continuity correction towards their own side, whatever the sign of S. */
function normalPValue(s: number, variance: number, z: number, continuity: boolean, alternative: Alternative): number {
  if (alternative === 'two-sided' || !continuity) return zPValue(z, alternative);
  return zPValue((s + (alternative === 'greater' ? -1 : 1)) / Math.sqrt(variance), alternative);
}

/** From the numbers of orders with 0, 1, … falling pairs, each value inserted into the orders of those before. */
function exactPValue(s: number, n: number, alternative: Alternative): number {
  let shares = [1];
  for (let size = 2; size <= n; size += 1) {
    const next = Array.from({ length: shares.length + size - 1 }, () => 0);
    for (const [falls, share] of shares.entries()) for (let more = 0; more < size; more += 1) next[falls + more] += share / size;
    shares = next;
  }
  const most = (n * (n - 1)) / 2;
  const atLeast = (bound: number): number => sumOf(shares.filter((_, falls) => most - 2 * falls >= bound));
  if (alternative === 'greater') return atLeast(s);
  if (alternative === 'less') return atLeast(-s);
  return Math.min(1, 2 * atLeast(Math.abs(s)));
}

/** Counts for each value how many before it were smaller and larger, in a tree of partial sums (P. M. Fenwick, 1994). */
function riseMinusFall(values: readonly number[], distinct: readonly number[]): number {
  const rankOf = new Map(distinct.map((value, index) => [value, index + 1]));
  const tree = new Float64Array(distinct.length + 1);
  const upTo = (rank: number): number => {
    let count = 0;
    for (let node = rank; node > 0; node -= node & -node) count += tree[node];
    return count;
  };
  let s = 0;
  for (const [index, value] of values.entries()) {
    const rank = rankOf.get(value) ?? 0;
    s += upTo(rank - 1) - (index - upTo(rank));
    for (let node = rank; node <= distinct.length; node += node & -node) tree[node] += 1;
  }
  return s;
}

export interface SenSlope {
  readonly n: number;
  /** Median of the slopes between all pairs, in units of the values for one of time. */
  readonly slope: number;
  /** Median of value − slope·time. */
  readonly intercept: number;
  /** Null where so few values give no end at this confidence. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly confidence: number;
}

const LARGEST_FOR_PAIRS = 5000;

/**
 * Sen's slope with its interval from the variance of the Mann–Kendall S: of N slopes in order, those at (N ∓ z·√Var S)/2, the upper
 * one counted plus one, interpolated. Source: P. K. Sen, JASA 63 (1968); R. O. Gilbert (1987), section 16.5.
 *
 * @throws StatisticsError `TOO_FEW_POINTS` below three values, `NOT_FINITE`, `BAD_DATA` for times that do not increase or more than 5,000 values
 */
export function senSlope(values: ArrayLike<number | null>, options: TrendOptions = {}): SenSlope {
  const { confidence, below, above } = tailsOf(options);
  const measured = measuredOf(values, options.times);
  const n = measured.values.length;
  if (n > LARGEST_FOR_PAIRS)
    throw new StatisticsError('BAD_DATA', `all pairs of ${n} values are too many; at most ${LARGEST_FOR_PAIRS} values`);
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let place = 0;
  for (let late = 1; late < n; late += 1) {
    for (let early = 0; early < late; early += 1) {
      slopes[place] = (measured.values[late] - measured.values[early]) / (measured.times[late] - measured.times[early]);
      place += 1;
    }
  }
  slopes.sort();
  const isConstant = slopes[0] === 0 && slopes[slopes.length - 1] === 0;
  const spread = isConstant ? 0 : Math.sqrt(mannKendall(measured.values).variance);
  const end = (tail: number, side: 1 | -1): number | null => {
    if (tail === 0) return null;
    return orderStatistic(slopes, (slopes.length - side * normalQuantile(tail) * spread) / 2 + (side === 1 ? 1 : 0));
  };
  const slope = medianOf(slopes);
  const intercept = medianOf(Float64Array.from(measured.values, (value, index) => value - slope * measured.times[index]).sort());
  return { n, slope, intercept, lower: end(below, -1), upper: end(above, 1), confidence };
}

function medianOf(sorted: Float64Array): number {
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.floor(sorted.length / 2)]) / 2;
}

/** The value at place `rank`, counted from 1, between two values by interpolation; null outside of them. */
function orderStatistic(sorted: Float64Array, rank: number): number | null {
  if (rank < 1 || rank > sorted.length) return null;
  const whole = Math.floor(rank);
  const value = sorted[whole - 1];
  return whole === sorted.length ? value : value + (rank - whole) * (sorted[whole] - value);
}

function measuredOf(values: ArrayLike<number | null>, times: ArrayLike<number> | undefined): { values: number[]; times: number[] } {
  if (times !== undefined && times.length !== values.length)
    throw new StatisticsError('BAD_DATA', `${times.length} times for ${values.length} values`);
  const measured = { values: [] as number[], times: [] as number[] };
  for (let index = 0; index < values.length; index += 1) {
    const time = finite(times === undefined ? index + 1 : times[index]);
    if (index > 0 && times !== undefined && time <= times[index - 1])
      throw new StatisticsError('BAD_DATA', `time ${index + 1} is not after the one before`);
    const value = values[index];
    if (value === null) continue;
    measured.values.push(finite(value));
    measured.times.push(time);
  }
  if (measured.values.length < 3) throw new StatisticsError('TOO_FEW_POINTS', 'a trend needs at least three values');
  return measured;
}
