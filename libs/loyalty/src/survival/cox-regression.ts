import { StatisticsError } from '@touchstone/statistics';
import { chiSquareTest } from './chi-square-tail.js';
import type { ChiSquareTest } from './chi-square-tail.js';
import { concordanceOf } from './concordance.js';
import type { Concordance } from './concordance.js';
import { scoreResidualsOf } from './cox-residuals.js';
import { climb } from './hazard-climb.js';
import type { HazardMaximum } from './hazard-climb.js';
import { assertTies, risksOf } from './partial-likelihood.js';
import type { TieMethod } from './partial-likelihood.js';
import { riskSetsOf } from './risk-sets.js';
import type { HazardObservations, RiskSets } from './risk-sets.js';
import { normalFactor } from './survival-interval.js';
import { levelsOf } from './survival-observations.js';
import { dot, factorise, inverseOf, quadraticForm, rowsOf, solve } from './symmetric-factor.js';
import { unscaled, waldEffect } from './wald-effect.js';

export interface CoxOptions {
  /** Default `efron`. */
  readonly ties?: TieMethod;
  /** Default 0.95. */
  readonly confidence?: number;
}

/** The effect of one column: log hazard ratio for one more of its unit, all else equal. */
export interface CoxCoefficient {
  readonly name: string;
  readonly estimate: number;
  /** Robust if clusters were given. */
  readonly standardError: number;
  /** From the information matrix alone. */
  readonly modelStandardError: number;
  readonly z: number;
  readonly pValue: number;
  readonly hazardRatio: number;
  /** Bounds of the hazard ratio. */
  readonly lower: number;
  readonly upper: number;
  /** Weighted mean of the column over the rows. */
  readonly mean: number;
}

export interface CoxFit {
  readonly n: number;
  /** Rows with the event. */
  readonly events: number;
  readonly ties: TieMethod;
  readonly confidence: number;
  readonly coefficients: readonly CoxCoefficient[];
  /** Of the estimates, in the order of the coefficients; robust if clusters were given. */
  readonly covariance: readonly (readonly number[])[];
  readonly isRobust: boolean;
  readonly logLikelihood: { readonly null: number; readonly model: number };
  readonly likelihoodRatioTest: ChiSquareTest;
  readonly waldTest: ChiSquareTest;
  readonly scoreTest: ChiSquareTest;
  readonly concordance: Concordance;
  readonly iterations: number;
}

/**
 * Proportional hazards regression: the hazard of a row is an unknown baseline times exp(β·x), estimated from who has the event
 * among those at risk at that time, by D. R. Cox, J. Roy. Statist. Soc. B 34 (1972), with the ties of Efron or Breslow.
 *
 * Weights multiply each row's part of the likelihood; with Breslow's ties they are the same as repeated rows. Robust standard
 * errors sum the score residuals of a cluster: D. Y. Lin and L. J. Wei, J. Amer. Statist. Assoc. 84 (1989).
 *
 * @throws StatisticsError `TOO_FEW_POINTS` without an event, `NOT_FINITE`, `BAD_OPTION`, `BAD_DATA` naming a column that is constant
 *   or collinear, `NO_CONVERGENCE` naming columns whose effect runs to infinity
 */
export function coxRegression(observations: HazardObservations, options: CoxOptions = {}): CoxFit {
  const { confidence = 0.95 } = options;
  const ties = assertTies(options.ties ?? 'efron');
  const z = normalFactor(confidence);
  if (observations.covariates.length === 0) throw new StatisticsError('BAD_DATA', 'there is no covariate; give at least one column');
  const sets = riskSetsOf(observations);
  const maximum = climb(sets, ties);
  const { beta, start, startFactor, top, topFactor } = maximum;
  const { width } = sets;
  const model = inverseOf(topFactor);
  const robust = observations.cluster === undefined ? null : robustCovariance(observations, sets, ties, maximum, model);
  const covariance = robust ?? model;
  const wald = robust === null ? quadraticForm(top.information, beta) : waldOf(robust, beta);
  return {
    n: sets.rows,
    events: sets.events,
    ties,
    confidence,
    coefficients: sets.names.map((name, column) => coefficientOf(sets, beta, model, covariance, z, name, column)),
    covariance: rowsOf(unscaled(covariance, sets.scales, width), width),
    isRobust: robust !== null,
    logLikelihood: { null: start.value, model: top.value },
    likelihoodRatioTest: chiSquareTest(Math.max(0, 2 * (top.value - start.value)), width),
    waldTest: chiSquareTest(wald, width),
    scoreTest: chiSquareTest(dot(start.gradient, solve(startFactor, start.gradient)), width),
    concordance: concordanceOf(sets, risksOf(sets, beta)),
    iterations: maximum.iterations,
  };
}

function coefficientOf(
  { scales, means, width }: RiskSets,
  beta: Float64Array,
  model: Float64Array,
  covariance: Float64Array,
  factor: number,
  name: string,
  column: number,
): CoxCoefficient {
  const estimate = beta[column] / scales[column];
  const standardError = Math.sqrt(covariance[column * (width + 1)]) / scales[column];
  const { z, pValue, ratio, lower, upper } = waldEffect(estimate, standardError, factor);
  return {
    name,
    estimate,
    standardError,
    modelStandardError: Math.sqrt(model[column * (width + 1)]) / scales[column],
    z,
    pValue,
    hazardRatio: ratio,
    lower,
    upper,
    mean: means[column],
  };
}

/** Σ over clusters of dᵀd, d the sum of what each row of the cluster moves the estimate by. */
function robustCovariance(
  { cluster = [] }: HazardObservations,
  sets: RiskSets,
  ties: TieMethod,
  { beta }: HazardMaximum,
  model: Float64Array,
): Float64Array {
  const { width, rows, order, weight } = sets;
  const { labels, of } = levelsOf('cluster', cluster, rows);
  if (labels.length <= width)
    throw new StatisticsError('TOO_FEW_POINTS', `robust standard errors need more clusters than the ${width} columns`);
  const scores = scoreResidualsOf(sets, ties, beta);
  const sums = new Float64Array(labels.length * width);
  for (let at = 0; at < rows; at += 1) {
    for (let column = 0; column < width; column += 1) sums[of[order[at]] * width + column] += weight[at] * scores[at * width + column];
  }
  const spread = new Float64Array(width * width);
  for (let level = 0; level < labels.length; level += 1) {
    for (let row = 0; row < width; row += 1) {
      for (let column = 0; column < width; column += 1)
        spread[row * width + column] += sums[level * width + row] * sums[level * width + column];
    }
  }
  return sandwich(model, spread, width);
}

function sandwich(outer: Float64Array, inner: Float64Array, width: number): Float64Array {
  const product = (a: Float64Array, b: Float64Array): Float64Array =>
    Float64Array.from({ length: width * width }, (_, cell) => {
      const row = Math.floor(cell / width) * width;
      let sum = 0;
      for (let k = 0; k < width; k += 1) sum += a[row + k] * b[k * width + (cell % width)];
      return sum;
    });
  return product(product(outer, inner), outer);
}

function waldOf(covariance: Float64Array, beta: Float64Array): number {
  const factor = factorise(covariance, beta.length, 1e-14);
  if (factor.dependent !== null)
    throw new StatisticsError(
      'TOO_FEW_POINTS',
      'the clusters do not determine the spread of all columns together; give more clusters or fewer columns',
    );
  return dot(beta, solve(factor, beta));
}
