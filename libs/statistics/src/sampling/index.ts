// Acceptance sampling by attributes. Guards: a cell of the tables is either the standard's or says that it is not.
export { AQLS, CODE_LETTERS, INSPECTION_LEVELS, codeLetter } from './code-letters.js';
export type { CodeLetter, InspectionLevel } from './code-letters.js';
export type { SamplingScheme, Severity } from './master-tables.js';
export { customPlan, samplingPlan } from './sampling-plan.js';
export type { Measure, PlanRequest, SamplingPlan, SamplingType, Stage, Stages, Substitution } from './sampling-plan.js';
