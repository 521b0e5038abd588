// Statistical process control: what the numbers of a process say, computed the same way everywhere and at any later time.
// Guards: every result follows from its inputs alone (no clock, no randomness, sums in fixed order), agrees with published
// reference results, and is refused rather than guessed where the data do not carry it.
export { LARGEST_SUBGROUP, SMALLEST_SUBGROUP, c4, d2, d3, d4 } from './charts/constants.js';
export { judge } from './charts/control-limits.js';
export type { ChartOptions, ControlLimits, Side, Verdict } from './charts/control-limits.js';
export {
  addIndividual,
  individualsLimits,
  individualsLimitsOf,
  initialIndividualsState,
  judgeIndividual,
} from './charts/individuals-chart.js';
export type { IndividualVerdict, IndividualsLimits, IndividualsState } from './charts/individuals-chart.js';
export { decimalMoments } from './numerics/decimal-moments.js';
export type { DecimalMoments } from './numerics/decimal-moments.js';
export { lag1Autocorrelation, mean, standardDeviation } from './numerics/moments.js';
export { ALL_NELSON_TESTS, NELSON_1984, createRuleWatcher, initialRuleState, nelsonTests, stepRules } from './rules/nelson.js';
export type { NelsonTest, NelsonVariant, RuleLimits, RuleState, RuleWatcher, Signal } from './rules/nelson.js';
export { RULE_NUMBERS, WESTERN_ELECTRIC_1956, ruleText } from './rules/rule-sets.js';
export type { RuleNumber, RuleOptions, RuleSet } from './rules/rule-sets.js';
export { createRuleStream } from './rules/rule-stream.js';
export type { RuleSignal, RuleStream } from './rules/rule-stream.js';
export { runRules, scanRules } from './rules/run-rules.js';
export type { ChartRuleLimits, RuleReport, RunRulesOptions, SignalColumns } from './rules/run-rules.js';
export { normalCdf, normalDensity } from './numerics/normal.js';
export { power } from './numerics/power.js';
export { StatisticsError } from './statistics-error.js';
export type { StatisticsErrorCode } from './statistics-error.js';
export { emptySum, plus, sumOf, valueOf } from './numerics/summation.js';
export type { CompensatedSum } from './numerics/summation.js';
export { addSubgroup, initialXbarRState, judgeSubgroup, xbarRLimits, xbarRLimitsForSize, xbarRLimitsOf } from './charts/xbar-r-chart.js';
export type { SizedLimits, Subgroup, SubgroupVerdict, XbarRLimits, XbarRState } from './charts/xbar-r-chart.js';
