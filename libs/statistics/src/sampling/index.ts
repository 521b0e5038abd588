// Acceptance sampling by attributes. Guards: a cell of the tables is either the standard's or says that it is not.
export { AQLS, CODE_LETTERS, INSPECTION_LEVELS, codeLetter } from './code-letters.js';
export type { CodeLetter, InspectionLevel } from './code-letters.js';
export type { SamplingScheme, Severity } from './master-tables.js';
export { customPlan, samplingPlan } from './sampling-plan.js';
export type { Measure, PlanRequest, SamplingPlan, SamplingType, Stage, Stages, Substitution } from './sampling-plan.js';
export { judgeLot } from './judge-lot.js';
export type { Curtailment, JudgeOptions, LotDecision, LotReason, LotVerdict } from './judge-lot.js';
export type { CountModel, Quality } from './count-distribution.js';
export { acceptanceProbability, operatingCharacteristic, planPerformance } from './operating-characteristic.js';
export type { OcPoint, PlanPerformance } from './operating-characteristic.js';
export { USUAL_ACCEPTANCE, planRisks, qualityAt, qualityPoints } from './quality-levels.js';
export type { PlanRisks, QualityPoint } from './quality-levels.js';
export { outgoingQuality, outgoingQualityLimit } from './rectifying-inspection.js';
export type { OutgoingQuality, OutgoingQualityLimit } from './rectifying-inspection.js';
export { curtailedSampleNumber } from './curtailed-inspection.js';
export type { CurtailedOptions } from './curtailed-inspection.js';
export { twoPointPlan } from './two-point-plan.js';
export type { TwoPointPlan, TwoPointRequest } from './two-point-plan.js';
export { limitNumber } from './limit-numbers.js';
export { initialSwitchingState, resumeInspection, stepSwitching } from './switching.js';
export type {
  InspectedLot,
  InspectionStatus,
  LotOnRecord,
  ReducedObstacle,
  SwitchingOptions,
  SwitchingReason,
  SwitchingState,
  SwitchingStep,
} from './switching.js';
export { analysePlan } from './plan-analysis.js';
export type { AnalysisOptions, AnalysisPoint, PlanAnalysis } from './plan-analysis.js';
export { samplingReferences } from './references.js';
export { rectifyingPlan } from './rectifying-plan.js';
export type { Protection, RectifyingPlan, RectifyingRequest } from './rectifying-plan.js';
