import { mean, standardDeviation } from '../numerics/moments.js';
import { chiMean } from '../measurement-systems/range-factors.js';
import type { NelsonTest, Signal } from '../rules/nelson.js';
import { StatisticsError, finite } from '../statistics-error.js';
import { boxCox, boxCoxFit } from './box-cox.js';
import type { BoxCoxFit } from './box-cox.js';
import { capabilityIndices } from './indices.js';
import type { CapabilityIndex, CapabilityIndices, Fallout } from './indices.js';
import { SMALLEST_NORMALITY_SAMPLE, andersonDarling } from './normality.js';
import type { AndersonDarling } from './normality.js';
import { specificationOf } from './specification.js';
import type { Specification, SpecificationLimits } from './specification.js';
import { stabilityOfIndividuals, stabilityOfSubgroups } from './stability.js';
import type { Stability } from './stability.js';
import { movingRangeSigma, withinSigma } from './within-sigma.js';
import type { WithinMethod, WithinSigma } from './within-sigma.js';

export interface CapabilityOptions {
  /**
   * How many consecutive values form a subgroup (the last may be smaller), or the subgroup of each value by name. Default 1:
   * individual values in the order of time.
   */
  readonly subgroups?: number | readonly (string | number)[];
  /**
   * Standard deviation within subgroups. Default: `moving-range` for individuals; `range` for subgroups of up to ten values and
   * `standard-deviation` above. `none` leaves out everything that needs it, and the question of stability with it.
   */
  readonly within?: WithinMethod | 'none';
  /** Divides the pooled and the overall standard deviation by c4. Default: neither. */
  readonly unbiased?: 'none' | 'pooled' | 'overall' | 'both';
  /** Confidence level of the intervals. Default 0.95. */
  readonly level?: number;
  /**
   * Degrees of freedom of the intervals by the estimate within subgroups: those the estimate has (`effective`, default), or
   * n − 1 as some software takes for all of them (`values`).
   */
  readonly degreesOfFreedom?: 'effective' | 'values';
  /** Run rules that must not fire. Default tests 1 and 2. */
  readonly stabilityTests?: readonly NelsonTest[];
  /** Gives Cp and Cpk also of a process that the charts show to be unstable. */
  readonly allowUnstable?: boolean;
  /** A power of Box and Cox for values and limits: given, by maximum likelihood (`estimate`) or the nearest half (`rounded`). Default none. */
  readonly boxCox?: number | 'estimate' | 'rounded';
}

/** Performance by the standard deviation of all values. */
export interface OverallPerformance extends Pick<
  CapabilityIndices,
  'cpm' | 'cpmShorterSide' | 'zLower' | 'zUpper' | 'zBench' | 'expectedPpm'
> {
  readonly pp: CapabilityIndex | null;
  readonly ppl: CapabilityIndex | null;
  readonly ppu: CapabilityIndex | null;
  readonly ppk: CapabilityIndex;
}

export interface Capability {
  readonly n: number;
  readonly mean: number;
  readonly standardDeviation: number;
  readonly withinSigma: WithinSigma | null;
  /** The limits the indices were taken from: transformed where the values were. */
  readonly specification: Specification;
  /** Capability within subgroups; null if left out. */
  readonly within: CapabilityIndices | null;
  readonly overall: OverallPerformance;
  /** Values beyond the limits, in parts per million of all values. */
  readonly observedPpm: Fallout;
  readonly observed: { readonly below: number | null; readonly above: number | null };
  /** Null if nothing within subgroups was asked for. */
  readonly stability: Stability | null;
  /** Of the values, or of the transformed ones; null below eight values. */
  readonly normality: AndersonDarling | null;
  readonly transformation: { readonly lambda: number; readonly fit: BoxCoxFit | null } | null;
  readonly level: number;
}

const DEFAULT_TESTS: readonly NelsonTest[] = [1, 2];
const LARGEST_RANGE_SUBGROUP = 10;

/**
 * Process capability (Cp, Cpk: spread within subgroups) and performance (Pp, Ppk: spread of all values) against specification
 * limits, with intervals (see `capabilityIndices`), observed and expected fallout, a test of normality and the stability that
 * Cpk presumes. Cpm is given for both spreads.
 * Source: D. C. Montgomery, Introduction to Statistical Quality Control, chapter 8; AIAG, Statistical Process Control, 2nd ed., chapter IV.
 *
 * @param values in one unit and in the order of time; null where one is missing
 * @throws StatisticsError `UNSTABLE_PROCESS` where a chart signals, unless `allowUnstable`; `BAD_LIMITS`, `TOO_FEW_POINTS`,
 *   `NOT_FINITE`, `BAD_DATA` without spread or for a power of values that are not positive, `BAD_OPTION`, `SIZE_OUT_OF_RANGE`
 */
