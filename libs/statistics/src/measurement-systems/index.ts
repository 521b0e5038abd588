// Measurement systems analysis: how much of what is measured comes from the measuring itself.
// Guards: unbalanced studies are refused with the cell that is missing, negative variance components count as 0 and are named,
// and a kappa that chance alone explains is no number.
export { attributeAgreement, shareOf } from './attribute-agreement.js';
export type {
  AppraiserAgreement,
  AttributeAgreement,
  AttributeOptions,
  AttributeStudy,
  DecisionErrors,
  Share,
} from './attribute-agreement.js';
export { biasStudy } from './bias.js';
export type { BiasOptions, BiasStudy } from './bias.js';
export { gageAnova } from './gage-rr-anova.js';
export type { GageAnova, GageAnovaOptions } from './gage-rr-anova.js';
export { gageNested } from './gage-rr-nested.js';
export type { GageNested } from './gage-rr-nested.js';
export { gageRange } from './gage-rr-range.js';
export type { GageRange, GageRangeOptions } from './gage-rr-range.js';
export { cohenKappa, cohenKappaOfTable, fleissKappa, fleissKappaOfCounts, kendallConcordance } from './kappa.js';
export type { CohenKappa, CohenOptions, Concordance, FleissKappa, TestedKappa } from './kappa.js';
export { linearityStudy } from './linearity.js';
export type { BiasAtReference, Coefficient, LinearityOptions, LinearityStudy } from './linearity.js';
export type { AnovaRow } from './mean-squares.js';
export { chiMean, d2Star, equivalentDegreesOfFreedom, rangeDegreesOfFreedom } from './range-factors.js';
export { measurementSystemsReferences } from './references.js';
export type { GageStudy, Name } from './study-layout.js';
export type { DistinctCategories, VarianceInterval, Variation, VariationOptions, VariationSource } from './variation.js';
