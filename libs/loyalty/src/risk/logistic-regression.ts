import { StatisticsError, sumOf } from '@touchstone/statistics';
import { normalQuantile, normalTwoSided } from '@touchstone/statistics/distributions';
import { maximise } from '@touchstone/statistics/newton';
import type { Matrix } from 'ml-matrix';
import type { DesignMatrix } from './design-matrix.js';
import { assertConfidence } from '../confidence.js';
import { eventsOf } from './outcomes.js';
import type { Outcomes } from './outcomes.js';
import { maximiseRestrained } from './proximal-newton.js';
import { likelihoodSurface, scalingOf } from './likelihood-surface.js';
import type { Likelihood, Scaling } from './likelihood-surface.js';

export interface LogisticOptions {
  /** Weight of ½Σβ²; the intercept is free. scikit-learn's 1/C; n times the λ(1 − α) of glmnet. Default 0. */
  readonly l2?: number;
  /** Weight of Σ|β|; n times the λα of glmnet. Default 0. */
  readonly l1?: number;
  /** How often each row counts. Default once. */
  readonly weights?: ArrayLike<number>;
  /** Added to each row's log-odds as given. */
  readonly offset?: ArrayLike<number>;
  /** Of the intervals. Default 0.95. */
  readonly confidence?: number;
}

/** One estimate, in log-odds a unit of its feature. Errors and intervals are Wald's, and null where a penalty or a bound shapes the estimate. */
export interface Coefficient {
  readonly feature: string;
  readonly estimate: number;
  readonly oddsRatio: number;
  readonly standardError: number | null;
  readonly z: number | null;
  readonly pValue: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Held at zero by its sign constraint or by l1. */
  readonly atBound: boolean;
}

export interface LogisticFit {
  readonly n: number;
  readonly events: number;
  readonly intercept: Coefficient;
  readonly coefficients: readonly Coefficient[];
  /** Without the penalty. */
  readonly logLikelihood: number;
  readonly deviance: number;
  /** Of the intercept alone (with the offset, if any). */
  readonly nullDeviance: number;
  /** null where a penalty or constraints shape the fit. */
  readonly aic: number | null;
  readonly l2: number;
  readonly l1: number;
  readonly confidence: number;
  readonly iterations: number;
}

// Beyond this standard error, in units of a standardised column, the data do not determine the estimate.
const LARGEST_ERROR = 1e4;

/**
 * Logistic regression by maximum (penalised) likelihood: ln(p/(1 − p)) = β₀ + Σβx, maximising Σ y·η − ln(1 + e^η) − l2·½Σβ² − l1·Σ|β|
 * under the features' sign constraints. Newton's method, which here is iteratively reweighted least squares; with l1 or
 * constraints, proximal Newton (P. McCullagh, J. A. Nelder, Generalized Linear Models, chapter 4).
 *
 * @throws StatisticsError `BAD_DATA`, `NOT_FINITE`, `BAD_OPTION`; `NO_CONVERGENCE` where columns are collinear or separate the outcomes and nothing penalises it
 */
export function logisticRegression(design: DesignMatrix, outcomes: Outcomes, options: LogisticOptions = {}): LogisticFit {
  const { l2 = 0, l1 = 0 } = options;
  const confidence = assertConfidence(options.confidence ?? 0.95);
  for (const penalty of [l2, l1])
    if (!(penalty >= 0 && penalty < Infinity)) throw new StatisticsError('BAD_OPTION', 'a penalty is a number from 0');
  const events = eventsOf(outcomes, design.rows);
  const { estimates, errors, iterations } = estimate({ design, targets: outcomes, ...options }, { l2, l1 });
  const z = normalQuantile(0.5 + confidence / 2);
  const coefficients = estimates.map((value, index): Coefficient => {
    const standardError = errors?.[index] ?? null;
    return {
      feature: index === 0 ? '(intercept)' : design.features[index - 1].name,
      estimate: value,
      oddsRatio: Math.exp(value),
      standardError,
      z: standardError === null ? null : value / standardError,
      pValue: standardError === null ? null : normalTwoSided(value / standardError),
      lower: standardError === null ? null : value - z * standardError,
      upper: standardError === null ? null : value + z * standardError,
      atBound: index > 0 && value === 0 && (l1 > 0 || design.features[index - 1].sign !== 0),
    };
  });
  const logLikelihood = likelihoodOf(design, outcomes, estimates, options);
  const bare: DesignMatrix = { rows: design.rows, features: [], values: new Float64Array(0) };
  const alone = estimate({ design: bare, targets: outcomes, ...options }, { l2: 0, l1: 0 }).estimates;
  return {
    n: design.rows,
    events,
    intercept: coefficients[0],
    coefficients: coefficients.slice(1),
    logLikelihood,
    deviance: -2 * logLikelihood,
    nullDeviance: -2 * likelihoodOf(bare, outcomes, alone, options),
    aic: errors === null ? null : -2 * logLikelihood + 2 * estimates.length,
    l2,
    l1,
    confidence,
    iterations,
  };
}

