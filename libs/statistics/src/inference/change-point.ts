import { StatisticsError, finite } from '../statistics-error.js';
import { sumOf } from '../numerics/summation.js';
import { assertShare } from './arguments.js';
import { seededBelow, shuffle } from './random.js';

/**
 * `cusum`: how far the cumulated deviations from the mean range; the change lies where they are farthest from zero (W. A. Taylor,
 * Change-Point Analysis: A Powerful New Tool for Detecting Changes, 2000).
 * `likelihood-ratio`: the change of the mean of normal values of one variance that explains most; its statistic is n·ln(RSS₀/RSS₁)
 * (D. M. Hawkins, JASA 72 (1977) 180–186). It finds changes near the ends better.
 */
export type ChangePointMethod = 'cusum' | 'likelihood-ratio';

export interface ChangePointOptions {
  /** Default `likelihood-ratio`. */
  readonly method?: ChangePointMethod;
  /** Random orders of the values that the statistic is compared with. Default 999. */
  readonly resamples?: number;
  /** The same seed gives the same orders. Default 1. */
  readonly seed?: number;
  /** Fewest values on either side of a change. Default 2. */
  readonly minimumSegment?: number;
}

export interface ChangePoint {
  readonly method: ChangePointMethod;
  /** Numbers of the last point before the change and of the first after it, from 1. */
  readonly lastBefore: number;
  readonly firstAfter: number;
  /** Range of the cumulated sums in the unit of the values, or n·ln(RSS₀/RSS₁). */
  readonly statistic: number;
  /** Share of the orders, the observed one counted, whose statistic is at least the observed: exact under exchangeability. */
  readonly pValue: number;
  /** Taylor's confidence that a change occurred: share of the random orders whose statistic is smaller. */
  readonly confidence: number;
  readonly before: { readonly n: number; readonly mean: number };
  readonly after: { readonly n: number; readonly mean: number };
  /** Sum of squares about one mean, and about the two. */
  readonly squares: { readonly one: number; readonly two: number };
}

/**
 * The place at which the mean most likely changed once, and a permutation test of whether it did.
 *
 * The values must be independent apart from the change: in autocorrelated data this finds changes that are none.
 *
 * @param values in one unit and in the order of time
 * @throws StatisticsError `TOO_FEW_POINTS` below two segments, `NOT_FINITE`, `BAD_DATA` where all are equal, `BAD_OPTION`
 */
export function changePoint(values: ArrayLike<number>, options: ChangePointOptions = {}): ChangePoint {
  const { method = 'likelihood-ratio', resamples = 999, seed = 1, minimumSegment = 2 } = options;
  assertOptions(method, resamples, minimumSegment);
  if (values.length < 2 * minimumSegment)
    throw new StatisticsError('TOO_FEW_POINTS', `a change needs ${minimumSegment} values on either side of it`);
  const deviations = deviationsOf(values);
  const one = sumOf(deviations.map((deviation) => deviation * deviation));
  if (one === 0) throw new StatisticsError('BAD_DATA', 'all values are equal; nothing changes');
  const observed = scan(deviations, method, minimumSegment);
  const below = seededBelow(seed);
  const shuffled = Float64Array.from(deviations);
  let [smaller, asLarge] = [0, 1];
  for (let order = 0; order < resamples; order += 1) {
    shuffle(shuffled, below);
    // Orders that are the observed one but for rounding must count as equal.
    if (scan(shuffled, method, minimumSegment).statistic >= observed.statistic * (1 - 1e-12)) asLarge += 1;
    else smaller += 1;
  }
  const lastBefore = observed.lastBefore;
  const all = Array.from(values);
  const [early, late] = [all.slice(0, lastBefore), all.slice(lastBefore)];
  const two = squaresOf(early) + squaresOf(late);
  return {
    method,
    lastBefore,
    firstAfter: lastBefore + 1,
    statistic: method === 'cusum' ? observed.statistic : all.length * Math.log(one / Math.max(two, Number.MIN_VALUE)),
    pValue: asLarge / (resamples + 1),
    confidence: smaller / resamples,
    before: { n: early.length, mean: sumOf(early) / early.length },
    after: { n: late.length, mean: sumOf(late) / late.length },
    squares: { one, two },
  };
}

