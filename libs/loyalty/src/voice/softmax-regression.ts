import { StatisticsError, sumOf } from '@touchstone/statistics';
import type { WeightedText } from './tf-idf.js';

export interface SoftmaxProblem {
  readonly rows: readonly WeightedText[];
  readonly width: number;
  /** Class of each row, 0 to classes − 1. */
  readonly labels: ArrayLike<number>;
  readonly classes: number;
  /** How much each row counts. */
  readonly importance: ArrayLike<number>;
  /** Weight of ½Σw². */
  readonly l2: number;
}

const ITERATIONS = 200;
const CONJUGATE_STEPS = 400;

/**
 * Multinomial logistic regression with an L2 penalty on all but the biases, by Newton's method with conjugate gradients for the step
 * (J. Nocedal, S. J. Wright, Numerical Optimization, algorithm 7.1); neither the Hessian nor a dense matrix of words is ever formed.
 * Parameters by feature, then by class; the biases, whose common level is arbitrary, come last and add up to zero.
 * @throws StatisticsError `NO_CONVERGENCE`
 */
export function softmaxRegression(problem: SoftmaxProblem): Float64Array {
  let at = new Float64Array((problem.width + 1) * problem.classes);
  let here = lossAt(problem, at);
  for (let iteration = 0; iteration < ITERATIONS; iteration += 1) {
    const steepest = Math.sqrt(dot(here.gradient, here.gradient));
    if (steepest <= 1e-9 * (1 + problem.rows.length)) return withBalancedBiases(problem, at);
    const step = newtonStep(problem, here, Math.min(0.1, Math.sqrt(steepest)) * steepest);
    const slope = dot(here.gradient, step);
    let improved = false;
    for (let fraction = 1; fraction > 1e-12 && !improved; fraction /= 2) {
      const tried = at.map((value, index) => value + fraction * step[index]);
      const there = lossAt(problem, tried);
      if (there.loss <= here.loss + 1e-4 * fraction * slope) {
        at = tried;
        here = there;
        improved = true;
      }
    }
    // What is left is below the rounding of the loss.
    if (!improved && -slope <= 1e-10 * (1 + here.loss)) return withBalancedBiases(problem, at);
    if (!improved) throw new StatisticsError('NO_CONVERGENCE', 'no step improves the fit; give a larger l2');
  }
  throw new StatisticsError('NO_CONVERGENCE', `no best fit within ${ITERATIONS} iterations; give a larger l2`);
}

/** Probabilities of scores, without overflow. */
export function softmax(scores: readonly number[]): number[] {
  const largest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  const raised = scores.map((score) => Math.exp(score - largest));
  const total = sumOf(raised);
  return raised.map((value) => value / total);
}

interface Loss {
  readonly loss: number;
  readonly gradient: Float64Array;
  readonly probabilities: readonly (readonly number[])[];
}

function lossAt(problem: SoftmaxProblem, at: Float64Array): Loss {
  const { rows, classes, labels, importance, l2, width } = problem;
  const gradient = new Float64Array(at.length);
  const losses: number[] = [];
  const probabilities = rows.map((row, index) => {
    const scores = scoresOf(problem, row, at);
    const each = softmax(scores);
    const largest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
    const normaliser = largest + Math.log(sumOf(scores.map((score) => Math.exp(score - largest))));
    losses.push(importance[index] * (normaliser - scores[labels[index]]));
    spread(
      problem,
      row,
      each.map((p, one) => importance[index] * (p - (one === labels[index] ? 1 : 0))),
      gradient,
    );
    return each;
  });
  for (let index = 0; index < width * classes; index += 1) {
    gradient[index] += l2 * at[index];
    losses.push(0.5 * l2 * at[index] * at[index]);
  }
  return { loss: sumOf(losses), gradient, probabilities };
}

function newtonStep(problem: SoftmaxProblem, { gradient, probabilities }: Loss, tolerance: number): Float64Array {
  const step = new Float64Array(gradient.length);
  const residual = gradient.map((value) => -value);
  let direction = Float64Array.from(residual);
  let square = dot(residual, residual);
  for (let turn = 0; turn < CONJUGATE_STEPS && Math.sqrt(square) > tolerance; turn += 1) {
    const curved = curvatureAlong(problem, probabilities, direction);
    const bend = dot(direction, curved);
    if (bend <= 1e-14 * dot(direction, direction)) break;
    const length = square / bend;
    for (let index = 0; index < step.length; index += 1) {
      step[index] += length * direction[index];
      residual[index] -= length * curved[index];
    }
    const next = dot(residual, residual);
    direction = direction.map((value, index) => residual[index] + (next / square) * value);
    square = next;
  }
  return step;
}

/** Hessian times a direction. */
function curvatureAlong(problem: SoftmaxProblem, probabilities: Loss['probabilities'], direction: Float64Array): Float64Array {
  const { rows, classes, importance, l2, width } = problem;
  const product = new Float64Array(direction.length);
  for (const [index, row] of rows.entries()) {
    const p = probabilities[index];
    const along = scoresOf(problem, row, direction);
    const average = along.reduce((sum, value, one) => sum + p[one] * value, 0);
    spread(
      problem,
      row,
      along.map((value, one) => importance[index] * p[one] * (value - average)),
      product,
    );
  }
  for (let index = 0; index < width * classes; index += 1) product[index] += l2 * direction[index];
  return product;
}

function scoresOf({ classes, width }: SoftmaxProblem, { indices, weights }: WeightedText, at: Float64Array): number[] {
  const scores = Array.from({ length: classes }, (_, one) => at[width * classes + one]);
  for (const [position, index] of indices.entries()) {
    for (let one = 0; one < classes; one += 1) scores[one] += weights[position] * at[index * classes + one];
  }
  return scores;
}

/** Adds what each class's score takes to every parameter behind it. */
function spread(
  { classes, width }: SoftmaxProblem,
  { indices, weights }: WeightedText,
  amounts: readonly number[],
  into: Float64Array,
): void {
  for (const [position, index] of indices.entries()) {
    for (let one = 0; one < classes; one += 1) into[index * classes + one] += weights[position] * amounts[one];
  }
  for (let one = 0; one < classes; one += 1) into[width * classes + one] += amounts[one];
}

function withBalancedBiases({ classes, width }: SoftmaxProblem, at: Float64Array): Float64Array {
  const level = sumOf(at.slice(width * classes)) / classes;
  return at.map((value, index) => (index < width * classes ? value : value - level));
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += one[index] * other[index];
  return sum;
}
