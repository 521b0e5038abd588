import type { FactorSource } from './chart-factors.js';
import type { ChartOptions, Side } from './control-limits.js';

/** Charts that can be asked for. Their data: see `ChartData`. */
export type ChartType = 'xbar-r' | 'xbar-s' | 'i-mr' | 'p' | 'np' | 'c' | 'u' | 'laney-p' | 'laney-u' | 'ewma' | 'cusum' | 't2';

export const CHART_TYPES: readonly ChartType[] = [
  'xbar-r',
  'xbar-s',
  'i-mr',
  'p',
  'np',
  'c',
  'u',
  'laney-p',
  'laney-u',
  'ewma',
  'cusum',
  't2',
];

/** What one panel plots. The dispersion charts and the lower CUSUM are companions of the chart that was asked for. */
export type Plotted =
  | 'mean'
  | 'range'
  | 'standard-deviation'
  | 'individual'
  | 'moving-range'
  | 'proportion'
  | 'number-defective'
  | 'count'
  | 'rate'
  | 'ewma'
  | 'cusum-upper'
  | 'cusum-lower'
  | 't2';

/**
 * How σ is estimated. Subgroups, named as in the R package qcc: unweighted mean of R/d2 or s/c4 (`UWAVE-R`, `UWAVE-SD`),
 * their minimum-variance linear combination (`MVLUE-R`, `MVLUE-SD`), or the pooled standard deviation over its c4 (`RMSDF`).
 * Individuals: mean moving range over d2 (`MR`), median moving range over d4 (`MEDIAN-MR`), or s/c4 (`SD`).
 */
export type SigmaMethod = 'UWAVE-R' | 'UWAVE-SD' | 'MVLUE-R' | 'MVLUE-SD' | 'RMSDF' | 'MR' | 'MEDIAN-MR' | 'SD';

/** T²: pooled within subgroups or about the mean (`scatter`), or from differences of neighbours (individual vectors only). */
export type CovarianceMethod = 'scatter' | 'successive-differences';

/** What is known of the process from elsewhere; what is missing is estimated. Estimates of an earlier chart may be passed as they are. */
export interface GivenEstimates {
  /** Process mean; p̄, c̄ (a unit) or ū on charts of attributes, whose spread follows from it. */
  readonly center?: number | null;
  /** Standard deviation of single values. */
  readonly sigma?: number | null;
  /** Laney: how many times wider than binomial or Poisson the points spread. */
  readonly sigmaZ?: number | null;
  /** T²: mean vector and covariance matrix of single vectors, and the degrees of freedom the matrix rests on (null: known exactly). */
  readonly mean?: readonly number[] | null;
  readonly covariance?: readonly (readonly number[])[] | null;
  readonly degreesOfFreedom?: number | null;
  /** T²: vectors the mean rests on (null: known exactly). */
  readonly values?: number | null;
}

export interface ControlChartOptions extends ChartOptions {
  /** The first so many points are phase 1, which limits rest on; later ones are only judged. Default: all. 0 needs `given`. */
  readonly phase1?: number;
  readonly given?: GivenEstimates;
  /** Defaults: `UWAVE-R`; for xbar-s `UWAVE-SD`; for individuals `MR`. */
  readonly sigmaMethod?: SigmaMethod;
  /** Default `exact`. */
  readonly factors?: FactorSource;
  /** Individuals: neighbours in a moving range, 2 to 100. Default 2. */
  readonly span?: number;
  /** EWMA: weight of the newest point, above 0 to 1. Default 0.2. */
  readonly lambda?: number;
  /** EWMA: limits by the exact variance of each point, or the value it tends to. Default `exact`. */
  readonly limits?: 'exact' | 'steady';
  /** EWMA: value before the first point. Default: the center line. */
  readonly start?: number;
  /** CUSUM: allowance and decision interval in standard deviations of what is added up. Defaults 0.5 and 5. */
  readonly k?: number;
  readonly h?: number;
  /** CUSUM: both sums start here, in the same unit (fast initial response is h/2). Default 0. */
  readonly headStart?: number;
  /** CUSUM: start anew after a signal. Default false. */
  readonly reset?: boolean;
  /** T²: probability of a false alarm a point. Default 0.0027. */
  readonly alpha?: number;
  readonly covariance?: CovarianceMethod;
}

/** Limits rest on these: plain JSON, to be frozen for phase 2 (`startMonitoring`) or passed as `given`. */
export interface ChartEstimates {
  readonly type: ChartType;
  /** Null on T². */
  readonly center: number | null;
  /** Standard deviation of single values (of one item or unit on charts of attributes); null on T². */
  readonly sigma: number | null;
  readonly method: SigmaMethod | CovarianceMethod | 'binomial' | 'poisson' | 'given';
  readonly sigmaZ: number | null;
  readonly mean: readonly number[] | null;
  readonly covariance: readonly (readonly number[])[] | null;
  readonly degreesOfFreedom: number | null;
  /** Points, and single values or items in them, that the estimates rest on. */
  readonly points: number;
  readonly values: number;
  /** Points left out because they are missing or too small to carry an estimate of spread. */
  readonly omitted: number;
}

/** One plotted point with the limits of its own time and size. */
export interface ChartPoint {
  /** Counted from 1; missing points count. */
  readonly index: number;
  readonly phase: 1 | 2;
  /** Values, items or units in it. */
  readonly n: number;
  /** Null where nothing can be plotted. */
  readonly value: number | null;
  readonly center: number;
  readonly lcl: number;
  readonly ucl: number;
  /** Standard deviation of what is plotted, in which run rules count; null where they do not apply (CUSUM, T²). */
  readonly sigma: number | null;
  /** Took no part in the estimates although it is plotted. */
  readonly excluded: boolean;
  readonly beyond: Side | null;
  /** CUSUM away from zero: the point its run began at, which dates the shift, and the process mean the run estimates. */
  readonly since?: number;
  readonly estimatedMean?: number;
}

/** One panel of points; the dispersion belonging to it is its companion. */
export interface ControlChart {
  readonly type: ChartType;
  readonly plotted: Plotted;
  readonly points: readonly ChartPoint[];
  /** Numbers of the points beyond a limit. */
  readonly beyond: readonly number[];
  readonly estimates: ChartEstimates;
  readonly companion: ControlChart | null;
}

/** The same without an object a point. Typed arrays, NaN where a point is missing; a line that is the same at every point is one number. */
export interface CompactChart {
  readonly type: ChartType;
  readonly plotted: Plotted;
  /** The very array that was passed in, where what is plotted are the values themselves. */
  readonly values: ArrayLike<number | null>;
  readonly center: number | Float64Array;
  readonly lcl: number | Float64Array;
  readonly ucl: number | Float64Array;
  readonly sigma: number | Float64Array | null;
  readonly beyond: readonly number[];
  readonly estimates: ChartEstimates;
  readonly companion: CompactChart | null;
}

/** Values measured together, null where one is missing; a single number on charts of individuals. */
export type Measurements = readonly (number | null)[];
/** Defectives or defects among `size` items or units; both null where the point is missing. */
export interface Attributes {
  readonly count: number | null;
  readonly size: number;
}
/** One vector; null in it makes the point missing. Subgroups are arrays of vectors. */
export type Vector = readonly (number | null)[];