export interface ChangePointsOptions extends ChangePointOptions {
  /** Largest p-value that counts as a change. Default 0.05, for each segment on its own. */
  readonly alpha?: number;
}

export interface Segment {
  readonly first: number;
  readonly last: number;
  readonly n: number;
  readonly mean: number;
}

export interface ChangePoints {
  /** By place. `level` 1 was found in the whole series, 2 in one of its parts, and so on. */
  readonly changes: readonly (ChangePoint & { readonly level: number })[];
  readonly segments: readonly Segment[];
}

/**
 * Several changes by binary segmentation: the series is cut at its change point, and each part is looked at again, until no part shows
 * a change at `alpha`. Source: A. J. Scott and M. Knott, Biometrics 30 (1974) 507–512.
 *
 * @throws as `changePoint`; a part with equal values simply has no change
 */
export function changePoints(values: ArrayLike<number>, options: ChangePointsOptions = {}): ChangePoints {
  const { alpha = 0.05, minimumSegment = 2, method = 'likelihood-ratio', resamples = 999 } = options;
  assertShare(alpha, 'alpha');
  assertOptions(method, resamples, minimumSegment);
  if (values.length === 0) throw new StatisticsError('TOO_FEW_POINTS', 'changes need values');
  const all = Array.from(values, finite);
  const changes: (ChangePoint & { level: number })[] = [];
  const segments: Segment[] = [];
  const look = (from: number, to: number, level: number): void => {
    const part = all.slice(from, to);
    const isDivisible = part.length >= 2 * minimumSegment && part.some((value) => value !== part[0]);
    const found = isDivisible ? changePoint(part, options) : null;
    if (found === null || found.pValue > alpha) {
      segments.push({ first: from + 1, last: to, n: part.length, mean: sumOf(part) / part.length });
      return;
    }
    const at = from + found.lastBefore;
    look(from, at, level + 1);
    changes.push({ ...found, lastBefore: at, firstAfter: at + 1, level });
    look(at, to, level + 1);
  };
  look(0, all.length, 1);
  return { changes, segments };
}

function assertOptions(method: ChangePointMethod, resamples: number, minimumSegment: number): void {
  if (method !== 'cusum' && method !== 'likelihood-ratio')
    throw new StatisticsError('BAD_OPTION', 'methods are cusum and likelihood-ratio');
  if (!Number.isInteger(resamples) || resamples < 1) throw new StatisticsError('BAD_OPTION', 'resamples are a whole number from 1 on');
  if (!Number.isInteger(minimumSegment) || minimumSegment < 1) throw new StatisticsError('BAD_OPTION', 'a segment has at least one value');
}

/** Largest statistic over all places, and the place. For likelihood ratios the reduction of squares S²n/(k(n − k)), which orders alike. */
function scan(deviations: ArrayLike<number>, method: ChangePointMethod, minimumSegment: number): { statistic: number; lastBefore: number } {
  const n = deviations.length;
  let [sum, lowest, highest, best, lastBefore] = [0, 0, 0, -1, minimumSegment];
  for (let k = 1; k < n; k += 1) {
    sum += deviations[k - 1];
    lowest = Math.min(lowest, sum);
    highest = Math.max(highest, sum);
    if (k < minimumSegment || k > n - minimumSegment) continue;
    const here = method === 'cusum' ? Math.abs(sum) : (sum * sum * n) / (k * (n - k));
    if (here > best) [best, lastBefore] = [here, k];
  }
  return { statistic: method === 'cusum' ? highest - lowest : best, lastBefore };
}

function deviationsOf(values: ArrayLike<number>): number[] {
  const all = Array.from(values, finite);
  const center = sumOf(all) / all.length;
  return all.map((value) => value - center);
}

const squaresOf = (values: readonly number[]): number => sumOf(deviationsOf(values).map((deviation) => deviation * deviation));
