import { power } from '@touchstone/statistics';
import { duration } from './arguments.js';
import { fitBgNbd } from './bg-nbd.js';
import { expectedSpend, fitGammaGamma, isSpendFinite } from './gamma-gamma.js';
import type { CustomerSpend, FittedGammaGamma } from './gamma-gamma.js';
import { compareHoldout, expectedFrequencies, trackRepeatPurchases } from './goodness.js';
import type { FrequencyCount, HoldoutComparison, TrackingPoint } from './goodness.js';
import { lifetimeValue } from './lifetime-value.js';
import type { FitOptions } from './maximum-likelihood.js';
import type { FittedBgNbd, FittedParetoNbd } from './model.js';
import { fitParetoNbd } from './pareto-nbd.js';
import { expectedPurchasesOf, probabilityAlive } from './predictions.js';
import { summariesOf } from './purchase-log.js';
import type { CustomerSummary, PurchaseLog, PurchaseSummaries, SummaryOptions } from './purchase-log.js';

export interface RepeatPurchaseOptions extends SummaryOptions, FitOptions {
  /** Default `bg-nbd`. */
  readonly model?: 'bg-nbd' | 'pareto-nbd';
  /** Time looked ahead for each customer, in units of time. Default: the holdout period, or 52 without one. */
  readonly horizon?: number;
  /** Discount rate for one unit of time. Default 0. */
  readonly discountRate?: number;
}

export interface CustomerOutlook extends CustomerSummary {
  readonly probabilityAlive: number;
  /** Purchases expected within the horizon. */
  readonly expectedPurchases: number;
  /** Value expected of each; null without values, or where it is infinite. */
  readonly expectedSpend: number | null;
  /** Their discounted value; null without values. The horizon is taken in equal steps of at most one unit of time. */
  readonly lifetimeValue: number | null;
}

export interface RepeatPurchaseAnalysis {
  readonly summaries: Omit<PurchaseSummaries, 'customers' | 'repeatPurchasesByDay'>;
  readonly fit: FittedBgNbd | FittedParetoNbd;
  /** Null without values. */
  readonly spending: FittedGammaGamma | null;
  readonly horizon: number;
  readonly customers: readonly CustomerOutlook[];
  readonly frequencies: readonly FrequencyCount[];
  readonly tracking: readonly TrackingPoint[];
  /** Null without a holdout period. */
  readonly holdout: HoldoutComparison | null;
}

/**
 * A log of purchases, all the way: summaries, model, spending, outlook of every customer, and how well the model fits.
 * @throws StatisticsError as {@link summariesOf}, {@link fitBgNbd}, {@link fitParetoNbd} and {@link fitGammaGamma}
 */
export function analyseRepeatPurchase(log: PurchaseLog, options: RepeatPurchaseOptions = {}): RepeatPurchaseAnalysis {
  const { customers, repeatPurchasesByDay, ...summaries } = summariesOf(log, options);
  const all = { customers, repeatPurchasesByDay, ...summaries };
  const fit = options.model === 'pareto-nbd' ? fitParetoNbd(customers, options) : fitBgNbd(customers, options);
  const spending = log.values === undefined ? null : fitGammaGamma(customers.map(spendOf), options);
  const horizon = duration(options.horizon ?? (summaries.holdout > 0 ? summaries.holdout : 52));
  return {
    summaries,
    fit,
    spending,
    horizon,
    customers: customers.map((customer) => outlook(customer, fit, spending, horizon, options.discountRate ?? 0)),
    frequencies: expectedFrequencies(fit, customers),
    // A unit such as the mean month is no whole number of days, so a step is the nearest number of them.
    tracking: trackRepeatPurchases(fit, all, Math.max(1, Math.round(summaries.unitDays)) / summaries.unitDays),
    holdout: summaries.holdout > 0 ? compareHoldout(fit, all) : null,
  };
}

const spendOf = ({ valuedPurchases, value }: CustomerSummary): CustomerSpend => ({ frequency: valuedPurchases, value });

function outlook(
  customer: CustomerSummary,
  fit: FittedBgNbd | FittedParetoNbd,
  spending: FittedGammaGamma | null,
  horizon: number,
  discountRate: number,
): CustomerOutlook {
  const alive = probabilityAlive(fit, customer);
  const expected = expectedPurchasesOf(fit, customer, horizon);
  const outlooks = { ...customer, probabilityAlive: alive, expectedPurchases: expected };
  const spend = spendOf(customer);
  if (spending === null || !isSpendFinite(spending, spend.frequency)) return { ...outlooks, expectedSpend: null, lifetimeValue: null };
  const mean = expectedSpend(spending, spend);
  if (discountRate === 0 || horizon === 0) return { ...outlooks, expectedSpend: mean, lifetimeValue: mean * expected };
  const periods = Math.ceil(horizon);
  const period = horizon / periods;
  const value = lifetimeValue(fit, spending, customer, spend, { periods, period, discountRate: power(1 + discountRate, period) - 1 });
  return { ...outlooks, expectedSpend: mean, lifetimeValue: value.lifetimeValue };
}
