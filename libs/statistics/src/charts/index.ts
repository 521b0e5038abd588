// Every kind of control chart in one shape, in batch and point by point. Apart from the two charts that services run, because
// Hotelling's T² brings distributions and linear algebra along, which take a quarter of a second to load.
export { attributesOf } from './attribute-chart.js';
export { c5, chartFactors } from './chart-factors.js';
export type { ChartFactors, FactorSource } from './chart-factors.js';
export { CHART_TYPES } from './chart-shape.js';
export type {
  Attributes,
  ChartEstimates,
  ChartPoint,
  ChartType,
  CompactChart,
  ControlChart,
  ControlChartOptions,
  CovarianceMethod,
  GivenEstimates,
  Measurements,
  Plotted,
  SigmaMethod,
  Vector,
} from './chart-shape.js';
export { addObservation, beginEstimation, estimatesOf, observe, startMonitoring } from './chart-stream.js';
export type { EstimationState, MonitoringState } from './chart-stream.js';
export { chartEstimates, compactChart, controlChart } from './control-chart.js';
export type { ChartData, ChartDatum } from './control-chart.js';
export { rationalSubgroups } from './rational-subgroups.js';
