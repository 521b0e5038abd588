import { sumOf } from '../numerics/summation.js';
import { tQuantile, tTwoSided } from '../numerics/distributions.js';
import { StatisticsError, finite } from '../statistics-error.js';
import { biasStudy } from './bias.js';
import { assertColumns } from './study-layout.js';
import { levelOf } from './variation.js';

/** A coefficient of the line; null where the points lie on it exactly. */
export interface Coefficient {
  readonly estimate: number;
  readonly standardError: number;
  readonly t: number | null;
  readonly pValue: number | null;
  readonly lower: number;
  readonly upper: number;
}

/** The bias at one reference value: of the data, and of the line with its confidence band. */
export interface BiasAtReference {
  readonly reference: number;
  readonly n: number;
  readonly bias: number;
  /** Two-sided p-value of no bias at this reference; null for one measurement, or where all are equal. */
  readonly pValue: number | null;
  readonly fitted: number;
  readonly lower: number;
  readonly upper: number;
}

export interface LinearityStudy {
  readonly n: number;
  readonly df: number;
  readonly intercept: Coefficient;
  readonly slope: Coefficient;
  /** Residual standard deviation. */
  readonly standardDeviation: number;
  /** Share of the variation of the bias that the line explains; null where the bias does not vary. */
  readonly rSquared: number | null;
  readonly byReference: readonly BiasAtReference[];
  /** Mean of all biases. */
  readonly averageBias: number;
  /** |slope| × the process variation, and 100·|slope|; null, and 100·|average bias| over it, without one. */
  readonly linearity: number | null;
  readonly percentLinearity: number;
  readonly percentBias: number | null;
  /** The confidence band holds 0 at every reference: neither bias nor a lack of linearity shown. */
  readonly acceptable: boolean;
  readonly level: number;
}

export interface LinearityOptions {
  /** Default 0.95. */
  readonly level?: number;
  /** Width of the process, usually six standard deviations, in the unit of the measurements. */
  readonly processVariation?: number;
}

/**
 * Linearity of a gage: the regression of the bias on the reference value.
 * Source: AIAG, Measurement Systems Analysis, 4th ed., chapter III section B, linearity, with its table and figures.
 *
 * @param references the true value of what was measured, row by row
 * @throws StatisticsError `TOO_FEW_POINTS` below three measurements, `BAD_DATA` with fewer than two different references, `NOT_FINITE`, `BAD_OPTION`
 */
export function linearityStudy(
  references: ArrayLike<number>,
  measurements: ArrayLike<number>,
  options: LinearityOptions = {},
): LinearityStudy {
  const level = levelOf(options.level);
  const process = options.processVariation;
  if (process !== undefined && !(Number.isFinite(process) && process > 0))
    throw new StatisticsError('BAD_OPTION', 'processVariation is a positive number');
  const n = assertColumns({ references, measurements });
  if (n < 3) throw new StatisticsError('TOO_FEW_POINTS', 'a line through the biases needs at least three measurements');
  const x = Array.from(references, finite);
  const bias = Array.from(measurements, (value, row) => finite(value) - x[row]);
  const line = fit(x, bias);
  const critical = tQuantile((1 + level) / 2, n - 2);
  const coefficient = (estimate: number, standardError: number): Coefficient => {
    const t = standardError > 0 ? estimate / standardError : null;
    return {
      estimate,
      standardError,
      t,
      pValue: t === null ? null : tTwoSided(t, n - 2),
      lower: estimate - critical * standardError,
      upper: estimate + critical * standardError,
    };
  };
  const byReference = atReferences(x, bias, line, critical);
  const averageBias = sumOf(bias) / n;
  return {
    n,
    df: n - 2,
    intercept: coefficient(line.intercept, line.standardDeviation * Math.sqrt(1 / n + line.center ** 2 / line.squaresOfX)),
    slope: coefficient(line.slope, line.standardDeviation / Math.sqrt(line.squaresOfX)),
    standardDeviation: line.standardDeviation,
    rSquared: line.rSquared,
    byReference,
    averageBias,
    linearity: process === undefined ? null : Math.abs(line.slope) * process,
    percentLinearity: 100 * Math.abs(line.slope),
    percentBias: process === undefined ? null : (100 * Math.abs(averageBias)) / process,
    acceptable: byReference.every(({ lower, upper }) => lower <= 0 && upper >= 0),
    level,
  };
}

interface Line {
  readonly n: number;
  readonly center: number;
  readonly squaresOfX: number;
  readonly intercept: number;
  readonly slope: number;
  readonly standardDeviation: number;
  readonly rSquared: number | null;
}

function fit(x: readonly number[], y: readonly number[]): Line {
  const n = x.length;
  const center = sumOf(x) / n;
  const mean = sumOf(y) / n;
  const squaresOfX = sumOf(x.map((value) => (value - center) ** 2));
  if (squaresOfX === 0) throw new StatisticsError('BAD_DATA', 'linearity needs parts with at least two different reference values');
  const slope = sumOf(x.map((value, row) => (value - center) * (y[row] - mean))) / squaresOfX;
  const intercept = mean - slope * center;
  const residual = sumOf(x.map((value, row) => (y[row] - mean - slope * (value - center)) ** 2));
  const total = sumOf(y.map((value) => (value - mean) ** 2));
  const rSquared = total > 0 ? 1 - residual / total : null;
  return { n, center, squaresOfX, intercept, slope, standardDeviation: Math.sqrt(residual / (n - 2)), rSquared };
}

function atReferences(x: readonly number[], bias: readonly number[], line: Line, critical: number): BiasAtReference[] {
  const references = [...new Set(x)].sort((one, other) => one - other);
  return references.map((reference) => {
    const here = bias.filter((_, row) => x[row] === reference);
    const study = here.length > 1 ? biasStudy(here, 0) : null;
    const fitted = line.intercept + line.slope * reference;
    const reach = critical * line.standardDeviation * Math.sqrt(1 / line.n + (reference - line.center) ** 2 / line.squaresOfX);
    return {
      reference,
      n: here.length,
      bias: study?.bias ?? here[0],
      pValue: study?.pValue ?? null,
      fitted,
      lower: fitted - reach,
      upper: fitted + reach,
    };
  });
}
