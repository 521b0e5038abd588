// What quality failures did to loyalty: effects of exposure on churn and repeat purchase, with how sure the data make us.
// Guards: no claim below a minimum n, none adjusted for what the failure itself changed (mediators, colliders, later measurements),
// none that a negative control contradicts without saying so; strata that cannot be compared are named, and shares sum to the total.
export { compareExposed, compareStrata } from './compare-exposed.js';
export type { Comparison, ComparisonOptions, ControlColumn, DroppedStratum, ExposureComparison, StratumResult } from './compare-exposed.js';
export { COVARIATE_ROLES, checkAdjustment, checkMeasuredBefore } from './covariates.js';
export type { Covariate, CovariateDeclaration, CovariateRole, MeasuredWhen } from './covariates.js';
export { COVERAGE_SEEDS, COVERAGE_TARGET, STUDIED_ESTIMATORS, coverageBounds, coverageStudy } from './coverage.js';
export type { CoverageBounds, CoverageStudy, StudiedEstimator } from './coverage.js';
export { differenceInDifferences } from './difference-in-differences.js';
export type { ArmChange, BeforeAfterColumns, DifferenceInDifferences } from './difference-in-differences.js';
export { eValue } from './e-value.js';
export type { EValue, EValueOptions, RatioMeasure } from './e-value.js';
export { claimsEffect } from './estimate.js';
export type { Estimate } from './estimate.js';
export { eventStudy } from './event-study.js';
export type { EventStudy, EventStudyOptions, PanelColumns, PeriodEffect, PreTrendTest } from './event-study.js';
export { churnDifferenceShares, devianceShares, rSquaredShares } from './explained-shares.js';
export type { ChurnDifferenceShares, Factor, SharesOptions } from './explained-shares.js';
export { exposureHazard } from './exposure-hazard.js';
export type { AdjustmentTerm, ExposureHazard, ExposureHazardOptions, ExposureTime } from './exposure-hazard.js';
export { exposureRows } from './exposure-rows.js';
export type { AccountHistory, ExposureRow, ExposureRowOptions } from './exposure-rows.js';
export type { ChiSquareTest, DifferenceVariance, StratumCounts } from './mantel-haenszel.js';
export { DEFAULT_MINIMUMS, MINIMUM_REASONS } from './minimums.js';
export type { Minimums } from './minimums.js';
export { attributionReferences } from './references.js';
export { judgeNegativeControl, withNegativeControls } from './negative-control.js';
export type { ControlVerdict, NegativeControlKind, NegativeControlResult } from './negative-control.js';
export { randomFrom, randomFromState } from './random.js';
export type { RandomSource, RandomState } from './random.js';
export { MOST_EXACT_FACTORS, shapleyShares } from './shapley.js';
export type { SetValue, ShapleyOptions, ShapleyShares, Share } from './shapley.js';
export { columnsAdjustedForSite, simulateComparison, simulateHistories, simulatePanel } from './simulator.js';
export type { ComparisonWorld, HazardWorld, PanelWorld, SimulatedComparison, SimulatedHistories } from './simulator.js';
export { stratify } from './strata.js';
export type { ExposureColumns } from './strata.js';
