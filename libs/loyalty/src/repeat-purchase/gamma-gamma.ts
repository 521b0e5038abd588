import { StatisticsError, sumOf } from '@touchstone/statistics';
import { logGamma } from '@touchstone/statistics/distributions';
import { positive } from './arguments.js';
import { fitPositive } from './maximum-likelihood.js';
import type { Fit, FitOptions } from './maximum-likelihood.js';
import { digamma, trigamma } from './polygamma.js';
import { SurfaceSum } from './surface.js';
import type { NaturalSurface } from './surface.js';

/** How often a customer bought again, and what such a purchase was worth on average. */
export interface CustomerSpend {
  /** Purchases that `value` is the mean of. */
  readonly frequency: number;
  /** Mean value; null is taken as "none", which a frequency of 0 is by itself. */
  readonly value: number | null;
}

/** Values of purchases are Gamma(p, ν), and ν is Gamma(q, v) across customers; v is in units of money. */
export interface GammaGammaParameters {
  readonly p: number;
  readonly q: number;
  readonly v: number;
}

export interface GammaGamma {
  readonly model: 'gamma-gamma';
  readonly parameters: GammaGammaParameters;
}

export interface FittedGammaGamma extends GammaGamma, Fit {
  /** Customers with repeat purchases: those the fit rests on. */
  readonly customers: number;
  /** Customers without, left out. */
  readonly omitted: number;
  /** Mean value expected of a new customer, p·v/(q−1); null when q ≤ 1, for which it is infinite. */
  readonly populationMean: number | null;
  /** Pearson's correlation of frequency and value; the model supposes none. Null when either does not vary. */
  readonly frequencyValueCorrelation: number | null;
}

/**
 * Gamma-Gamma model of the value of purchases by maximum likelihood.
 * P. S. Fader and B. G. S. Hardie, The Gamma-Gamma Model of Monetary Value (2013), equation 1a.
 * Customers without repeat purchases say nothing about it and are left out (and counted).
 *
 * @throws StatisticsError `BAD_DATA` for a repeat customer whose value is missing or not above 0, or a frequency that is no whole number;
 *   `TOO_FEW_POINTS` without repeat customers; `NO_CONVERGENCE`; `NOT_FINITE`; `BAD_OPTION`
 */
export function fitGammaGamma(customers: Iterable<CustomerSpend>, options?: FitOptions): FittedGammaGamma {
  const { spends, omitted } = repeatSpends(customers);
  const meanValue = sumOf(spends.map(({ value }) => value)) / spends.length;
  const fit = fitPositive(
    {
      names: ['p', 'q', 'v'],
      n: spends.length,
      units: [1, 1, meanValue],
      starts: [
        [4, 4, 0.75 * meanValue],
        [1, 2, meanValue],
        [20, 10, 0.45 * meanValue],
      ],
      at: (parameters) => gammaGammaLikelihood(spends, parameters),
      remedy: 'purchases may all be worth the same, or customers not differ',
    },
    options,
  );
  const [p, q, v] = fit.estimates.map(({ estimate }) => estimate);
  const populationMean = q > 1 ? (p * v) / (q - 1) : null;
  const frequencyValueCorrelation = correlation(spends);
  return {
    model: 'gamma-gamma',
    parameters: { p, q, v },
    ...fit,
    customers: spends.length,
    omitted,
    populationMean,
    frequencyValueCorrelation,
  };
}

/**
 * Mean value of the purchases still to come of one customer, p·(v + x·z̄)/(p·x + q − 1): a weighted mean of his own and the population's.
 * @throws StatisticsError `BAD_DATA` for impossible spends, or where the mean is infinite (p·x + q ≤ 1); `BAD_OPTION`
 */
export function expectedSpend(model: GammaGamma, customer: CustomerSpend): number {
  const { p, q, v } = positive(model.parameters);
  const { frequency, value } = checked(customer) ?? { frequency: 0, value: 0 };
  if (!isSpendFinite(model, frequency)) {
    throw new StatisticsError(
      'BAD_DATA',
      `with p = ${p} and q = ${q} the expected spend of a customer with ${frequency} purchases is infinite`,
    );
  }
  return (p * (v + frequency * value)) / (p * frequency + q - 1);
}

