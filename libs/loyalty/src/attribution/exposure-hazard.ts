import { StatisticsError } from '@touchstone/statistics';
import { coxRegression } from '../survival/index.js';
import type { TieMethod } from '../survival/index.js';
import { checkAdjustment, checkMeasuredBefore } from './covariates.js';
import type { Covariate } from './covariates.js';
import { confidenceOf, ratioEstimate } from './estimate.js';
import type { Estimate } from './estimate.js';
import { exposureRows } from './exposure-rows.js';
import type { AccountHistory, ExposureRow, ExposureRowOptions } from './exposure-rows.js';
import { minimumsOf, requireAtLeast } from './minimums.js';
import type { Minimums } from './minimums.js';
import { assertLength } from './strata.js';

export interface ExposureHazardOptions extends ExposureRowOptions {
  /** One value an account, in the order of the histories. Text becomes one column a level, the first to occur being the reference. */
  readonly covariates?: readonly Covariate[];
  /** `ever`: exposed or not, the default. `count`: each failure in effect multiplies the hazard again. */
  readonly dose?: 'ever' | 'count';
  /** Default `efron`. */
  readonly ties?: TieMethod;
  readonly confidence?: number;
  readonly minimums?: Partial<Minimums>;
}

/** What the model says of a covariate. Not an effect to be claimed: the model was made for the exposure. */
export interface AdjustmentTerm {
  readonly name: string;
  readonly logHazardRatio: number;
  readonly standardError: number;
}

export interface ExposureHazard {
  /** What exposure multiplies the hazard of churning by, while it lasts. */
  readonly hazardRatio: Estimate;
  readonly adjustment: readonly AdjustmentTerm[];
  readonly accounts: number;
  readonly rows: number;
  readonly events: number;
  readonly exposed: ExposureTime;
  readonly unexposed: ExposureTime;
  readonly minimums: Minimums;
  readonly warnings: readonly string[];
}

/** Accounts that spent any time so; those exposed later are in both. */
export interface ExposureTime {
  readonly accounts: number;
  readonly days: number;
  readonly events: number;
}

/**
 * Hazard of churn under exposure that changes in time: proportional hazards on counting-process rows (D. R. Cox, Journal of the Royal
 * Statistical Society B 34, 1972; P. K. Andersen and R. D. Gill, Annals of Statistics 10, 1982), standard errors clustered by account.
 *
 * @throws StatisticsError `TOO_FEW_POINTS` below a minimum, `BAD_OPTION` for a covariate that must not be adjusted for, `BAD_DATA`,
 *   `NOT_FINITE`, `NO_CONVERGENCE`
 */
export function exposureHazard(histories: readonly AccountHistory[], options: ExposureHazardOptions = {}): ExposureHazard {
  const { covariates = [], dose = 'ever', ties = 'efron' } = options;
  const confidence = confidenceOf(options);
  const minimums = minimumsOf(options.minimums);
  const warnings = checkAdjustment(covariates);
  const firstExposure = histories.map(({ exposedAtDays }) => (exposedAtDays.length === 0 ? null : Math.min(...exposedAtDays)));
  for (const covariate of covariates) {
    assertLength(covariate.name, covariate.values, histories.length);
    checkMeasuredBefore(covariate, firstExposure);
  }
  const rows = exposureRows(histories, options);
  const terms = covariates.flatMap(termsOf);
  const [exposed, unexposed] = [1, 0].map((state) => timeOf(rows.filter((row) => row.exposed === state)));
  requireMinimums(exposed, unexposed, terms.length + 1, minimums);
  const fit = coxRegression(
    {
      time: rows.map(({ stopDays }) => stopDays),
      event: rows.map(({ event }) => event),
      entry: rows.map(({ startDays }) => startDays),
      cluster: rows.map(({ index }) => index),
      covariates: [
        { name: 'exposure', values: rows.map((row) => (dose === 'ever' ? row.exposed : row.exposures)) },
        ...terms.map(({ name, values }) => ({ name, values: rows.map(({ index }) => values[index]) })),
      ],
    },
    { ties, confidence },
  );
  const [effect, ...adjustment] = fit.coefficients;
  return {
    hazardRatio: ratioEstimate(effect.estimate, effect.standardError, confidence),
    adjustment: adjustment.map(({ name, estimate, standardError }) => ({ name, logHazardRatio: estimate, standardError })),
    accounts: histories.length,
    rows: rows.length,
    events: fit.events,
    exposed,
    unexposed,
    minimums,
    warnings,
  };
}

function requireMinimums(exposed: ExposureTime, unexposed: ExposureTime, coefficients: number, minimums: Minimums): void {
  requireAtLeast(exposed.accounts, minimums, 'accountsPerArm', 'accounts observed while exposed');
  requireAtLeast(unexposed.accounts, minimums, 'accountsPerArm', 'accounts observed while unexposed');
  requireAtLeast(exposed.events, minimums, 'eventsPerArm', 'churned while exposed');
  requireAtLeast(unexposed.events, minimums, 'eventsPerArm', 'churned while unexposed');
  requireAtLeast(
    exposed.events + unexposed.events,
    minimums,
    'eventsPerCoefficient',
    `churned for ${coefficients} coefficients`,
    coefficients,
  );
}

function timeOf(rows: readonly ExposureRow[]): ExposureTime {
  return {
    accounts: new Set(rows.map(({ index }) => index)).size,
    days: rows.reduce((sum, { startDays, stopDays }) => sum + stopDays - startDays, 0),
    events: rows.reduce((sum, { event }) => sum + event, 0),
  };
}

interface Term {
  readonly name: string;
  readonly values: readonly number[];
}

function termsOf({ name, values }: Covariate): Term[] {
  const column = Array.from(values);
  const numbers = column.filter((value) => typeof value === 'number');
  if (numbers.length === column.length) return [{ name, values: numbers }];
  if (numbers.length > 0) throw new StatisticsError('BAD_DATA', `'${name}' mixes text and numbers; make it one or the other`);
  return [...new Set(column)]
    .slice(1)
    .map((level) => ({ name: `${name}=${level}`, values: column.map((value) => Number(value === level)) }));
}
