// Repeat purchase: who still buys, how often they will, and what that is worth, from nothing but a log of purchases. Guards: a
// history that cannot have happened is refused; estimates come from an optimum that was reached, with their errors; every result
// follows from the set of customers alone, whatever their order; nothing cancels for frequent customers or long times.
export { analyseRepeatPurchase } from './analysis.js';
export type { CustomerOutlook, RepeatPurchaseAnalysis, RepeatPurchaseOptions } from './analysis.js';
export { fitBgNbd } from './bg-nbd.js';
export type { CustomerHistory } from './customer-history.js';
export { expectedSpend, fitGammaGamma } from './gamma-gamma.js';
export type { CustomerSpend, FittedGammaGamma, GammaGamma, GammaGammaParameters } from './gamma-gamma.js';
export { compareHoldout, expectedFrequencies, trackRepeatPurchases } from './goodness.js';
export type { FrequencyCount, HoldoutComparison, HoldoutGroup, TrackingPoint } from './goodness.js';
export { dayNumberOf } from './iso-day.js';
export type { Day } from './iso-day.js';
export { lifetimeValue } from './lifetime-value.js';
export type { LifetimeValue, LifetimeValueOptions } from './lifetime-value.js';
export type { Convergence, Fit, FitOptions, ParameterEstimate } from './maximum-likelihood.js';
export type {
  BgNbd,
  BgNbdParameters,
  FittedBgNbd,
  FittedData,
  FittedParetoNbd,
  ParetoNbd,
  ParetoNbdParameters,
  RepeatPurchaseModel,
} from './model.js';
export { fitParetoNbd } from './pareto-nbd.js';
export { expectedPurchases, expectedPurchasesOf, logLikelihoodOf, probabilityAlive, purchaseCountProbability } from './predictions.js';
export { summariesOf } from './purchase-log.js';
export type { CustomerSummary, PurchaseLog, PurchaseSummaries, SummaryOptions } from './purchase-log.js';
export { repeatPurchaseReferences } from './references.js';
