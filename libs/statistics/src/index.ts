// Statistical process control: what the numbers of a process say, computed the same way everywhere and at any later time.
// Guards: every result follows from its inputs alone (no clock, no randomness, sums in fixed order), agrees with published
// reference results, and is refused rather than guessed where the data do not carry it.
export { LARGEST_SUBGROUP, SMALLEST_SUBGROUP, c4, d2, d3 } from './constants.js';
export { judge } from './control-limits.js';
export type { ChartOptions, ControlLimits, Side, Verdict } from './control-limits.js';
export { addIndividual, individualsLimits, individualsLimitsOf, initialIndividualsState, judgeIndividual } from './individuals-chart.js';
export type { IndividualVerdict, IndividualsLimits, IndividualsState } from './individuals-chart.js';
export { lag1Autocorrelation, mean, standardDeviation } from './moments.js';
export { ALL_NELSON_TESTS, NELSON_1984, createRuleWatcher, initialRuleState, nelsonTests, stepRules } from './nelson.js';
export type { NelsonTest, NelsonVariant, RuleLimits, RuleState, RuleWatcher, Signal } from './nelson.js';
export { normalCdf, normalDensity } from './normal.js';
export { StatisticsError } from './statistics-error.js';
export type { StatisticsErrorCode } from './statistics-error.js';
export { emptySum, plus, sumOf, valueOf } from './summation.js';
export type { CompensatedSum } from './summation.js';
export { addSubgroup, initialXbarRState, judgeSubgroup, xbarRLimits, xbarRLimitsForSize, xbarRLimitsOf } from './xbar-r-chart.js';
export type { SizedLimits, Subgroup, SubgroupVerdict, XbarRLimits, XbarRState } from './xbar-r-chart.js';
