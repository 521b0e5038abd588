import { constantsOf } from './chart-factors.js';
import { pointAt } from './chart-method.js';
import type { ChartMethod } from './chart-method.js';
import type { ChartEstimates, ControlChartOptions, Measurements } from './chart-shape.js';
import { limitsAround, widthOf } from './control-limits.js';
import type { ControlLimits } from './control-limits.js';
import { addToSubgroups, noSubgroups, standardDeviationOf, statisticsOf, subgroupEstimates, subgroupMethod } from './subgroup-estimates.js';
import type { SubgroupEstimation } from './subgroup-estimates.js';

/**
 * X̄ and R, or X̄ and s: means at σ/√n; ranges around d2(n)·σ with d3(n)·σ, standard deviations around c4(n)·σ with c5(n)·σ.
 * A missing value makes its subgroup smaller; one value left is plotted but carries no spread and takes no part in the estimates.
 * Source: D. C. Montgomery, Introduction to Statistical Quality Control, sections 6.2 and 6.3; I. W. Burr, Control Charts for
 * Measurements with Varying Sample Sizes, Journal of Quality Technology 1 (1969), for the weights of unequal subgroups.
 */
function xbarChart(type: 'xbar-r' | 'xbar-s'): ChartMethod<Measurements, SubgroupEstimation, null> {
  const ofRange = type === 'xbar-r';
  return {
    plots: ['mean', ofRange ? 'range' : 'standard-deviation'],
    begin: () => noSubgroups,
    add: (soFar, subgroup, options) => addToSubgroups(soFar, subgroup, subgroupMethod(type, options), options),
    estimate: (soFar, options) => subgroupEstimates(type, soFar, subgroupMethod(type, options), options),
    monitor: () => null,
    step(memory, subgroup, at, estimates, options) {
      const statistics = statisticsOf(subgroup);
      const n = statistics?.n ?? 0;
      // Nothing measured: the limits that were meant to be.
      const drawn = n || subgroup.length || 1;
      const { center, sigma } = processOf(estimates);
      const sigmaOfMean = sigma / Math.sqrt(drawn);
      const spread = spreadLimits(ofRange, Math.max(2, drawn), sigma, options);
      const value = statistics === null || n < 2 ? null : ofRange ? statistics.range : standardDeviationOf(statistics);
      return {
        memory,
        point: pointAt(at, n, statistics?.mean ?? null, limitsAround(center, widthOf(options) * sigmaOfMean), sigmaOfMean),
        companion: pointAt(at, n, value, spread.limits, spread.sigma),
      };
    },
  };
}

function spreadLimits(ofRange: boolean, n: number, sigma: number, options: ControlChartOptions): { limits: ControlLimits; sigma: number } {
  const { d2, d3, c4, c5 } = constantsOf(options.factors);
  const [center, deviation] = ofRange ? [d2(n) * sigma, d3(n) * sigma] : [c4(n) * sigma, c5(n) * sigma];
  return { limits: limitsAround(center, widthOf(options) * deviation, 0), sigma: deviation };
}

/** Center line and σ of charts of measurements, which always have both. */
export const processOf = ({ center, sigma }: ChartEstimates): { center: number; sigma: number } => ({
  center: center ?? NaN,
  sigma: sigma ?? NaN,
});

export const xbarRChart = xbarChart('xbar-r');
export const xbarSChart = xbarChart('xbar-s');
