import { Matrix } from 'ml-matrix';
import { StatisticsError } from '@touchstone/statistics';
import { normalQuantile } from '@touchstone/statistics/distributions';
import { maximise } from '@touchstone/statistics/newton';
import type { Maximum, Surface } from '@touchstone/statistics/newton';
import type { NaturalSurface } from './surface.js';

/** How a model is fitted. */
export interface FitOptions {
  /**
   * Penalty c: what is maximised is the log-likelihood less c · n · Σ parameter², times counted so that the longest age is 10.
   * Default 0: maximum likelihood. For small data whose estimates run to infinity, 0.001 to 0.1 is usual; it keeps none from 0.
   */
  readonly penalty?: number;
  /** Probability that the intervals of the estimates aim at. Default 0.95. */
  readonly confidence?: number;
}

export interface ParameterEstimate {
  readonly name: string;
  readonly estimate: number;
  /** By the delta method from the observed information of the logarithm. */
  readonly standardError: number;
  /** Interval symmetric in the logarithm, so always positive. */
  readonly lower: number;
  readonly upper: number;
}

/** How the optimum was found, for whoever doubts it. */
export interface Convergence {
  readonly converged: true;
  /** Newton steps from the start that led highest. */
  readonly iterations: number;
  /** Largest absolute slope left, by the logarithm of any parameter; 0 at the exact optimum. */
  readonly largestSlope: number;
  readonly starts: number;
  /** Starts that found this optimum; the others found none, or a lower one. */
  readonly agreeing: number;
}

export interface Fit {
  readonly estimates: readonly ParameterEstimate[];
  /** Covariance of the estimates, in their order. */
  readonly covariance: readonly (readonly number[])[];
  /** Without any penalty. */
  readonly logLikelihood: number;
  /** Akaike's criterion, 2k − 2·log-likelihood. */
  readonly aic: number;
  /** Schwarz's criterion, k·ln n − 2·log-likelihood. */
  readonly bic: number;
  readonly confidence: number;
  readonly penalty: number;
  readonly convergence: Convergence;
}

/** A likelihood of positive parameters. */
export interface Likelihood {
  readonly names: readonly string[];
  /** Customers, for penalty and criteria. */
  readonly n: number;
  /** For each parameter, what it is measured in: a penalty and the bounds of the plausible are relative to this. */
  readonly units: readonly number[];
  readonly starts: readonly (readonly number[])[];
  readonly at: (parameters: readonly number[]) => NaturalSurface;
  /** What it means when a parameter runs away. */
  readonly remedy: string;
}

/** An estimate beyond e^±14, a millionfold its unit, is on its way to infinity or zero. */
const FURTHEST = 14;
/** Twice the log-likelihood still to be gained where the damped climb ends and full steps begin. */
const NEAR = 1e-8;

/**
 * Maximum of a likelihood over positive parameters: Newton's method in their logarithms, from each start; the highest counts.
 * @throws StatisticsError `NO_CONVERGENCE` when no start leads to an optimum inside; `BAD_OPTION`
 */
export function fitPositive(likelihood: Likelihood, options: FitOptions = {}): Fit {
  const { penalty = 0, confidence = 0.95 } = options;
  if (!(penalty >= 0 && Number.isFinite(penalty))) throw new StatisticsError('BAD_OPTION', `penalty ${penalty} must be 0 or above`);
  if (!(confidence > 0 && confidence < 1))
    throw new StatisticsError('BAD_OPTION', `confidence ${confidence} must lie between 0 and 1, such as 0.95`);
  const surfaceAt = (theta: readonly number[]): Surface => logSurface(likelihood, theta, penalty);
  const maxima = likelihood.starts.map((start) => climbFrom(surfaceAt, start.map(Math.log), likelihood)).filter((found) => found !== null);
  if (maxima.length === 0) {
    throw new StatisticsError(
      'NO_CONVERGENCE',
      `the likelihood has no maximum at positive ${likelihood.names.join(', ')}: ${likelihood.remedy}; where estimates grow without bound, a penalty such as 0.01 keeps them`,
    );
  }
  const best = maxima.reduce((highest, each) => (each.value > highest.value ? each : highest));
  const parameters = best.at.map(Math.exp);
  const logLikelihood = likelihood.at(parameters).value;
  const k = parameters.length;
  return {
    estimates: estimatesOf(likelihood.names, best, normalQuantile((1 + confidence) / 2)),
    covariance: parameters.map((one, row) => parameters.map((other, column) => one * other * best.covariance.get(row, column))),
    logLikelihood,
    aic: 2 * k - 2 * logLikelihood,
    bic: k * Math.log(likelihood.n) - 2 * logLikelihood,
    confidence,
    penalty,
    convergence: {
      converged: true,
      iterations: best.iterations,
      largestSlope: largest(surfaceAt(best.at).gradient),
      starts: likelihood.starts.length,
      agreeing: maxima.filter((each) => best.value - each.value <= 1e-6).length,
    },
  };
}

