import { power } from '@touchstone/statistics';
import { StatisticsError } from '@touchstone/statistics';
import type { CustomerHistory } from './customer-history.js';
import { expectedSpend } from './gamma-gamma.js';
import type { CustomerSpend, GammaGamma } from './gamma-gamma.js';
import type { RepeatPurchaseModel } from './model.js';
import { expectedPurchasesOf } from './predictions.js';

export interface LifetimeValueOptions {
  /** Periods looked ahead. */
  readonly periods: number;
  /** Length of a period in the time unit of the model. Default 1. For months where the model counts weeks: 365.25/12/7. */
  readonly period?: number;
  /** Discount rate for one period, such as 0.01. Default 0. */
  readonly discountRate?: number;
  /** Share of the value that counts, as a margin. Default 1. */
  readonly margin?: number;
}

export interface LifetimeValue {
  readonly expectedPurchases: number;
  /** Mean value expected of each of them. */
  readonly expectedSpend: number;
  /** Discounted value of the expected purchases. */
  readonly lifetimeValue: number;
}

/**
 * Residual value of a customer over a finite horizon: margin · E[value] · Σₖ (E[Y(k)] − E[Y(k−1)]) / (1 + d)^k, purchases of a
 * period counting at its end. Supposes that value and frequency are independent (P. S. Fader, B. G. S. Hardie, K. L. Lee, RFM and
 * CLV: Using Iso-Value Curves for Customer Base Analysis, Journal of Marketing Research 42 (2005)).
 *
 * @throws StatisticsError `BAD_OPTION`, `BAD_DATA`, `NOT_FINITE`
 */
export function lifetimeValue(
  model: RepeatPurchaseModel,
  spending: GammaGamma,
  history: CustomerHistory,
  spend: CustomerSpend,
  options: LifetimeValueOptions,
): LifetimeValue {
  const { periods, period = 1, discountRate = 0, margin = 1 } = options;
  if (!(Number.isInteger(periods) && periods > 0))
    throw new StatisticsError('BAD_OPTION', `${periods} periods: give a whole number above 0`);
  if (!(period > 0 && Number.isFinite(period)))
    throw new StatisticsError('BAD_OPTION', `a period of ${period}: its length must be above 0`);
  if (!(discountRate > -1 && Number.isFinite(discountRate)))
    throw new StatisticsError('BAD_OPTION', `discount rate ${discountRate} must be above −1, such as 0.01`);
  if (!Number.isFinite(margin)) throw new StatisticsError('BAD_OPTION', 'the margin must be a finite number, such as 0.3');
  let before = 0;
  let discounted = 0;
  for (let k = 1; k <= periods; k += 1) {
    const until = expectedPurchasesOf(model, history, k * period);
    discounted += (until - before) / power(1 + discountRate, k);
    before = until;
  }
  const mean = expectedSpend(spending, spend);
  return { expectedPurchases: before, expectedSpend: mean, lifetimeValue: margin * mean * discounted };
}
