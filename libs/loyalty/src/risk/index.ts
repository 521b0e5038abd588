// Who is likely to leave, and why: logistic risk models, their calibration and judgement, and points scorecards.
// Guards: a score is the sum of its reasons to the last bit, a risk never moves against the direction it was promised,
// the same rows and seed give the same numbers everywhere, and data that decide nothing are refused.
export { brier } from './brier.js';
export type { Brier } from './brier.js';
export { calibrationReport } from './calibration.js';
export type { CalibrationGroup, CalibrationOptions, CalibrationReport } from './calibration.js';
export { calibrated, isotonicCalibration, plattCalibration } from './calibrators.js';
export type { Calibrator, IsotonicCalibrator, PlattCalibrator } from './calibrators.js';
export { MISSING_LEVEL } from './columns.js';
export type { CategoricalColumn, Cell, Monotone, NumericColumn, RiskColumn, Row } from './columns.js';
export { assessRisk, crossValidateRisk } from './cross-validation.js';
export type { CrossValidation, FoldChoice, RiskAssessment } from './cross-validation.js';
export { designMatrix, encodeRow, specifyDesign } from './design-matrix.js';
export type { DesignMatrix, DesignSpecification, Feature } from './design-matrix.js';
export { auc, aucDifference, averagePrecision } from './discrimination.js';
export type { Auc, AucDifference, AucOptions } from './discrimination.js';
export { stratifiedFolds } from './folds.js';
export { isotonicBlocks, isotonicRegression } from './isotonic.js';
export type { IsotonicBlock } from './isotonic.js';
export { liftTable } from './lift.js';
export type { LiftGroup } from './lift.js';
export { logisticRegression } from './logistic-regression.js';
export type { Coefficient, LogisticFit, LogisticOptions } from './logistic-regression.js';
export type { Outcomes } from './outcomes.js';
export { fitRisk, riskScores, scoreRisk } from './risk-model.js';
export type { Contribution, RiskModel, RiskOptions, RiskScore } from './risk-model.js';
export { buildScorecard, pointsScale, scorePoints } from './scorecard.js';
export type {
  PointsScale,
  PointsScore,
  Scorecard,
  ScorecardBin,
  ScorecardColumn,
  ScorecardOptions,
  ScorecardSection,
} from './scorecard.js';
export { binLevels, binNumbers, weighEvidence } from './weight-of-evidence.js';
export type { Bin, BinCounts, BinnedColumn, Binning, BinRange } from './weight-of-evidence.js';
