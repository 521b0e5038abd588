import { StatisticsError } from '@touchstone/statistics';
import { checkAdjustment, checkMeasuredBefore } from './covariates.js';
import type { Covariate } from './covariates.js';
import type { StratumCounts } from './mantel-haenszel.js';

/** One value an account in every column, in the same order. */
export interface ExposureColumns {
  /** 1 where the account had the event (churned, bought again), else 0. */
  readonly outcome: ArrayLike<number | boolean>;
  /** 1 where a failure reached the account, else 0. Accounts whose exposure is unknown do not belong in here. */
  readonly exposed: ArrayLike<number | boolean>;
  /** What to adjust for: the strata are the combinations of their values. */
  readonly covariates?: readonly Covariate[];
  /** When each account was exposed, null for never; needed to check `measuredAt` of the covariates. */
  readonly exposedAt?: ArrayLike<string | number | null>;
}

/** The name of the only stratum where nothing is adjusted for. */
export const ALL_ACCOUNTS = 'all accounts';

/**
 * Counts by stratum, in the order the strata first occur.
 * @throws StatisticsError `BAD_DATA` for columns of different lengths or an outcome or exposure other than 0 and 1, `BAD_OPTION` as `checkAdjustment`
 */
export function stratify(columns: ExposureColumns): { readonly strata: StratumCounts[]; readonly warnings: readonly string[] } {
  const { outcome, exposed, covariates = [], exposedAt } = columns;
  const warnings = checkAdjustment(covariates);
  const n = outcome.length;
  assertLength('exposed', exposed, n);
  for (const covariate of covariates) {
    assertLength(covariate.name, covariate.values, n);
    if (exposedAt !== undefined) checkMeasuredBefore(covariate, exposedAt);
    else if (covariate.measuredAt !== undefined) {
      throw new StatisticsError(
        'BAD_DATA',
        `'${covariate.name}' says when it was measured; give exposedAt as well, so that it can be checked`,
      );
    }
  }
  const counts = new Map<string, { exposedEvents: number; exposed: number; unexposedEvents: number; unexposed: number }>();
  for (let index = 0; index < n; index += 1) {
    const name = stratumOf(covariates, index);
    let count = counts.get(name);
    if (count === undefined) counts.set(name, (count = { exposedEvents: 0, exposed: 0, unexposedEvents: 0, unexposed: 0 }));
    const event = binary(outcome[index], 'outcome', index);
    if (binary(exposed[index], 'exposure', index) === 1) {
      count.exposed += 1;
      count.exposedEvents += event;
    } else {
      count.unexposed += 1;
      count.unexposedEvents += event;
    }
  }
  return { strata: [...counts].map(([stratum, count]) => ({ stratum, ...count })), warnings };
}

/** Counts given by hand. @throws StatisticsError `BAD_DATA` */
export function checkCounts(strata: readonly StratumCounts[]): void {
  for (const { stratum, exposedEvents, exposed, unexposedEvents, unexposed } of strata) {
    const whole = [exposedEvents, exposed, unexposedEvents, unexposed].every((count) => Number.isSafeInteger(count) && count >= 0);
    if (!whole || exposedEvents > exposed || unexposedEvents > unexposed) {
      throw new StatisticsError('BAD_DATA', `stratum '${stratum}': counts are whole numbers, and no arm has more events than accounts`);
    }
  }
}

/** 0 or 1. @throws StatisticsError `BAD_DATA` that names the account by its position, counted from 1 */
export function binary(value: number | boolean, column: string, index: number): 0 | 1 {
  if (value === 1 || value === true) return 1;
  if (value === 0 || value === false) return 0;
  throw new StatisticsError(
    'BAD_DATA',
    `the ${column} of account ${index + 1} is ${String(value)}; it must be 0 or 1, and accounts where it is unknown be left out`,
  );
}

/** @throws StatisticsError `BAD_DATA` */
export function assertLength(name: string, column: ArrayLike<unknown>, n: number): void {
  if (column.length !== n) throw new StatisticsError('BAD_DATA', `the column '${name}' has ${column.length} values for ${n} accounts`);
}

function stratumOf(covariates: readonly Covariate[], index: number): string {
  if (covariates.length === 0) return ALL_ACCOUNTS;
  return covariates
    .map(({ name, values }) => {
      const value = values[index];
      if (typeof value === 'number' && !Number.isFinite(value))
        throw new StatisticsError('NOT_FINITE', `'${name}' of account ${index + 1} is not a finite number`);
      if (typeof value !== 'number' && typeof value !== 'string') {
        throw new StatisticsError(
          'BAD_DATA',
          `'${name}' of account ${index + 1} is missing; give missing values a level of their own, or leave the account out`,
        );
      }
      return `${name}=${JSON.stringify(value)}`;
    })
    .join(' ');
}
