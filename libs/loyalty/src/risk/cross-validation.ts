import { StatisticsError, mean, standardDeviation } from '@touchstone/statistics';
import { brier } from './brier.js';
import type { Brier } from './brier.js';
import { calibrationReport } from './calibration.js';
import type { CalibrationReport } from './calibration.js';
import type { RiskColumn } from './columns.js';
import { auc, averagePrecision } from './discrimination.js';
import type { Auc } from './discrimination.js';
import { splitAt, stratifiedFolds } from './folds.js';
import { liftTable } from './lift.js';
import type { LiftGroup } from './lift.js';
import { eventsOf } from './outcomes.js';
import type { Outcomes } from './outcomes.js';
import { fitRisk, riskScores, taken } from './risk-model.js';
import type { RiskOptions } from './risk-model.js';

/** Folds drawn by a seed, or given: a fold number from 0 for each row. */
export type FoldChoice = { readonly folds: number; readonly seed: number } | { readonly assignment: ArrayLike<number> };

/** How well probabilities foretold the outcomes. */
export interface RiskAssessment {
  readonly auc: Auc;
  readonly averagePrecision: number;
  readonly brier: Brier;
  readonly calibration: CalibrationReport;
  readonly lift: readonly LiftGroup[];
}

export interface CrossValidation extends RiskAssessment {
  readonly n: number;
  readonly events: number;
  readonly folds: readonly { readonly fold: number; readonly n: number; readonly events: number; readonly auc: number }[];
  readonly aucMean: number;
  /** Of the folds' areas, divisor folds − 1. */
  readonly aucStandardDeviation: number;
  /** Probability of each row by the model that had not seen it. */
  readonly probabilities: readonly number[];
}

/**
 * AUC, Brier score, calibration and lift of probabilities. The table has ten groups.
 * @throws StatisticsError `BAD_DATA`, `NOT_FINITE`, `TOO_FEW_POINTS` below ten rows
 */
export function assessRisk(probabilities: ArrayLike<number>, outcomes: Outcomes): RiskAssessment {
  return {
    auc: auc(probabilities, outcomes),
    averagePrecision: averagePrecision(probabilities, outcomes),
    brier: brier(probabilities, outcomes),
    calibration: calibrationReport(probabilities, outcomes),
    lift: liftTable(probabilities, outcomes),
  };
}

/**
 * k-fold cross-validation: each fold is judged by a model fitted to the others, with all that is learnt from data (means, levels, calibration)
 * learnt anew. Area by fold from the scores; everything else from the probabilities of all held-out rows together.
 * @throws StatisticsError as `fitRisk`; `BAD_OPTION` for an assignment that leaves a fold empty
 */
export function crossValidateRisk(
  columns: readonly RiskColumn[],
  outcomes: Outcomes,
  choice: FoldChoice,
  options: RiskOptions = {},
): CrossValidation {
  const events = eventsOf(outcomes);
  const assignment = 'assignment' in choice ? given(choice.assignment, outcomes) : stratifiedFolds(outcomes, choice.folds, choice.seed);
  const count = assignment.reduce((most, fold) => Math.max(most, fold), 0) + 1;
  const probabilities = new Float64Array(outcomes.length);
  const folds = Array.from({ length: count }, (_, fold) => {
    const { fitting, held } = splitAt(assignment, fold);
    if (held.length === 0) throw new StatisticsError('BAD_OPTION', `fold ${fold} has no rows; number folds from 0 without gaps`);
    const model = fitRisk(columns, outcomes, options, fitting);
    const result = riskScores(model, columns, held);
    for (const [index, row] of held.entries()) probabilities[row] = result.probabilities[index];
    const area = auc(result.scores, taken(outcomes, held));
    return { fold, n: held.length, events: area.events, auc: area.estimate };
  });
  const areas = folds.map((fold) => fold.auc);
  return {
    n: outcomes.length,
    events,
    folds,
    aucMean: mean(areas),
    aucStandardDeviation: standardDeviation(areas),
    ...assessRisk(probabilities, outcomes),
    probabilities: [...probabilities],
  };
}

function given(assignment: ArrayLike<number>, outcomes: Outcomes): Int32Array {
  if (assignment.length !== outcomes.length) {
    throw new StatisticsError('BAD_OPTION', `${outcomes.length} rows but ${assignment.length} fold numbers; give one for each row`);
  }
  return Int32Array.from({ length: assignment.length }, (_, row) => {
    const fold = assignment[row];
    if (!(Number.isInteger(fold) && fold >= 0 && fold < assignment.length))
      throw new StatisticsError('BAD_OPTION', `fold of row ${row + 1} is ${fold}, not a whole number from 0`);
    return fold;
  });
}
