// Time until something happens: to the next purchase, the cancelled contract, the complaint.
// Guards: who is only known to have lasted so long counts for that long and no further; an effect the data do not carry (collinear,
// separating, never varying) is refused with the column named.
export { chiSquareUpper } from './chi-square-tail.js';
export type { ChiSquareTest } from './chi-square-tail.js';
export type { Concordance } from './concordance.js';
export { coxRegression } from './cox-regression.js';
export type { CoxCoefficient, CoxFit, CoxOptions } from './cox-regression.js';
export { coxInfluence, coxResiduals, schoenfeldResiduals } from './cox-residuals.js';
export type { CoxRowResiduals, SchoenfeldResidual } from './cox-residuals.js';
export { kaplanMeier, kaplanMeierByGroup } from './kaplan-meier.js';
export type { KaplanMeierOptions, SurvivalCurve, SurvivalPoint } from './kaplan-meier.js';
export type { TieMethod } from './partial-likelihood.js';
export type { Covariate, HazardObservations } from './risk-sets.js';
export type { IntervalScale } from './survival-interval.js';
export type { Label, SurvivalObservations } from './survival-observations.js';
export { restrictedMean, survivalAt, survivalQuantiles } from './survival-reading.js';
export type { RestrictedMean, SurvivalAt, SurvivalQuantile } from './survival-reading.js';
export { coxSurvival } from './cox-survival.js';
export type { CovariateValues, CoxSurvivalCurve, CoxSurvivalPoint } from './cox-survival.js';
export { logRankTest, pairwiseLogRankTests } from './log-rank.js';
export type { LogRankGroup, LogRankObservations, LogRankOptions, LogRankTest, LogRankWeighting, PairwiseLogRank } from './log-rank.js';
export { testProportionality } from './proportionality.js';
export type { ProportionalityOptions, ProportionalityTest, TimeTransform } from './proportionality.js';
export { discreteHazard, discreteSurvival } from './discrete-hazard.js';
export type {
  BaselinePeriods,
  DiscreteHazardCoefficient,
  DiscreteHazardFit,
  DiscreteHazardOptions,
  PeriodForecast,
} from './discrete-hazard.js';
export type { PeriodLink } from './period-link.js';
export type { PeriodClass, PeriodObservations } from './person-periods.js';
export { survivalReferences } from './references.js';