function estimatesOf(names: readonly string[], { at, covariance }: Maximum, z: number): ParameterEstimate[] {
  return at.map((theta, index) => {
    const error = Math.sqrt(covariance.get(index, index));
    const estimate = Math.exp(theta);
    return {
      name: names[index],
      estimate,
      standardError: estimate * error,
      lower: Math.exp(theta - z * error),
      upper: Math.exp(theta + z * error),
    };
  });
}

function climbFrom(surfaceAt: (theta: readonly number[]) => Surface, start: readonly number[], { units }: Likelihood): Maximum | null {
  try {
    const found = polish(surfaceAt, maximise(surfaceAt, start, { tolerance: NEAR }));
    return isNear(found.at, units, FURTHEST) ? found : null;
  } catch (error) {
    if (error instanceof StatisticsError && error.code === 'NO_CONVERGENCE') return null;
    throw error;
  }
}

/** Full Newton steps while the slope still falls: the value itself is too coarse to show the last half of the digits. */
function polish(surfaceAt: (theta: readonly number[]) => Surface, near: Maximum): Maximum {
  let best = near;
  let slope = surfaceAt(near.at).gradient;
  for (let step = 0; step < 3; step += 1) {
    const stepped = best.at.map(
      (theta, row) => theta + best.covariance.getRow(row).reduce((sum, each, column) => sum + each * slope[column], 0),
    );
    const { gradient } = surfaceAt(stepped);
    if (!(largest(gradient) < largest(slope))) return best;
    best = { ...maximise(surfaceAt, stepped, { tolerance: Infinity }), iterations: best.iterations + 1 };
    slope = gradient;
  }
  return best;
}

const isNear = (theta: readonly number[], units: readonly number[], distance: number): boolean =>
  theta.every((each, index) => Math.abs(each - Math.log(units[index])) < distance);

const largest = (values: ArrayLike<number>): number => Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The chain rule for φ = e^θ: ∂/∂θ = φ·∂/∂φ, and once more. */
function logSurface({ at, units, n }: Likelihood, theta: readonly number[], penalty: number): Surface {
  const k = theta.length;
  // A step this wild is no candidate: not finite, so the climb halves it.
  if (!isNear(theta, units, 2 * FURTHEST)) return { value: -Infinity, gradient: theta.map(() => 0), information: Matrix.eye(k) };
  const parameters = theta.map(Math.exp);
  const { value, gradient, hessian } = at(parameters);
  const weights = units.map((unit) => (penalty * n) / (unit * unit));
  const slope = parameters.map((parameter, index) => parameter * (gradient[index] - 2 * weights[index] * parameter));
  const information = new Matrix(k, k);
  for (let row = 0; row < k; row += 1) {
    for (let column = 0; column < k; column += 1)
      information.set(row, column, -parameters[row] * parameters[column] * hessian[row * k + column]);
    information.set(row, row, information.get(row, row) - slope[row] + 2 * weights[row] * parameters[row] ** 2);
  }
  return {
    value: value - parameters.reduce((sum, parameter, index) => sum + weights[index] * parameter * parameter, 0),
    gradient: slope,
    information,
  };
}
