import { betaCdf, logGamma } from '@touchstone/statistics/distributions';
import { bgNbdLikelihood } from './bg-nbd-likelihood.js';
import { tableOf } from './customer-history.js';
import type { CustomerHistory, HistoryTable } from './customer-history.js';
import { fitPositive } from './maximum-likelihood.js';
import type { FitOptions } from './maximum-likelihood.js';
import { fittedDataOf } from './model.js';
import type { Answers, BgNbdParameters, FittedBgNbd } from './model.js';
import { purchasesBeforeDropout } from './purchases-before-dropout.js';

const NAMES = ['r', 'alpha', 'a', 'b'];

/**
 * BG/NBD model by maximum likelihood: while active a customer buys at a constant rate, and after each repeat purchase may leave for good.
 * P. S. Fader, B. G. S. Hardie, K. L. Lee, "Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD Model,
 * Marketing Science 24 (2005). α is in the unit of time of the histories.
 *
 * @throws StatisticsError `BAD_DATA`, `NOT_FINITE` for impossible histories; `TOO_FEW_POINTS` when nobody ever bought again;
 *   `NO_CONVERGENCE` when the likelihood rises for ever, as with customers who never leave; `BAD_OPTION`
 */
export function fitBgNbd(histories: Iterable<CustomerHistory>, options?: FitOptions): FittedBgNbd {
  const table = tableOf(histories);
  const wait = (table.meanAge * table.customers) / table.repeatPurchases;
  const fit = fitPositive(
    {
      names: NAMES,
      n: table.customers,
      units: [1, table.longestAge / 10, 1, 1],
      starts: [
        [0.5, 0.4 * wait, 1, 3],
        [2, wait, 0.5, 5],
        [0.2, 0.2 * wait, 3, 3],
      ],
      at: (parameters) => bgNbdLikelihood(table, parameters),
      remedy: 'customers may all be alike or hardly ever leave; observe for longer',
    },
    options,
  );
  const [r, alpha, a, b] = fit.estimates.map(({ estimate }) => estimate);
  return { model: 'bg-nbd', parameters: { r, alpha, a, b }, ...fit, ...fittedDataOf(table) };
}

/** Probability that a history goes on: equation 7 of Fader, Hardie and Lee (2008), "Computing P(alive) using the BG/NBD model". */
function probabilityAlive({ r, alpha, a, b }: BgNbdParameters, { frequency, recency, age }: CustomerHistory): number {
  if (frequency === 0) return 1;
  const odds = (a / (b + frequency - 1)) * Math.exp((r + frequency) * Math.log1p((age - recency) / (alpha + recency)));
  return 1 / (1 + odds);
}

const logBeta = (one: number, other: number): number => logGamma(one) + logGamma(other) - logGamma(one + other);

/** Equation 8 of Fader, Hardie and Lee (2005); its bracket is the upper tail of the negative binomial, I(t/(α+t); x, r). */
function purchaseCountProbability({ r, alpha, a, b }: BgNbdParameters, time: number, x: number): number {
  if (time === 0) return x === 0 ? 1 : 0;
  const logExactly = logGamma(r + x) - logGamma(r) - logGamma(x + 1) - r * Math.log1p(time / alpha) - x * Math.log1p(alpha / time);
  const whole = logBeta(a, b);
  const staying = Math.exp(logBeta(a, b + x) - whole + logExactly);
  if (x === 0) return staying;
  return staying + Math.exp(logBeta(a + 1, b + x - 1) - whole) * betaCdf(time / (alpha + time), x, r);
}

export const bgNbdAnswers: Answers<BgNbdParameters> = {
  logLikelihood: ({ r, alpha, a, b }: BgNbdParameters, table: HistoryTable) => bgNbdLikelihood(table, [r, alpha, a, b]).value,
  probabilityAlive,
  expectedPurchases: ({ r, alpha, a, b }, time) => purchasesBeforeDropout(r, alpha, a, b, time),
  expectedPurchasesOf: (parameters, history, time) => {
    const { r, alpha, a, b } = parameters;
    const { frequency, age } = history;
    return probabilityAlive(parameters, history) * purchasesBeforeDropout(r + frequency, alpha + age, a, b + frequency, time);
  },
  purchaseCountProbability,
};
