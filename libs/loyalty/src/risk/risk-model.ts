import { StatisticsError } from '@touchstone/statistics';
import { calibrated, isotonicCalibration, plattCalibration } from './calibrators.js';
import type { Calibrator } from './calibrators.js';
import type { Cell, RiskColumn, Row } from './columns.js';
import { allRows, designMatrix, encodeRow, specifyDesign } from './design-matrix.js';
import type { DesignSpecification } from './design-matrix.js';
import { splitAt, stratifiedFolds } from './folds.js';
import { logisticRegression } from './logistic-regression.js';
import type { LogisticFit } from './logistic-regression.js';
import { logistic } from '../log-odds.js';
import { eventsOf } from './outcomes.js';
import type { Outcomes } from './outcomes.js';

export interface RiskOptions {
  /** As in `logisticRegression`; default l2 1, l1 0. */
  readonly l2?: number;
  readonly l1?: number;
  /** Fitted on scores from folds held out (5, drawn by this seed), as scores of the fitting rows themselves are too extreme. Default none. */
  readonly calibration?: { readonly method: 'platt' | 'isotonic'; readonly seed: number; readonly folds?: number };
}

/** Everything needed to score a customer: plain JSON. */
export interface RiskModel {
  readonly design: DesignSpecification;
  /** Log-odds of the mean profile: every feature at its mean over the fitting rows. */
  readonly base: number;
  /** One for each feature of the design. */
  readonly coefficients: readonly number[];
  readonly calibrator: Calibrator | null;
  readonly fit: LogisticFit;
}

/** What one column adds, in log-odds, compared with the mean profile. */
export interface Contribution {
  readonly column: string;
  readonly value: Cell;
  readonly contribution: number;
}

export interface RiskScore {
  /** Log-odds: `base` plus the contributions, added one after the other in the order listed, and therefore equal to that sum to the last bit. */
  readonly score: number;
  /** Of the event, calibrated where the model is. */
  readonly probability: number;
  readonly base: number;
  readonly contributions: readonly Contribution[];
}

/**
 * Fits a logistic risk model to columns.
 * @param rows which rows to fit to, 0-based; default all
 * @throws StatisticsError as `specifyDesign` and `logisticRegression`
 */
export function fitRisk(
  columns: readonly RiskColumn[],
  outcomes: Outcomes,
  options: RiskOptions = {},
  rows: ArrayLike<number> = allRows(columns),
): RiskModel {
  if (columns[0].values.length !== outcomes.length) {
    throw new StatisticsError(
      'BAD_DATA',
      `${columns[0].values.length} rows but ${outcomes.length} outcomes; give one outcome for each row`,
    );
  }
  const uncalibrated = fitScore(columns, outcomes, options, rows);
  const { calibration } = options;
  if (calibration === undefined) return uncalibrated;
  const chosen = taken(outcomes, rows);
  const assignment = stratifiedFolds(chosen, calibration.folds ?? 5, calibration.seed);
  const scores = new Float64Array(rows.length);
  for (let fold = 0; fold < (calibration.folds ?? 5); fold += 1) {
    const { fitting, held } = splitAt(assignment, fold);
    const model = fitScore(columns, outcomes, options, taken(rows, fitting));
    const heldScores = riskScores(model, columns, taken(rows, held)).scores;
    for (const [index, at] of held.entries()) scores[at] = heldScores[index];
  }
  const calibrator = calibration.method === 'platt' ? plattCalibration(scores, chosen) : isotonicCalibration(scores, chosen);
  return { ...uncalibrated, calibrator };
}

function fitScore(columns: readonly RiskColumn[], outcomes: Outcomes, options: RiskOptions, rows: ArrayLike<number>): RiskModel {
  const { l2 = 1, l1 = 0 } = options;
  const design = specifyDesign(columns, rows);
  const chosen = taken(outcomes, rows);
  eventsOf(chosen);
  const fit = logisticRegression(designMatrix(design, columns, rows), chosen, { l2, l1 });
  const coefficients = fit.coefficients.map(({ estimate }) => estimate);
  const base = design.features.reduce((sum, { mean }, index) => sum + coefficients[index] * mean, fit.intercept.estimate);
  return { design, base, coefficients, calibrator: null, fit };
}

/** One customer's score with its reasons. @throws StatisticsError `BAD_DATA`, `NOT_FINITE` naming the column */
export function scoreRisk(model: RiskModel, row: Row): RiskScore {
  const features = encodeRow(model.design, row);
  const each = contributionsOf(model, features, 0);
  const contributions = model.design.terms.map(({ column }, index) => ({ column, value: row[column], contribution: each[index] }));
  const score = sumFrom(model.base, each);
  return { score, probability: probabilityOf(model, score), base: model.base, contributions };
}

/** Scores of many customers, each the same number as `scoreRisk` gives. @throws StatisticsError `BAD_DATA`, `NOT_FINITE` naming column and row */
export function riskScores(
  model: RiskModel,
  columns: readonly RiskColumn[],
  rows?: ArrayLike<number>,
): { readonly scores: Float64Array; readonly probabilities: Float64Array } {
  const matrix = designMatrix(model.design, columns, rows);
  const scores = Float64Array.from({ length: matrix.rows }, (_, row) =>
    sumFrom(model.base, contributionsOf(model, matrix.values, row * matrix.features.length)),
  );
  return { scores, probabilities: scores.map((score) => probabilityOf(model, score)) };
}

const probabilityOf = ({ calibrator }: RiskModel, score: number): number =>
  calibrator === null ? logistic(score) : calibrated(calibrator, score);

/** Plain additions from left to right: the definition of the score. */
const sumFrom = (base: number, contributions: readonly number[]): number =>
  contributions.reduce((sum, contribution) => sum + contribution, base);

function contributionsOf({ design, coefficients }: RiskModel, values: Float64Array, offset: number): number[] {
  let feature = 0;
  return design.terms.map((term) => {
    let contribution = 0;
    for (const mean of term.means) {
      contribution += coefficients[feature] * (values[offset + feature] - mean);
      feature += 1;
    }
    return contribution;
  });
}

/** The values at these positions. */
export function taken(values: ArrayLike<number>, positions: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: positions.length }, (_, index) => values[positions[index]]);
}
