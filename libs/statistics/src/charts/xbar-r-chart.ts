import { assertSize, d2, d3 } from './constants.js';
import { judge, limitsAround, widthOf } from './control-limits.js';
import type { ChartOptions, ControlLimits, Verdict } from './control-limits.js';
import { StatisticsError, finite } from '../statistics-error.js';
import { emptySum, plus, sumOf, valueOf } from '../numerics/summation.js';
import type { CompensatedSum } from '../numerics/summation.js';

/** Values measured together; null is a value that is missing, so the subgroup is smaller by one. */
export type Subgroup = readonly (number | null)[];

/** Limits of both charts for subgroups of `n` values. */
export interface SizedLimits {
  readonly n: number;
  readonly xbar: ControlLimits;
  readonly range: ControlLimits;
}

/** Phase-1 limits of an X̄ and R chart. `xbar` and `range` are for the usual size `n`: the most frequent, of several the smallest. */
export interface XbarRLimits extends SizedLimits {
  /** Mean of all values. */
  readonly center: number;
  /** Standard deviation within subgroups. */
  readonly sigma: number;
  /** One entry for each size that occurred, ascending. */
  readonly bySize: readonly SizedLimits[];
  /** Subgroups the estimates rest on. */
  readonly subgroups: number;
  /** Subgroups with fewer than two values, which have no range. */
  readonly omitted: number;
}

/** What the estimates need to know of the subgroups so far: plain JSON of bounded size. */
export interface XbarRState {
  readonly values: CompensatedSum;
  readonly count: number;
  readonly sigmas: CompensatedSum;
  readonly sizes: Readonly<Record<number, number>>;
  readonly omitted: number;
}

export const initialXbarRState = (): XbarRState => ({ values: emptySum, count: 0, sigmas: emptySum, sizes: {}, omitted: 0 });

/**
 * The state with one more subgroup. What is not measured is null; a subgroup left with fewer than two values is counted as omitted.
 * @throws StatisticsError `NOT_FINITE`, `SIZE_OUT_OF_RANGE`
 */
export function addSubgroup(state: XbarRState, subgroup: Subgroup): XbarRState {
  const measured = measuredOf(subgroup);
  const n = measured.length;
  if (n < 2) return { ...state, omitted: state.omitted + 1 };
  assertSize(n);
  return {
    values: measured.reduce(plus, state.values),
    count: state.count + n,
    sigmas: plus(state.sigmas, rangeOf(measured) / d2(n)),
    sizes: { ...state.sizes, [n]: (state.sizes[n] ?? 0) + 1 },
    omitted: state.omitted,
  };
}

/**
 * Limits from the subgroups so far.
 * @throws StatisticsError `TOO_FEW_POINTS` before the first usable subgroup, `BAD_OPTION`
 */
export function xbarRLimitsOf(state: XbarRState, options?: Pick<ChartOptions, 'widthSigmas'>): XbarRLimits {
  const sizes = Object.entries(state.sizes).map(([n, subgroups]) => ({ n: Number(n), subgroups }));
  if (sizes.length === 0) throw new StatisticsError('TOO_FEW_POINTS', 'limits need a subgroup of at least two values');
  sizes.sort((one, other) => one.n - other.n);
  const subgroups = sizes.reduce((sum, size) => sum + size.subgroups, 0);
  const estimates = { center: valueOf(state.values) / state.count, sigma: valueOf(state.sigmas) / subgroups };
  const bySize = sizes.map(({ n }) => xbarRLimitsForSize(estimates, n, options));
  const usual = sizes.reduce((most, size) => (size.subgroups > most.subgroups ? size : most)).n;
  return { ...estimates, ...xbarRLimitsForSize(estimates, usual, options), bySize, subgroups, omitted: state.omitted };
}

/**
 * Phase-1 limits of an X̄ and R chart.
 *
 * The center line is the mean of all values, σ the mean of R/d2(n) over the subgroups; with equal sizes these are the grand
 * mean and R̄/d2 of D. C. Montgomery, Introduction to Statistical Quality Control, section 6.2, and NIST/SEMATECH e-Handbook 6.3.2.1.
 * X̄ limits lie at 3σ/√n, R limits at 3·d3(n)·σ around d2(n)·σ, never below zero.
 *
 * @param subgroups values in one unit; all results are in that unit
 * @throws StatisticsError `TOO_FEW_POINTS`, `NOT_FINITE`, `SIZE_OUT_OF_RANGE`, `BAD_OPTION`
 */
export function xbarRLimits(subgroups: readonly Subgroup[], options?: ChartOptions): XbarRLimits {
  const excluded = new Set(options?.excluded);
  const state = subgroups.filter((_, index) => !excluded.has(index + 1)).reduce(addSubgroup, initialXbarRState());
  return xbarRLimitsOf(state, options);
}

/** Limits for subgroups of another size from the same process. @throws StatisticsError `SIZE_OUT_OF_RANGE`, `BAD_OPTION` */
export function xbarRLimitsForSize(
  process: { readonly center: number; readonly sigma: number },
  n: number,
  options?: Pick<ChartOptions, 'widthSigmas'>,
): SizedLimits {
  const width = widthOf(options);
  return {
    n,
    xbar: limitsAround(process.center, (width * process.sigma) / Math.sqrt(n)),
    range: limitsAround(d2(n) * process.sigma, width * d3(n) * process.sigma, 0),
  };
}

/** One subgroup against frozen limits. `sigma` is the standard deviation of its mean: what run rules on the X̄ chart count in. */
export interface SubgroupVerdict {
  readonly n: number;
  readonly xbar: Verdict;
  readonly range: Verdict;
  readonly sigma: number;
}

/**
 * Phase 2: a new subgroup against the limits for its size. Null where fewer than two values were measured.
 * @throws StatisticsError `NOT_FINITE`, `SIZE_OUT_OF_RANGE`, `BAD_OPTION`
 */
export function judgeSubgroup(
  process: { readonly center: number; readonly sigma: number },
  subgroup: Subgroup,
  options?: Pick<ChartOptions, 'widthSigmas'>,
): SubgroupVerdict | null {
  const measured = measuredOf(subgroup);
  const n = measured.length;
  if (n < 2) return null;
  const limits = xbarRLimitsForSize(process, n, options);
  return {
    n,
    xbar: judge(sumOf(measured) / n, limits.xbar),
    range: judge(rangeOf(measured), limits.range),
    sigma: process.sigma / Math.sqrt(n),
  };
}

function measuredOf(subgroup: Subgroup): number[] {
  return subgroup.filter((value) => value !== null).map(finite);
}

function rangeOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
