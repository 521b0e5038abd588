import { derivedId } from '@touchstone/kernel';
import type { ExposureIdentified } from '@touchstone/contracts/analytics';
import { reaction } from '@touchstone/event-store';
import { OpenCase } from './commands.js';
import { cases } from './slice.js';

/** Who has received a nonconforming lot hears of it from us first: one case an account, however many deliveries it came in. */
export const openCaseForExposedAccount = reaction({
  name: 'open-case-for-exposed-account',
  on: ['analytics.ExposureIdentified.v1'],
  send: ({ data }) => {
    const { nonconformityId, lotId, severity, accounts } = data as ExposureIdentified['data'];
    return [...new Set(accounts.map(({ accountId }) => accountId))].map((accountId) => {
      const command = {
        caseId: derivedId('case', 'exposure', nonconformityId, accountId), kind: 'exposure', accountId,
        subject: `Received goods of lot ${lotId}, which has a ${severity} nonconformity`, causeId: nonconformityId,
      };
      return { slice: cases, command: Object.assign(new OpenCase(), command) };
    });
  },
});
