import { d2, d3 } from './constants.js';
import { judge, limitsAround, widthOf } from './control-limits.js';
import type { ChartOptions, ControlLimits, Verdict } from './control-limits.js';
import { movingRangeSums } from './individuals-estimates.js';
import { StatisticsError, finite } from '../statistics-error.js';
import { emptySum, plus, valueOf } from '../numerics/summation.js';
import type { CompensatedSum } from '../numerics/summation.js';

/** Phase-1 limits of an individuals and moving range chart. */
export interface IndividualsLimits {
  /** Mean of the values. */
  readonly center: number;
  /** Short-term standard deviation: mean moving range over d2(2). */
  readonly sigma: number;
  readonly individuals: ControlLimits;
  readonly movingRange: ControlLimits;
  /** Values, and pairs of neighbours, that the estimates rest on. */
  readonly values: number;
  readonly pairs: number;
}

/** What the estimates need to know of the values so far: plain JSON of constant size. */
export interface IndividualsState {
  readonly values: CompensatedSum;
  readonly count: number;
  readonly ranges: CompensatedSum;
  readonly pairs: number;
  /** The value the next moving range is formed with; null after a gap. */
  readonly last: number | null;
}

export const initialIndividualsState = (): IndividualsState => ({ values: emptySum, count: 0, ranges: emptySum, pairs: 0, last: null });

/**
 * The state with one more value. Null is a missing or excluded value: no moving range reaches across it, because the two
 * sides of a gap are not neighbours in time.
 * @throws StatisticsError `NOT_FINITE`
 */
export function addIndividual(state: IndividualsState, value: number | null): IndividualsState {
  if (value === null) return { ...state, last: null };
  const paired = state.last !== null;
  return {
    values: plus(state.values, finite(value)),
    count: state.count + 1,
    ranges: state.last === null ? state.ranges : plus(state.ranges, Math.abs(value - state.last)),
    pairs: paired ? state.pairs + 1 : state.pairs,
    last: value,
  };
}

/**
 * Limits from the values so far.
 * @throws StatisticsError `TOO_FEW_POINTS` before the first pair of neighbours, `BAD_OPTION`
 */
export function individualsLimitsOf(state: IndividualsState, options?: Pick<ChartOptions, 'widthSigmas'>): IndividualsLimits {
  if (state.pairs === 0) throw new StatisticsError('TOO_FEW_POINTS', 'limits need two neighbouring values');
  const width = widthOf(options);
  const center = valueOf(state.values) / state.count;
  const meanRange = valueOf(state.ranges) / state.pairs;
  const sigma = meanRange / d2(2);
  return {
    center,
    sigma,
    individuals: limitsAround(center, width * sigma),
    movingRange: limitsAround(meanRange, width * d3(2) * sigma, 0),
    values: state.count,
    pairs: state.pairs,
  };
}

/**
 * Phase-1 limits of an individuals (I-MR) chart: X̄ ± 3·MR̄/d2(2), and MR̄ ± 3·d3(2)·σ, not below zero.
 * Source: NIST/SEMATECH e-Handbook section 6.3.2.2; D. C. Montgomery, section 6.4.
 *
 * @param values in one unit and in the order of time, null where one is missing; all results are in that unit
 * @throws StatisticsError `TOO_FEW_POINTS`, `NOT_FINITE`, `BAD_OPTION`
 */
export function individualsLimits(values: ArrayLike<number | null>, options?: ChartOptions): IndividualsLimits {
  const { values: sum, count, ranges, windows } = movingRangeSums(values, { end: values.length, excluded: new Set(options?.excluded) }, 2);
  return individualsLimitsOf({ values: sum, count, ranges, pairs: windows, last: null }, options);
}

export interface IndividualVerdict {
  readonly individual: Verdict;
  /** Null for the first value and after a gap. */
  readonly movingRange: Verdict | null;
}

/**
 * Phase 2: a new value against frozen limits.
 * @param previous the neighbour before it, null if there is none
 * @throws StatisticsError `NOT_FINITE`
 */
export function judgeIndividual(
  limits: Pick<IndividualsLimits, 'individuals' | 'movingRange'>,
  value: number,
  previous: number | null,
): IndividualVerdict {
  const individual = judge(finite(value), limits.individuals);
  const movingRange = previous === null ? null : judge(Math.abs(value - finite(previous)), limits.movingRange);
  return { individual, movingRange };
}
