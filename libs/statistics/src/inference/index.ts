// What a sample says about the process it came from: proportions and rates with exact intervals, trends, change points, how large a
// sample must be, and which few causes make up most of the trouble. Guards: exact tests are exact, what is random depends on the
// given seed alone, and data that carry no answer are refused.
export { changePoint, changePoints } from './change-point.js';
export type { ChangePoint, ChangePointMethod, ChangePointOptions, ChangePoints, ChangePointsOptions, Segment } from './change-point.js';
export type { Alternative, ConfidenceOptions, Interval, Tails } from './arguments.js';
export { fisherExact } from './fisher-exact.js';
export type { FisherExact } from './fisher-exact.js';
export { pareto } from './pareto.js';
export type { ParetoAnalysis, ParetoEntries, ParetoItem, ParetoOptions } from './pareto.js';
export { clopperPearsonInterval, proportion } from './proportions.js';
export type { ProportionAnalysis, ProportionOptions } from './proportions.js';
export { compareRates, poissonRate } from './rates.js';
export type { RateAnalysis, RateComparison } from './rates.js';
export { linearTrend } from './regression.js';
export type { Coefficient, LinearTrend, LinearTrendOptions } from './regression.js';
export {
  sampleSizeForMean,
  sampleSizeForProportion,
  sampleSizeToCompareMeans,
  sampleSizeToCompareProportions,
  sampleSizeToDetect,
  sampleSizeToTestProportion,
} from './sample-size.js';
export type { EstimationOptions, PowerOptions, SampleSize, SuccessRunOptions } from './sample-size.js';
export { mannKendall, senSlope } from './trend.js';
export type { MannKendall, MannKendallOptions, SenSlope, TrendOptions } from './trend.js';
export { compareProportions } from './two-proportions.js';
export type { ProportionComparison, RatioInterval } from './two-proportions.js';
export { inferenceReferences } from './references.js';
