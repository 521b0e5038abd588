import { derivedId } from '@touchstone/kernel';
import type { LoyaltyAssessed } from '@touchstone/contracts/analytics';
import { reaction } from '@touchstone/event-store';
import { OpenCase } from './commands.js';
import { cases } from './slice.js';

/** An account that the policy wants looked after: one case an account and month, however often it is assessed. */
export const openCaseForAccountAtRisk = reaction({
  name: 'open-case-for-account-at-risk',
  on: ['analytics.LoyaltyAssessed.v1'],
  send: ({ id, data, meta }) => {
    const { accountId, churnRisk, openCase, fired, policy } = data as LoyaltyAssessed['data'];
    if (!openCase) return [];
    const command = {
      caseId: derivedId('case', 'churn-risk', accountId, meta.occurredAt.slice(0, 7)), kind: 'churn-risk', accountId,
      subject: `Churn risk ${churnRisk} by policy ${policy.id} version ${policy.version}: ${fired.join(', ')}`.slice(0, 500), causeId: id,
    };
    return [{ slice: cases, command: Object.assign(new OpenCase(), command) }];
  },
});
