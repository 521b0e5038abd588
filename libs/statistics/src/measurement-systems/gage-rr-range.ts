import { d2 } from '../charts/constants.js';
import { StatisticsError } from '../statistics-error.js';
import { meanOf } from './gage-rr-anova.js';
import { d2Star } from './range-factors.js';
import { crossedLayout } from './study-layout.js';
import type { GageStudy } from './study-layout.js';
import { distinctCategories, variationTable } from './variation.js';
import type { DistinctCategories, Variation, VariationOptions } from './variation.js';

export interface GageRangeOptions extends VariationOptions {
  /** What the mean range of the trials is divided by: `d2` (default, the printed K1 of AIAG) or `d2-star` for its number of ranges. */
  readonly repeatabilityFactor?: 'd2' | 'd2-star';
}

/** Crossed gage R&R by the average and range method. */
export interface GageRange extends Variation, DistinctCategories {
  readonly study: { readonly parts: number; readonly operators: number; readonly trials: number };
  /** R̄ over operators and parts, the range of the operators' means, and the range of the parts' means. */
  readonly meanRange: number;
  readonly operatorRange: number;
  readonly partRange: number;
  readonly byOperator: readonly { readonly operator: string; readonly mean: number; readonly meanRange: number }[];
  /** K1 for trials, K2 for operators, K3 for parts. */
  readonly factors: { readonly k1: number; readonly k2: number; readonly k3: number };
  /** `operators` where their range is no more than repeatability explains; it counts as 0. */
  readonly setToZero: readonly 'operators'[];
}

/**
 * Gage R&R by averages and ranges: EV = R̄·K1, AV = √((X̄diff·K2)² − EV²/(nr)), PV = Rp·K3, GRR² = EV² + AV², TV² = GRR² + PV².
 * K1 = 1/d2(r), K2 = 1/d2*(operators, one range), K3 = 1/d2*(parts, one range); the interaction stays inside these.
 * Source: AIAG, Measurement Systems Analysis, 4th ed., chapter III section B, figures III-B 15 and 16.
 *
 * @throws StatisticsError as `gageAnova`; `SIZE_OUT_OF_RANGE` above 100 trials, operators or parts
 */
export function gageRange(study: GageStudy, options: GageRangeOptions = {}): GageRange {
  const { cells, parts, operators, trials } = crossedLayout(study);
  if (trials < 2) throw new StatisticsError('TOO_FEW_POINTS', 'repeatability needs at least two trials of each part');
  const ranges = cells.map((row) => row.map(rangeOf));
  const byOperator = cells.map((row, index) => ({
    operator: operators[index],
    mean: meanOf(row.flat()),
    meanRange: meanOf(ranges[index]),
  }));
  const meanRange = meanOf(byOperator.map((row) => row.meanRange));
  const operatorRange = rangeOf(byOperator.map((row) => row.mean));
  const partRange = rangeOf(parts.map((_, part) => meanOf(cells.flatMap((row) => row[part]))));
  const perTrial = options.repeatabilityFactor === 'd2-star' ? d2Star(trials, parts.length * operators.length) : d2(trials);
  const factors = { k1: 1 / perTrial, k2: 1 / d2Star(operators.length, 1), k3: 1 / d2Star(parts.length, 1) };
  const ofError = (meanRange * factors.k1) ** 2;
  const raw = (operatorRange * factors.k2) ** 2 - ofError / (parts.length * trials);
  const ofOperators = Math.max(0, raw);
  const ofParts = (partRange * factors.k3) ** 2;
  const gage = ofError + ofOperators;
  const source = variationTable(gage + ofParts, options);
  return {
    study: { parts: parts.length, operators: operators.length, trials },
    meanRange,
    operatorRange,
    partRange,
    byOperator,
    factors,
    repeatability: source(ofError),
    reproducibility: source(ofOperators),
    gageRR: source(gage),
    parts: source(ofParts),
    total: source(gage + ofParts),
    ...distinctCategories(Math.sqrt(ofParts), Math.sqrt(gage)),
    setToZero: raw < 0 ? ['operators'] : [],
  };
}

function rangeOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
