import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { StatisticsError } from '../statistics-error.js';

/** A smooth function to be maximised, with its gradient and the negative of its matrix of second derivatives. */
export interface Surface {
  readonly value: number;
  readonly gradient: readonly number[] | Float64Array;
  /** Observed information: −∂²value/∂θ∂θᵀ, symmetric. */
  readonly information: Matrix;
}

export interface Maximum {
  readonly at: readonly number[];
  readonly value: number;
  /** Inverse of the information at the maximum: for a log-likelihood, the covariance of the estimates. */
  readonly covariance: Matrix;
  readonly iterations: number;
}

export interface NewtonOptions {
  /** Stop when gradientᵀ·information⁻¹·gradient, twice the gain still to be had, is below this. Default 1e-18. */
  readonly tolerance?: number;
  /** Default 100. */
  readonly maxIterations?: number;
}

const LARGEST_RIDGE = 1e12;

/**
 * Newton–Raphson with step halving; where the information is not positive definite, a growing multiple of the identity is
 * added until it is (Levenberg). For concave log-likelihoods (Cox, logistic) it converges from anywhere in a few steps.
 *
 * @throws StatisticsError `NO_CONVERGENCE` when no step improves, the iterations run out, or the information is singular at the end
 */
export function maximise(surfaceAt: (theta: readonly number[]) => Surface, start: readonly number[], options: NewtonOptions = {}): Maximum {
  const { tolerance = 1e-18, maxIterations = 100 } = options;
  let at = [...start];
  let here = surfaceAt(at);
  for (let iterations = 1; iterations <= maxIterations; iterations += 1) {
    const gradient = Matrix.columnVector([...here.gradient]);
    const step = factor(here.information).solve(gradient).to1DArray();
    const decrement = step.reduce((sum, move, index) => sum + move * here.gradient[index], 0);
    if (decrement <= tolerance) return { at, value: here.value, covariance: inverse(here.information), iterations };
    const next = climb(surfaceAt, at, step, here.value);
    if (next === null) {
      // Nothing left to gain but rounding: the optimum itself, unless the slope still promises more than that.
      if (decrement <= 1e-9 * (1 + Math.abs(here.value))) return { at, value: here.value, covariance: inverse(here.information), iterations };
      throw new StatisticsError('NO_CONVERGENCE', 'no step improves the likelihood; columns may be collinear or separate the outcomes perfectly');
    }
    ({ at, here } = next);
  }
  throw new StatisticsError('NO_CONVERGENCE', `no maximum within ${maxIterations} iterations; an estimate may run to infinity`);
}

function climb(
  surfaceAt: (theta: readonly number[]) => Surface,
  at: readonly number[],
  step: readonly number[],
  value: number,
): { at: number[]; here: Surface } | null {
  for (let fraction = 1; fraction > 1e-10; fraction /= 2) {
    const tried = at.map((theta, index) => theta + fraction * step[index]);
    const there = surfaceAt(tried);
    if (Number.isFinite(there.value) && there.value > value) return { at: tried, here: there };
  }
  return null;
}

function factor(information: Matrix): CholeskyDecomposition {
  const scale = Math.max(1e-300, ...information.diagonal().map(Math.abs));
  for (let ridge = 0; ridge <= LARGEST_RIDGE; ridge = ridge === 0 ? 1e-8 : ridge * 10) {
    const raised = ridge === 0 ? information : Matrix.add(information, Matrix.eye(information.rows).mul(ridge * scale));
    const decomposition = new CholeskyDecomposition(raised);
    if (decomposition.isPositiveDefinite()) return decomposition;
  }
  throw new StatisticsError('NO_CONVERGENCE', 'the likelihood has no curvature to climb by; a column may be constant');
}

function inverse(information: Matrix): Matrix {
  const decomposition = new CholeskyDecomposition(information);
  if (!decomposition.isPositiveDefinite()) throw new StatisticsError('NO_CONVERGENCE', 'the estimates are not determined by the data; columns may be collinear');
  return decomposition.solve(Matrix.eye(information.rows));
}
