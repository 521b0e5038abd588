import { logGamma } from '@touchstone/statistics/distributions';
import { tableOf } from './customer-history.js';
import type { CustomerHistory, HistoryTable } from './customer-history.js';
import { fitPositive } from './maximum-likelihood.js';
import type { FitOptions } from './maximum-likelihood.js';
import { fittedDataOf } from './model.js';
import type { Answers, FittedParetoNbd, ParetoNbdParameters } from './model.js';
import { forEachDeparture, paretoNbdLikelihood } from './pareto-nbd-likelihood.js';
import { integrate } from './quadrature.js';

const NAMES = ['r', 'alpha', 's', 'beta'];

/**
 * Pareto/NBD model by maximum likelihood: while active a customer buys at a constant rate, and may leave for good at any moment.
 * D. C. Schmittlein, D. G. Morrison, R. Colombo, Counting Your Customers: Who Are They and What Will They Do Next?, Management
 * Science 33 (1987); P. S. Fader and B. G. S. Hardie, A Note on Deriving the Pareto/NBD Model and Related Expressions (2005).
 * α and β are in the unit of time of the histories.
 *
 * @throws StatisticsError `BAD_DATA`, `NOT_FINITE` for impossible histories; `TOO_FEW_POINTS` when nobody ever bought again;
 *   `NO_CONVERGENCE` when the likelihood rises for ever, as with customers who never leave; `BAD_OPTION`
 */
export function fitParetoNbd(histories: Iterable<CustomerHistory>, options?: FitOptions): FittedParetoNbd {
  const table = tableOf(histories);
  const wait = (table.meanAge * table.customers) / table.repeatPurchases;
  const unit = table.longestAge / 10;
  const fit = fitPositive(
    {
      names: NAMES,
      n: table.customers,
      units: [1, unit, 1, unit],
      starts: [
        [0.5, 0.4 * wait, 0.5, 0.3 * table.meanAge],
        [2, wait, 2, 2 * table.meanAge],
      ],
      at: (parameters) => paretoNbdLikelihood(table, parameters),
      remedy: 'customers may all be alike or hardly ever leave; observe for longer',
    },
    options,
  );
  const [r, alpha, s, beta] = fit.estimates.map(({ estimate }) => estimate);
  return { model: 'pareto-nbd', parameters: { r, alpha, s, beta }, ...fit, ...fittedDataOf(table) };
}

/** Equation 11 of Schmittlein, Morrison and Colombo (1987): the share of the likelihood that comes from being still there. */
function probabilityAlive(parameters: ParetoNbdParameters, { frequency, recency, age }: CustomerHistory): number {
  let gone = 0;
  const staying = forEachDeparture(parameters, frequency, recency, age, (_, share) => {
    gone += share;
  });
  return staying / (staying + gone);
}

/** r/α · ∫ P(still there at u) du from 0 to t with the given r, α, s, β: r·β/(α(s−1)) · [1 − (β/(β+t))^(s−1)], which is a logarithm at s = 1. */
function expected(r: number, alpha: number, s: number, beta: number, time: number): number {
  const log = Math.log1p(time / beta);
  const exponent = (1 - s) * log;
  const length = exponent === 0 ? log : (log * Math.expm1(exponent)) / exponent;
  return (r / alpha) * beta * length;
}

/** Equation 6 of Fader and Hardie (2005), as an integral over when the customer leaves: nothing cancels, and every count is as exact as any other. */
function purchaseCountProbability({ r, alpha, s, beta }: ParetoNbdParameters, time: number, x: number): number {
  if (time === 0) return x === 0 ? 1 : 0;
  const constant = logGamma(r + x) - logGamma(r) - logGamma(x + 1);
  const exactly = (until: number): number => {
    if (until === 0) return x === 0 ? 1 : 0;
    return Math.exp(constant - r * Math.log1p(until / alpha) - x * Math.log1p(alpha / until));
  };
  const staying = Math.exp(-s * Math.log1p(time / beta));
  // In the logarithm of time, counted from the shorter of both scales, neither density is narrow.
  const scale = Math.min(alpha, beta);
  const leaving = (logTime: number): number => {
    const y = scale * Math.expm1(logTime);
    return exactly(y) * (s / (beta + y)) * Math.exp(-s * Math.log1p(y / beta)) * (scale + y);
  };
  return staying * exactly(time) + integrate(leaving, 0, Math.log1p(time / scale));
}

export const paretoNbdAnswers: Answers<ParetoNbdParameters> = {
  logLikelihood: ({ r, alpha, s, beta }: ParetoNbdParameters, table: HistoryTable) => paretoNbdLikelihood(table, [r, alpha, s, beta]).value,
  probabilityAlive,
  expectedPurchases: ({ r, alpha, s, beta }, time) => expected(r, alpha, s, beta, time),
  expectedPurchasesOf: (parameters, history, time) => {
    const { r, alpha, s, beta } = parameters;
    return probabilityAlive(parameters, history) * expected(r + history.frequency, alpha + history.age, s, beta + history.age, time);
  },
  purchaseCountProbability,
};
