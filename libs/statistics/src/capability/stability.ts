import { mean } from '../numerics/moments.js';
import { nelsonTests } from '../rules/nelson.js';
import type { NelsonTest, Signal } from '../rules/nelson.js';
import { standardDeviation } from '../numerics/moments.js';
import { deviationFactor, rangeFactor } from './within-sigma.js';
import type { WithinSigma } from './within-sigma.js';

/** What the charts behind an estimate of capability say. Points count from 1: values, or subgroups. */
export interface Stability {
  readonly chart: 'individuals' | 'xbar-r' | 'xbar-s';
  readonly tests: readonly NelsonTest[];
  readonly stable: boolean;
  /** Run rules that fired on values or means. */
  readonly signals: readonly Signal[];
  /** Subgroups whose range or standard deviation is beyond its limits. */
  readonly spreadBeyond: readonly number[];
}

/** An individuals chart by the moving range, center line the mean. */
export function stabilityOfIndividuals(values: readonly (number | null)[], sigma: number, tests: readonly NelsonTest[]): Stability {
  const center = mean(values.filter((value) => value !== null));
  const signals = nelsonTests(values, { center, sigma }, { tests });
  return { chart: 'individuals', tests, stable: signals.length === 0, signals, spreadBeyond: [] };
}

/**
 * An X̄ chart with the given tests and an R chart (an S chart unless sigma came from ranges) with test 1. Means are compared in
 * standard deviations of their own size, so subgroups may differ in size. A subgroup of one value counts in the X̄ chart only.
 */
export function stabilityOfSubgroups(
  subgroups: readonly (readonly number[])[],
  within: WithinSigma,
  tests: readonly NelsonTest[],
): Stability {
  const byRange = within.method === 'range';
  const factor = byRange ? rangeFactor : deviationFactor;
  const center = mean(subgroups.flat());
  const points = subgroups.map((subgroup) =>
    subgroup.length === 0 ? null : ((mean(subgroup) - center) * Math.sqrt(subgroup.length)) / within.sigma,
  );
  const signals = nelsonTests(points, { center: 0, sigma: 1 }, { tests });
  const spreadBeyond = subgroups.flatMap((subgroup, index) => {
    if (subgroup.length < 2) return [];
    const usual = factor(subgroup.length);
    const spread = byRange ? Math.max(...subgroup) - Math.min(...subgroup) : standardDeviation(subgroup);
    return Math.abs(spread / within.sigma - usual.mean) > 3 * usual.sd ? [index + 1] : [];
  });
  return { chart: byRange ? 'xbar-r' : 'xbar-s', tests, stable: signals.length === 0 && spreadBeyond.length === 0, signals, spreadBeyond };
}
