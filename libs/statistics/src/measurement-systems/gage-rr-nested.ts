import { meanOf, squares } from './gage-rr-anova.js';
import { StatisticsError } from '../statistics-error.js';
import { anovaRow, modifiedLargeSampleInterval } from './mean-squares.js';
import type { AnovaRow } from './mean-squares.js';
import { nestedLayout } from './study-layout.js';
import type { GageStudy } from './study-layout.js';
import { distinctCategories, levelOf, variationTable } from './variation.js';
import type { DistinctCategories, VarianceInterval, Variation, VariationOptions } from './variation.js';

/** Nested gage R&R: every operator had parts of their own, all random. */
export interface GageNested extends Variation, DistinctCategories {
  readonly study: { readonly partsEach: number; readonly operators: number; readonly trials: number };
  readonly anova: {
    readonly operators: AnovaRow;
    readonly partsWithinOperators: AnovaRow;
    readonly repeatability: AnovaRow;
    readonly total: { readonly sumOfSquares: number; readonly df: number };
  };
  /** Variance components whose estimate was negative; they count as 0. */
  readonly setToZero: readonly ('operators' | 'parts')[];
  /** Of variances, by modified large samples (repeatability: exact). */
  readonly intervals: Readonly<Record<'repeatability' | 'reproducibility' | 'gageRR' | 'parts' | 'total', VarianceInterval>>;
}

/**
 * Gage R&R of a nested study, for tests that destroy the part: σ²(E) = MSE, σ²(P) = (MSP(O) − MSE)/r, σ²(O) = (MSO − MSP(O))/(pr)
 * with p parts for each operator. The trials of a part are then different specimens taken to be alike.
 * Source: D. C. Montgomery, Design and Analysis of Experiments, section 14.1; AIAG, Measurement Systems Analysis, 4th ed., chapter IV.
 *
 * @throws StatisticsError `BAD_DATA` naming what is uneven, or when nothing varies; `TOO_FEW_POINTS`, `NOT_FINITE`, `BAD_OPTION`
 */
export function gageNested(study: GageStudy, options: VariationOptions & { readonly level?: number } = {}): GageNested {
  const { cells, operators: names, partsEach: p, trials: r } = nestedLayout(study);
  if (r < 2) throw new StatisticsError('TOO_FEW_POINTS', 'repeatability needs at least two specimens of each part');
  const o = names.length;
  const anova = nestedAnova(cells);
  const { operators, partsWithinOperators, repeatability } = anova;
  const estimates = {
    operators: (operators.meanSquare - partsWithinOperators.meanSquare) / (p * r),
    parts: (partsWithinOperators.meanSquare - repeatability.meanSquare) / r,
  };
  const ofOperators = Math.max(0, estimates.operators);
  const ofParts = Math.max(0, estimates.parts);
  const gage = repeatability.meanSquare + ofOperators;
  const source = variationTable(gage + ofParts, options);
  const level = levelOf(options.level);
  const interval = (...weights: readonly [number, number, number]): VarianceInterval =>
    modifiedLargeSampleInterval(
      [operators, partsWithinOperators, repeatability].map((row, index) => ({ ...row, weight: weights[index] })),
      level,
    );
  return {
    study: { partsEach: p, operators: o, trials: r },
    anova,
    repeatability: source(repeatability.meanSquare),
    reproducibility: source(ofOperators),
    gageRR: source(gage),
    parts: source(ofParts),
    total: source(gage + ofParts),
    ...distinctCategories(Math.sqrt(ofParts), Math.sqrt(gage)),
    setToZero: (['operators', 'parts'] as const).filter((name) => estimates[name] < 0),
    intervals: {
      repeatability: interval(0, 0, 1),
      reproducibility: interval(1 / (p * r), -1 / (p * r), 0),
      gageRR: interval(1 / (p * r), -1 / (p * r), 1),
      parts: interval(0, 1 / r, -1 / r),
      total: interval(1 / (p * r), 1 / r - 1 / (p * r), 1 - 1 / r),
    },
  };
}

function nestedAnova(cells: readonly (readonly (readonly number[])[])[]): GageNested['anova'] {
  const [o, p, r] = [cells.length, cells[0].length, cells[0][0].length];
  const center = meanOf(cells.flat(2));
  const means = cells.map((row) => row.map((cell) => meanOf(cell.map((value) => value - center))));
  const byOperator = means.map(meanOf);
  const ofOperators = p * r * squares(byOperator);
  const ofParts = r * squares(means.flatMap((row, operator) => row.map((mean) => mean - byOperator[operator])));
  const ofError = squares(
    cells.flatMap((row, operator) => row.flatMap((cell, part) => cell.map((value) => value - center - means[operator][part]))),
  );
  const repeatability = anovaRow(ofError, o * p * (r - 1));
  const partsWithinOperators = anovaRow(ofParts, o * (p - 1), repeatability);
  return {
    operators: anovaRow(ofOperators, o - 1, partsWithinOperators),
    partsWithinOperators,
    repeatability,
    total: { sumOfSquares: ofOperators + ofParts + ofError, df: o * p * r - 1 },
  };
}