export function capability(values: readonly (number | null)[], limits: SpecificationLimits, options: CapabilityOptions = {}): Capability {
  const given = specificationOf(limits);
  const known = values.filter((value) => value !== null).map(finite);
  if (known.length < 2) throw new StatisticsError('TOO_FEW_POINTS', 'capability needs at least two values');
  const transformation = transformationOf(known, options);
  const turn = (x: number): number => (transformation === null ? x : boxCox(x, transformation.lambda));
  const judged = known.map(turn);
  const specification = transformation === null ? given : transformed(given, turn);
  const series = values.map((value) => (value === null ? null : turn(value)));
  const { level } = options;
  const { withinSigma: sigma, stability } = withinOf(series, options);
  const center = mean(judged);
  const n = judged.length;
  const unbiased = options.unbiased === 'overall' || options.unbiased === 'both';
  const sd = standardDeviation(judged) / (unbiased ? chiMean(n - 1) : 1);
  const { cp, cpl, cpu, cpk, ...overall } = capabilityIndices({ mean: center, sigma: sd, n }, specification, { level });
  const degreesOfFreedom = options.degreesOfFreedom === 'values' ? n - 1 : sigma?.degreesOfFreedom;
  return {
    n,
    mean: center,
    standardDeviation: sd,
    withinSigma: sigma,
    specification,
    within: sigma === null ? null : capabilityIndices({ mean: center, sigma: sigma.sigma, n, degreesOfFreedom }, specification, { level }),
    overall: { pp: cp, ppl: cpl, ppu: cpu, ppk: cpk, ...overall },
    ...observedOf(known, given),
    stability,
    normality: n < SMALLEST_NORMALITY_SAMPLE ? null : andersonDarling(judged),
    transformation,
    level: level ?? 0.95,
  };
}

function withinOf(series: readonly (number | null)[], options: CapabilityOptions): Pick<Capability, 'withinSigma' | 'stability'> {
  if (options.within === 'none') return { withinSigma: null, stability: null };
  const tests = options.stabilityTests ?? DEFAULT_TESTS;
  const groups = subgroupsOf(series, options.subgroups ?? 1);
  const method = methodOf(groups, options.within);
  const sigma =
    groups === null || method === 'moving-range'
      ? movingRangeSigma(series)
      : withinSigma(groups, method, options.unbiased === 'pooled' || options.unbiased === 'both');
  const stability = groups === null ? stabilityOfIndividuals(series, sigma.sigma, tests) : stabilityOfSubgroups(groups, sigma, tests);
  if (!stability.stable && options.allowUnstable !== true) {
    throw new StatisticsError(
      'UNSTABLE_PROCESS',
      `Cpk presumes a stable process, and the chart shows ${inWords(stability)}; find the causes, ask for performance only (within: none), or allow it (allowUnstable)`,
    );
  }
  return { withinSigma: sigma, stability };
}

function methodOf(groups: readonly (readonly number[])[] | null, asked: WithinMethod | undefined): WithinMethod {
  if (groups === null) {
    if (asked === undefined || asked === 'moving-range') return 'moving-range';
    throw new StatisticsError('BAD_OPTION', `individual values have no spread by ${asked}; give subgroups, or use moving-range`);
  }
  if (asked === 'moving-range')
    throw new StatisticsError('BAD_OPTION', 'moving ranges are for individual values; use range, standard-deviation or pooled');
  const largest = groups.reduce((most, group) => Math.max(most, group.length), 0);
  return asked ?? (largest <= LARGEST_RANGE_SUBGROUP ? 'range' : 'standard-deviation');
}

/** The values of each subgroup in the order of first appearance, missing ones left out; null for individuals. */
function subgroupsOf(series: readonly (number | null)[], by: number | readonly (string | number)[]): number[][] | null {
  if (by === 1) return null;
  if (typeof by === 'number' && !(Number.isInteger(by) && by > 1))
    throw new StatisticsError('BAD_OPTION', 'a subgroup has a whole number of values');
  if (typeof by !== 'number' && by.length !== series.length) {
    throw new StatisticsError('BAD_DATA', `there are ${series.length} values, and names of subgroups for ${by.length}`);
  }
  const groups = new Map<string, number[]>();
  for (const [row, value] of series.entries()) {
    const name = typeof by === 'number' ? String(Math.floor(row / by)) : String(by[row]);
    const group = groups.get(name) ?? [];
    if (value !== null) group.push(value);
    groups.set(name, group);
  }
  return [...groups.values()];
}

function inWords({ signals, spreadBeyond }: Stability): string {
  const first: readonly Signal[] = signals.slice(0, 5);
  const rules = first.map(({ test, at }) => `test ${test} at point ${at}`);
  const spread = spreadBeyond.slice(0, 5).map((at) => `a spread beyond its limits in subgroup ${at}`);
  const more = signals.length + spreadBeyond.length - rules.length - spread.length;
  return [...rules, ...spread, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function transformationOf(values: readonly number[], { boxCox: power, level }: CapabilityOptions): Capability['transformation'] {
  if (power === undefined) return null;
  if (typeof power === 'number') {
    if (!Number.isFinite(power) || Math.abs(power) > 5)
      throw new StatisticsError('BAD_OPTION', 'a power of Box and Cox lies between -5 and 5');
    return { lambda: power, fit: null };
  }
  const fit = boxCoxFit(values, { level });
  return { lambda: power === 'rounded' ? fit.rounded : fit.estimate, fit };
}

function transformed({ lower, upper, target }: Specification, turn: (x: number) => number): Specification {
  if ((lower !== null && lower <= 0) || (upper !== null && upper <= 0)) {
    throw new StatisticsError(
      'BAD_LIMITS',
      'a limit that is not positive has no power; leave out a lower limit that positive values cannot fall below',
    );
  }
  return {
    lower: lower === null ? null : turn(lower),
    upper: upper === null ? null : turn(upper),
    target: target === null || target <= 0 ? null : turn(target),
  };
}

function observedOf(values: readonly number[], { lower, upper }: Specification): Pick<Capability, 'observed' | 'observedPpm'> {
  const below = lower === null ? null : values.filter((value) => value < lower).length;
  const above = upper === null ? null : values.filter((value) => value > upper).length;
  const ppm = (count: number | null): number | null => (count === null ? null : (1e6 * count) / values.length);
  return {
    observed: { below, above },
    observedPpm: { below: ppm(below), above: ppm(above), total: (ppm(below) ?? 0) + (ppm(above) ?? 0) },
  };
}
