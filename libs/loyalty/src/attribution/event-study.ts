import { Matrix } from 'ml-matrix';
import { StatisticsError } from '@touchstone/statistics';
import { fCdf } from '@touchstone/statistics/distributions';
import { confidenceOf, differenceEstimate } from './estimate.js';
import type { Estimate } from './estimate.js';
import { minimumsOf, requireAtLeast } from './minimums.js';
import type { Minimums } from './minimums.js';
import { inverseOf, panelIndex, panelRegression } from './panel-regression.js';
import type { PanelFit } from './panel-regression.js';
import { assertLength } from './strata.js';

/** One row an account and period. */
export interface PanelColumns {
  readonly account: ArrayLike<string | number>;
  /** Whole numbers; a period lasts as long as the next. */
  readonly period: ArrayLike<number>;
  readonly outcome: ArrayLike<number>;
  /** The period a failure first reached the account, the same in all its rows; null for an account that none reached. */
  readonly exposedFrom: ArrayLike<number | null>;
}

export interface EventStudyOptions {
  /** Periods before exposure with a coefficient; the first of them stands for all earlier ones. Default 4; at least 2 for the test. */
  readonly leads?: number;
  /** Periods after the one of exposure; the last stands for all later ones. Default 4. */
  readonly lags?: number;
  readonly confidence?: number;
  readonly minimums?: Partial<Minimums>;
}

/** Difference to the period before exposure, beyond what accounts without exposure changed by. */
export interface PeriodEffect extends Estimate {
  /** Periods since exposure; 0 is the period of exposure itself. */
  readonly event: number;
  /** Rows of exposed accounts it rests on. */
  readonly n: number;
}

/** Whether exposed accounts were already on a course of their own before exposure. */
export interface PreTrendTest {
  readonly statistic: number;
  readonly df1: number;
  readonly df2: number;
  readonly pValue: number;
  /** True at p < 1 − confidence: what follows exposure may then be the old course going on. */
  readonly suspicious: boolean;
}

export interface EventStudy {
  /** Mean of the effects from exposure on, each period counting the same. */
  readonly effect: Estimate;
  readonly effects: readonly PeriodEffect[];
  /** Null where there is no period before the last before exposure. */
  readonly preTrend: PreTrendTest | null;
  readonly exposedAccounts: number;
  readonly unexposedAccounts: number;
  readonly periods: number;
  readonly observations: number;
  /** Different periods of first exposure. */
  readonly cohorts: number;
  readonly minimums: Minimums;
  readonly warnings: readonly string[];
}

const REFERENCE = -1;

/**
 * Event study with account and period effects: y = account + period + Σ β_e · [periods since exposure = e], β of the period
 * before exposure being 0; errors clustered by account, Student's t with accounts − 1 degrees of freedom.
 *
 * The effect is causal if, without the failure, exposed and unexposed accounts would have changed alike; the leads test that before
 * exposure. With several cohorts of exposure the coefficients mix them, which misleads when cohorts respond differently (L. Sun
 * and S. Abraham, Journal of Econometrics 225, 2021); a warning says so.
 *
 * @throws StatisticsError `TOO_FEW_POINTS` below a minimum or without accounts that were never exposed, `BAD_DATA`, `NOT_FINITE`, `BAD_OPTION`
 */
export function eventStudy(columns: PanelColumns, options: EventStudyOptions = {}): EventStudy {
  const { leads = 4, lags = 4 } = options;
  if (![leads, lags].every(Number.isInteger) || leads < 1 || lags < 0)
    throw new StatisticsError('BAD_OPTION', 'leads are whole numbers from 1, lags from 0');
  const confidence = confidenceOf(options);
  const minimums = minimumsOf(options.minimums);
  checkColumns(columns);
  const index = panelIndex(columns.account, columns.period);
  const arms = armsOf(columns, index.account, index.labels);
  requireAtLeast(arms.exposed, minimums, 'accountsPerArm', 'exposed accounts');
  requireAtLeast(arms.unexposed, minimums, 'accountsPerArm', 'accounts that were never exposed');
  const { events, dummies, counts } = eventDummies(columns, leads, lags);
  if (!events.some((event) => event >= 0))
    throw new StatisticsError('TOO_FEW_POINTS', 'no claim: no exposed account was observed after its exposure');
  const fit = panelRegression(Float64Array.from(columns.outcome), dummies, index, 'account-and-period');
  const df = fit.clusters - 1;
  const effects = events.map((event, at) => ({
    event,
    n: counts[at],
    ...differenceEstimate(fit.coefficients[at], Math.sqrt(fit.covariance.get(at, at)), confidence, df),
  }));
  const after = events.map((event) => (event >= 0 ? 1 / events.filter((other) => other >= 0).length : 0));
  return {
    effect: combined(fit, after, confidence, df),
    effects,
    preTrend: preTrendOf(fit, events, confidence),
    exposedAccounts: arms.exposed,
    unexposedAccounts: arms.unexposed,
    periods: index.periods,
    observations: columns.outcome.length,
    cohorts: arms.cohorts,
    minimums,
    warnings:
      arms.cohorts > 1
        ? [
            'accounts were exposed in different periods: the effects mix cohorts and mislead if cohorts respond differently; compare with one cohort at a time',
          ]
        : [],
  };
}

