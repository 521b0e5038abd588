// Process capability: whether what a process makes fits between its limits.
// Guards: Cp and Cpk are refused for a process that is not stable, indices exist only for the limits there are, and powers and
// percentiles stand ready where a normal distribution does not.
export { boxCox, boxCoxFit, boxCoxLogLikelihood } from './box-cox.js';
export type { BoxCoxFit } from './box-cox.js';
export { capability } from './capability.js';
export type { Capability, CapabilityOptions, OverallPerformance } from './capability.js';
export { clementsCapability, pearsonPercentiles } from './clements.js';
export type { ClementsCapability } from './clements.js';
export { capabilityIndices } from './indices.js';
export type { CapabilityIndex, CapabilityIndices, Fallout, ProcessEstimates } from './indices.js';
export { andersonDarling, andersonDarlingPValue, shapiroWilk } from './normality.js';
export type { AndersonDarling, ShapiroWilk } from './normality.js';
export { capabilityOfPercentiles, percentileCapability, sampleQuantile } from './percentile-capability.js';
export type { PercentileCapability, ProcessPercentiles, QuantileType } from './percentile-capability.js';
export { capabilityReferences } from './references.js';
export { specificationOf } from './specification.js';
export type { Specification, SpecificationLimits } from './specification.js';
export type { Stability } from './stability.js';
export { movingRangeSigma, withinSigma } from './within-sigma.js';
export type { WithinMethod, WithinSigma } from './within-sigma.js';