/** Few purchases and a heavy tail leave no mean to expect. */
export const isSpendFinite = ({ parameters: { p, q } }: GammaGamma, frequency: number): boolean => p * frequency + q > 1;

interface RepeatSpend {
  readonly frequency: number;
  readonly value: number;
}

/** In ascending order, so that the order of the customers leaves no trace. */
function repeatSpends(customers: Iterable<CustomerSpend>): { spends: RepeatSpend[]; omitted: number } {
  const spends: RepeatSpend[] = [];
  let omitted = 0;
  for (const customer of customers) {
    const spend = checked(customer);
    if (spend === null) omitted += 1;
    else spends.push(spend);
  }
  if (spends.length === 0)
    throw new StatisticsError('TOO_FEW_POINTS', 'no customer bought again: the value of repeat purchases cannot be estimated');
  spends.sort((one, other) => one.frequency - other.frequency || one.value - other.value);
  return { spends, omitted };
}

/** The spend of a repeat customer, null for others. */
function checked({ frequency, value }: CustomerSpend): RepeatSpend | null {
  if (!(Number.isInteger(frequency) && frequency >= 0))
    throw new StatisticsError('BAD_DATA', `frequency ${frequency} must be a whole number, 0 or more`);
  if (frequency === 0) return null;
  if (value === null) throw new StatisticsError('BAD_DATA', `a customer with ${frequency} repeat purchases has no value`);
  if (!Number.isFinite(value))
    throw new StatisticsError('NOT_FINITE', `a customer with ${frequency} repeat purchases has a value that is no finite number`);
  if (value <= 0) {
    throw new StatisticsError(
      'BAD_DATA',
      `a customer with ${frequency} repeat purchases has mean value ${value}: it must be above 0; leave such customers out`,
    );
  }
  return { frequency, value };
}

/** ln of Γ(px+q)/(Γ(px)Γ(q)) · v^q · z̄^(px−1) · x^(px) / (v + x·z̄)^(px+q) over all customers, with its derivatives by p, q, v. */
export function gammaGammaLikelihood(spends: readonly RepeatSpend[], [p, q, v]: readonly number[]): NaturalSurface {
  const sum = new SurfaceSum(3);
  const [gammaQ, psiQ, psi1Q, logV] = [logGamma(q), digamma(q), trigamma(q), Math.log(v)];
  let shape = Number.NaN;
  let [ratio, psiAll, psiOwn, psi1All, psi1Own] = [0, 0, 0, 0, 0];
  for (const { frequency: x, value } of spends) {
    if (p * x !== shape) {
      shape = p * x;
      ratio = logGamma(shape + q) - logGamma(shape) - gammaQ;
      [psiAll, psiOwn, psi1All, psi1Own] = [digamma(shape + q), digamma(shape), trigamma(shape + q), trigamma(shape)];
    }
    const all = v + x * value;
    const logShare = Math.log((x * value) / all);
    const logRest = logV - Math.log(all);
    sum.addValue(ratio + shape * logShare + q * logRest - Math.log(value));
    sum.addGradient(0, x * (psiAll - psiOwn + logShare));
    sum.addGradient(1, psiAll - psiQ + logRest);
    sum.addGradient(2, q / v - (shape + q) / all);
    sum.addHessian(0, 0, x * x * (psi1All - psi1Own));
    sum.addHessian(0, 1, x * psi1All);
    sum.addHessian(0, 2, -x / all);
    sum.addHessian(1, 1, psi1All - psi1Q);
    sum.addHessian(1, 2, 1 / v - 1 / all);
    sum.addHessian(2, 2, (shape + q) / (all * all) - q / (v * v));
  }
  return sum.total();
}

function correlation(spends: readonly RepeatSpend[]): number | null {
  const n = spends.length;
  const meanX = sumOf(spends.map(({ frequency }) => frequency)) / n;
  const meanZ = sumOf(spends.map(({ value }) => value)) / n;
  const product = sumOf(spends.map(({ frequency, value }) => (frequency - meanX) * (value - meanZ)));
  const squares = sumOf(spends.map(({ frequency }) => (frequency - meanX) ** 2)) * sumOf(spends.map(({ value }) => (value - meanZ) ** 2));
  return squares > 0 ? product / Math.sqrt(squares) : null;
}