/** Wald test that all coefficients before the reference are 0, F with q and accounts − 1 degrees of freedom. */
function preTrendOf(fit: PanelFit, events: readonly number[], confidence: number): PreTrendTest | null {
  const leads = events.flatMap((event, at) => (event < REFERENCE ? [at] : []));
  if (leads.length === 0) return null;
  const at = Matrix.columnVector(leads.map((lead) => fit.coefficients[lead]));
  const inverse = inverseOf(fit.covariance.selection(leads, leads));
  const statistic = at.transpose().mmul(inverse).mmul(at).get(0, 0) / leads.length;
  const df2 = fit.clusters - 1;
  const pValue = Math.max(0, 1 - fCdf(statistic, leads.length, df2));
  return { statistic, df1: leads.length, df2, pValue, suspicious: pValue < 1 - confidence };
}

function combined(fit: PanelFit, weights: readonly number[], confidence: number, df: number): Estimate {
  const by = Matrix.columnVector([...weights]);
  const estimate = weights.reduce((sum, weight, at) => sum + weight * fit.coefficients[at], 0);
  const variance = by.transpose().mmul(fit.covariance).mmul(by).get(0, 0);
  return differenceEstimate(estimate, Math.sqrt(Math.max(0, variance)), confidence, df);
}

/** A column for each event time that occurs, the reference left out. */
function eventDummies(
  { period, exposedFrom }: PanelColumns,
  leads: number,
  lags: number,
): { events: number[]; dummies: Float64Array[]; counts: number[] } {
  const n = period.length;
  const dummies = new Map<number, Float64Array>();
  for (let row = 0; row < n; row += 1) {
    const from = exposedFrom[row];
    if (from === null) continue;
    const event = Math.min(lags, Math.max(-leads, period[row] - from));
    if (event === REFERENCE) continue;
    let dummy = dummies.get(event);
    if (dummy === undefined) dummies.set(event, (dummy = new Float64Array(n)));
    dummy[row] = 1;
  }
  const events = [...dummies.keys()].sort((one, other) => one - other);
  const ordered = events.map((event) => dummies.get(event) as Float64Array);
  return { events, dummies: ordered, counts: ordered.map((dummy) => dummy.reduce((sum, one) => sum + one, 0)) };
}

function armsOf(
  { exposedFrom }: PanelColumns,
  accounts: Int32Array,
  labels: readonly (string | number)[],
): { exposed: number; unexposed: number; cohorts: number } {
  const from = new Map<number, number | null>();
  accounts.forEach((account, row) => {
    const known = from.get(account);
    if (known !== undefined && known !== exposedFrom[row]) {
      throw new StatisticsError('BAD_DATA', `account ${labels[account]} has two periods of first exposure; give the first in all its rows`);
    }
    from.set(account, exposedFrom[row]);
  });
  const starts = [...from.values()];
  const exposed = starts.filter((start) => start !== null);
  return { exposed: exposed.length, unexposed: starts.length - exposed.length, cohorts: new Set(exposed).size };
}

function checkColumns({ account, period, outcome, exposedFrom }: PanelColumns): void {
  const n = account.length;
  assertLength('period', period, n);
  assertLength('outcome', outcome, n);
  assertLength('exposedFrom', exposedFrom, n);
  for (let row = 0; row < n; row += 1) {
    if (!Number.isFinite(outcome[row])) throw new StatisticsError('NOT_FINITE', `the outcome of row ${row + 1} is not a finite number`);
    const from = exposedFrom[row];
    if (!Number.isSafeInteger(period[row]) || (from !== null && !Number.isSafeInteger(from))) {
      throw new StatisticsError('BAD_DATA', `the periods of row ${row + 1} must be whole numbers, exposedFrom null where never exposed`);
    }
  }
}