/** Intercept and coefficients in the units of the design; targets may lie between 0 and 1. Errors only for plain maximum likelihood. */
export function estimate(
  likelihood: Omit<Likelihood, 'scaling' | 'l2'>,
  penalties: { readonly l2: number; readonly l1: number },
): { estimates: number[]; errors: number[] | null; iterations: number } {
  const scaling = scalingOf(likelihood.design, penalties.l2 === 0 && penalties.l1 === 0);
  const surfaceAt = likelihoodSurface({ ...likelihood, scaling, l2: penalties.l2 });
  const start = Array<number>(likelihood.design.features.length + 1).fill(0);
  const signs = likelihood.design.features.map(({ sign }) => sign);
  if (penalties.l1 > 0 || signs.some((sign) => sign !== 0)) {
    const restraints = [{ l1: 0, sign: 0 } as const, ...signs.map((sign, index) => ({ l1: penalties.l1 / scaling.scales[index], sign }))];
    const { at, iterations } = maximiseRestrained(surfaceAt, start, restraints);
    const shaped = penalties.l1 > 0 || restraints.some(({ sign }, index) => sign !== 0 && at[index] === 0);
    if (shaped) return { estimates: unscaled(at, scaling), errors: null, iterations };
    // No constraint holds anything back, so this is also the unconstrained maximum, and has its errors.
    start.splice(0, start.length, ...at);
  }
  const maximum = maximise(surfaceAt, start);
  const errors = penalties.l2 > 0 ? null : standardErrors(maximum.covariance, scaling);
  return { estimates: unscaled(maximum.at, scaling), errors, iterations: maximum.iterations };
}

function unscaled(at: readonly number[], { means, scales }: Scaling): number[] {
  const slopes = at.slice(1).map((value, index) => value / scales[index]);
  return [sumOf([at[0], ...slopes.map((slope, index) => -slope * means[index])]), ...slopes];
}

function standardErrors(covariance: Matrix, { means, scales }: Scaling): number[] {
  const size = covariance.rows;
  for (let index = 0; index < size; index += 1) {
    if (!(covariance.get(index, index) < LARGEST_ERROR ** 2)) {
      throw new StatisticsError(
        'NO_CONVERGENCE',
        'the data do not determine the estimates: columns separate the outcomes perfectly or are collinear; a penalty (l2) keeps them finite',
      );
    }
  }
  const toIntercept = Array.from({ length: size }, (_, index) => (index === 0 ? 1 : -means[index - 1] / scales[index - 1]));
  const variance = sumOf(toIntercept.flatMap((one, row) => toIntercept.map((other, column) => one * other * covariance.get(row, column))));
  return [Math.sqrt(variance), ...Array.from(scales, (scale, index) => Math.sqrt(covariance.get(index + 1, index + 1)) / scale)];
}

function likelihoodOf(design: DesignMatrix, targets: Outcomes, estimates: readonly number[], options: LogisticOptions): number {
  const unit = { means: new Float64Array(design.features.length), scales: new Float64Array(design.features.length).fill(1) };
  return likelihoodSurface({ design, targets, scaling: unit, l2: 0, weights: options.weights, offset: options.offset })(estimates).value;
}
