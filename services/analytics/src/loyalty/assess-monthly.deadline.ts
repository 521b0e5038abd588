import type { Instant } from '@touchstone/kernel';
import type { LoyaltyAssessed } from '@touchstone/contracts/analytics';
import { deadline } from '@touchstone/event-store';
import { AssessAccount } from './commands.js';
import { loyalties } from './slice.js';

/** The first of the month that follows, 00:00 UTC. */
export function nextMonth(at: Instant): Instant {
  const [year, month] = [Number(at.slice(0, 4)), Number(at.slice(5, 7))];
  const [inYear, inMonth] = month === 12 ? [year + 1, 1] : [year, month + 1];
  return `${String(inYear).padStart(4, '0')}-${String(inMonth).padStart(2, '0')}-01T00:00:00.000Z`;
}

/** Silence is an event too: an account that was judged is judged again each month, for nothing tells when a customer stays away. */
export const assessMonthly = deadline({
  name: 'assess-monthly',
  slice: loyalties,
  set: {
    'analytics.LoyaltyAssessed.v1': ({ data, meta }) => {
      const { accountId } = data as LoyaltyAssessed['data'];
      return { key: accountId, dueAt: nextMonth(meta.occurredAt), command: Object.assign(new AssessAccount(), { accountId, because: 'month' }) };
    },
  },
});
