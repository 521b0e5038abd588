import { StatisticsError, sumOf } from '@touchstone/statistics';
import { confidenceOf, differenceEstimate } from './estimate.js';
import type { Estimate } from './estimate.js';
import { minimumsOf, requireAtLeast } from './minimums.js';
import type { Minimums } from './minimums.js';
import { assertLength, binary } from './strata.js';

/** One row an account and occasion; an account may have several before and several after. */
export interface BeforeAfterColumns {
  readonly account: ArrayLike<string | number>;
  /** 1 for an occasion after the date of the failure, also for accounts it did not reach. */
  readonly after: ArrayLike<number | boolean>;
  /** 1 in all rows of an account that the failure reached. */
  readonly exposed: ArrayLike<number | boolean>;
  readonly outcome: ArrayLike<number>;
}

export interface DifferenceInDifferences {
  /** Mean change of exposed accounts less mean change of the others. */
  readonly effect: Estimate;
  readonly exposed: ArmChange;
  readonly unexposed: ArmChange;
  /** Accounts left out because they were seen only before or only after. */
  readonly incomplete: number;
  readonly df: number;
  readonly minimums: Minimums;
}

export interface ArmChange {
  readonly accounts: number;
  readonly before: number;
  readonly after: number;
  readonly change: number;
}

interface Account {
  readonly exposed: 0 | 1;
  readonly before: number[];
  readonly after: number[];
}

/**
 * Difference in differences of one change per account: mean after less mean before. Collapsing each account to its change is what
 * makes the standard error right under any correlation within an account (M. Bertrand, E. Duflo and S. Mullainathan, How much should we
 * trust differences-in-differences estimates?, Quarterly Journal of Economics 119, 2004, section IV.C); arms may differ in spread
 * (Welch, Biometrika 34, 1947).
 *
 * @throws StatisticsError `TOO_FEW_POINTS` below a minimum, `BAD_DATA`, `NOT_FINITE`, `BAD_OPTION`
 */
export function differenceInDifferences(
  columns: BeforeAfterColumns,
  options: { readonly confidence?: number; readonly minimums?: Partial<Minimums> } = {},
): DifferenceInDifferences {
  const confidence = confidenceOf(options);
  const minimums = minimumsOf(options.minimums);
  const all = accountsOf(columns);
  const complete = all.filter(({ before, after }) => before.length > 0 && after.length > 0);
  const arms = [1, 0].map((exposed) => complete.filter((account) => account.exposed === exposed));
  requireAtLeast(arms[0].length, minimums, 'accountsPerArm', 'exposed accounts seen before and after');
  requireAtLeast(arms[1].length, minimums, 'accountsPerArm', 'unexposed accounts seen before and after');
  if (arms.some((arm) => arm.length < 2)) throw new StatisticsError('TOO_FEW_POINTS', 'no claim: a spread needs two accounts in each arm');
  const [exposed, unexposed] = arms.map(changeOf);
  const variance = exposed.variance + unexposed.variance;
  const df =
    variance === 0
      ? complete.length - 2
      : variance ** 2 / (exposed.variance ** 2 / (exposed.arm.accounts - 1) + unexposed.variance ** 2 / (unexposed.arm.accounts - 1));
  return {
    effect: differenceEstimate(exposed.arm.change - unexposed.arm.change, Math.sqrt(variance), confidence, df),
    exposed: exposed.arm,
    unexposed: unexposed.arm,
    incomplete: all.length - complete.length,
    df,
    minimums,
  };
}

/** The arm's means, and the variance of its mean change. */
function changeOf(accounts: readonly Account[]): { arm: ArmChange; variance: number } {
  const n = accounts.length;
  const before = accounts.map((account) => meanOf(account.before));
  const after = accounts.map((account) => meanOf(account.after));
  const changes = after.map((value, at) => value - before[at]);
  const change = meanOf(changes);
  const variance = sumOf(changes.map((value) => (value - change) ** 2)) / (n - 1) / n;
  return { arm: { accounts: n, before: meanOf(before), after: meanOf(after), change }, variance };
}

function accountsOf({ account, after, exposed, outcome }: BeforeAfterColumns): Account[] {
  const n = account.length;
  assertLength('after', after, n);
  assertLength('exposed', exposed, n);
  assertLength('outcome', outcome, n);
  const accounts = new Map<string | number, Account>();
  for (let row = 0; row < n; row += 1) {
    if (!Number.isFinite(outcome[row])) throw new StatisticsError('NOT_FINITE', `the outcome of row ${row + 1} is not a finite number`);
    const arm = binary(exposed[row], 'exposure', row);
    let known = accounts.get(account[row]);
    if (known === undefined) accounts.set(account[row], (known = { exposed: arm, before: [], after: [] }));
    if (known.exposed !== arm)
      throw new StatisticsError(
        'BAD_DATA',
        `account ${account[row]} is exposed in one row and not in another; its arm is the same before and after`,
      );
    (binary(after[row], 'occasion', row) === 1 ? known.after : known.before).push(outcome[row]);
  }
  return [...accounts.values()];
}

const meanOf = (values: readonly number[]): number => sumOf(values) / values.length;
