import type { Decimal, Instant } from '@touchstone/kernel';
import { daysBetween, decimal, divide, sum } from '@touchstone/kernel';
import type { AccountHistory, Exposed } from './account-history.js';
import { severityWeights } from './account-history.js';
import { burdenOf, isOpen } from './burden.js';
import { wilson } from './wilson.js';

/**
 * What a policy may ask about an account: exact numbers as texts; null where nothing can be said. How often an account
 * complained is not among them: a policy weighs what went wrong, not that it was said.
 */
export type Figures = Readonly<Record<(typeof figureNames)[number], string | null>>;

export const figureNames = [
  'exposures', 'exposureWeight', 'worstExposure', 'burden', 'promisesDue', 'promisesKept', 'promiseRate', 'promiseLower', 'promiseUpper',
  'satisfactionLatest', 'satisfactionMean', 'satisfactionStatements', 'purchases', 'repeatPurchases', 'recencyDays', 'rhythmDays', 'quietRatio',
] as const;

/** What an account did, in numbers, at an instant; with how often it complained beside. */
export interface Account {
  readonly figures: Figures;
  readonly complaints: { readonly received: number; readonly open: number };
}

export const EXPOSURE_DAYS = 180;
export const PROMISE_DAYS = 365;
const RATIO_DIGITS = 3;

export function accountAt(history: AccountHistory, at: Instant): Account {
  const { exposures, complaints } = history;
  const recent = exposures.filter((exposure) => daysBetween(exposure.at, at) <= EXPOSURE_DAYS);
  return {
    figures: {
      exposures: String(recent.length), exposureWeight: sum(recent.map(({ severity }) => severityWeights[severity])), worstExposure: worst(recent),
      burden: burdenOf(exposures, complaints, at), ...promises(history), ...satisfaction(history), ...purchases(history, at),
    },
    complaints: { received: complaints.length, open: complaints.filter(isOpen).length },
  };
}

const worst = (exposures: readonly Exposed[]): string | null =>
  (['critical', 'major', 'minor'] as const).find((severity) => exposures.some((exposure) => exposure.severity === severity)) ?? null;

function promises({ promises: { due, kept } }: AccountHistory) {
  const { rate = null, lower = null, upper = null } = wilson(kept, due) ?? {};
  return { promisesDue: String(due), promisesKept: String(kept), promiseRate: rate, promiseLower: lower, promiseUpper: upper };
}

function satisfaction({ scores }: AccountHistory) {
  const latest = scores.reduce<(typeof scores)[number] | undefined>((last, each) => (last && last.at > each.at ? last : each), undefined);
  const total = String(scores.reduce((all, { score }) => all + score, 0));
  return {
    satisfactionLatest: latest ? String(latest.score) : null, satisfactionStatements: String(scores.length),
    satisfactionMean: latest ? divide(total, String(scores.length), RATIO_DIGITS) : null,
  };
}

/** An account's own rhythm: mean days from one purchase to the next. Quiet for three times as long says more than 90 days do. */
function purchases({ purchases: { count, first, last } }: AccountHistory, at: Instant) {
  const recencyDays = last === null ? null : wholeDays(last, at);
  const spanDays = first === null || last === null ? '0' : wholeDays(first, last);
  const rhythmDays = count > 1 && spanDays !== '0' ? divide(spanDays, String(count - 1), RATIO_DIGITS) : null;
  const quietRatio: Decimal | null = recencyDays === null || rhythmDays === null || rhythmDays === '0' ? null : divide(recencyDays, rhythmDays, RATIO_DIGITS);
  return { purchases: String(count), repeatPurchases: String(Math.max(0, count - 1)), recencyDays, rhythmDays, quietRatio };
}

const wholeDays = (from: Instant, to: Instant): Decimal => decimal(Math.max(0, Math.floor(daysBetween(from, to))));
