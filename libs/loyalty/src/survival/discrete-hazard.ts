import { StatisticsError } from '@touchstone/statistics';
import { chiSquareTest } from './chi-square-tail.js';
import type { ChiSquareTest } from './chi-square-tail.js';
import { linkOf } from './period-link.js';
import type { PeriodLink } from './period-link.js';
import { ascend } from './period-climb.js';
import { personPeriodsOf } from './person-periods.js';
import type { PeriodClass, PeriodObservations, PersonPeriods } from './person-periods.js';
import { normalFactor } from './survival-interval.js';
import { inverseOf, quadraticForm, rowsOf } from './symmetric-factor.js';
import { unscaled, waldEffect } from './wald-effect.js';

export interface DiscreteHazardOptions {
  /** Default `logit`. */
  readonly link?: PeriodLink;
  /** Last periods of the classes that share a baseline hazard, such as [6, 12, 24]; left out: each period its own. */
  readonly breaks?: readonly number[];
  /** Default 0.95. */
  readonly confidence?: number;
}

export interface DiscreteHazardCoefficient {
  readonly name: string;
  readonly estimate: number;
  readonly standardError: number;
  readonly z: number;
  readonly pValue: number;
  /** exp(estimate): an odds ratio with `logit`, a hazard ratio with `cloglog`; bounds likewise. */
  readonly ratio: number;
  readonly lower: number;
  readonly upper: number;
  /** Weighted mean of the column over the rows. */
  readonly mean: number;
}

export interface BaselinePeriods extends PeriodClass {
  /** Linear predictor where all covariates are zero; null where nobody or everybody had the event, so that it is infinite. */
  readonly intercept: number | null;
  readonly standardError: number | null;
  /** Probability of the event in one such period where all covariates are at their means. */
  readonly hazard: number;
}

export interface DiscreteHazardFit {
  readonly n: number;
  readonly personPeriods: number;
  readonly events: number;
  readonly link: PeriodLink;
  readonly confidence: number;
  readonly baseline: readonly BaselinePeriods[];
  readonly coefficients: readonly DiscreteHazardCoefficient[];
  /** Of the coefficients, in their order. */
  readonly covariance: readonly (readonly number[])[];
  /** `null`: the baseline alone. */
  readonly logLikelihood: { readonly null: number; readonly model: number };
  readonly likelihoodRatioTest: ChiSquareTest;
  readonly iterations: number;
}

/**
 * The probability of the event in a period, given none before: link(h) = baseline of the period + β·x, fitted by maximum
 * likelihood over person-periods, which are counted rather than written out. P. D. Allison, Sociological Methodology 13 (1982);
 * the cloglog link is the proportional hazards model seen period by period: R. L. Prentice and L. A. Gloeckler, Biometrics 34
 * (1978). Standard errors come from the expected information, as those of a generalised linear model do.
 *
 * @throws StatisticsError `TOO_FEW_POINTS`, `NOT_FINITE`, `BAD_OPTION`, `BAD_DATA` naming a column that others
 *   determine, `NO_CONVERGENCE` naming columns whose effect runs to infinity
 */
export function discreteHazard(observations: PeriodObservations, options: DiscreteHazardOptions = {}): DiscreteHazardFit {
  const { link = 'logit', confidence = 0.95 } = options;
  const terms = linkOf(link);
  const factor = normalFactor(confidence);
  const table = personPeriodsOf(observations, options.breaks);
  const { width, scales, classes, informative } = table;
  const { alpha, beta, start, top, shape, iterations } = ascend(table, terms);
  const covariance = inverseOf(shape.factor);
  return {
    n: table.rows,
    personPeriods: classes.reduce((sum, { atRisk }) => sum + atRisk, 0),
    events: classes.reduce((sum, { events }) => sum + events, 0),
    link,
    confidence,
    baseline: classes.map((periods) => {
      const at = informative.indexOf(periods);
      if (at < 0) return { ...periods, intercept: null, standardError: null, hazard: periods.events > 0 ? 1 : 0 };
      return { ...periods, ...interceptOf(table, alpha[at], beta, shape, covariance, at), hazard: terms.hazard(alpha[at]) };
    }),
    coefficients: table.names.map((name, column) => coefficientOf(table, name, column, beta, covariance, factor)),
    covariance: rowsOf(unscaled(covariance, scales, width), width),
    logLikelihood: { null: start, model: top },
    likelihoodRatioTest: chiSquareTest(Math.max(0, 2 * (top - start)), width),
    iterations,
  };
}

function coefficientOf(
  { scales, means, width }: PersonPeriods,
  name: string,
  column: number,
  beta: Float64Array,
  covariance: Float64Array,
  factor: number,
): DiscreteHazardCoefficient {
  const estimate = beta[column] / scales[column];
  const standardError = Math.sqrt(covariance[column * (width + 1)]) / scales[column];
  return { name, estimate, standardError, ...waldEffect(estimate, standardError, factor), mean: means[column] };
}

/** The baseline moved from the means to zero: α − Σ β·mean, its variance from the blocks of the information. */
function interceptOf(
  { means, scales }: PersonPeriods,
  alpha: number,
  beta: Float64Array,
  { own, shared }: { readonly own: Float64Array; readonly shared: Float64Array },
  covariance: Float64Array,
  at: number,
): { intercept: number; standardError: number } {
  const width = beta.length;
  const lean = Float64Array.from(beta, (_, column) => shared[at * width + column] / own[at] + means[column] / scales[column]);
  const intercept = beta.reduce((sum, effect, column) => sum - (effect * means[column]) / scales[column], alpha);
  return { intercept, standardError: Math.sqrt(1 / own[at] + quadraticForm(covariance, lean)) };
}

/** One period of the future of somebody with given covariates. */
export interface PeriodForecast {
  readonly period: number;
  readonly hazard: number;
  /** Probability of no event up to and including the period. */
  readonly survival: number;
}

/** Hazard and survival of each period observed, given no event in periods nobody was observed in. @throws StatisticsError `BAD_DATA` if a column has no value, `NOT_FINITE` */
export function discreteSurvival(fit: DiscreteHazardFit, at: Readonly<Record<string, number>>): PeriodForecast[] {
  const { hazard: hazardOf } = linkOf(fit.link);
  const shift = fit.coefficients.reduce((sum, { name, estimate }) => {
    if (!Object.hasOwn(at, name)) throw new StatisticsError('BAD_DATA', `no value is given for column ${name}`);
    if (!Number.isFinite(at[name])) throw new StatisticsError('NOT_FINITE', `the value of column ${name} is not a finite number`);
    return sum + estimate * at[name];
  }, 0);
  let survival = 1;
  return fit.baseline.flatMap(({ from, to, intercept, hazard: certain }) => {
    const hazard = intercept === null ? certain : hazardOf(intercept + shift);
    return Array.from({ length: to - from + 1 }, (_, index) => {
      survival *= 1 - hazard;
      return { period: from + index, hazard, survival };
    });
  });
}
