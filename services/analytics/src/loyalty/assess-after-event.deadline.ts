import type { Instant, RecordedEvent } from '@touchstone/kernel';
import { plusDays } from '@touchstone/kernel';
import { UNASSIGNED_ACCOUNT_ID } from '@touchstone/contracts';
import type { ExposureIdentified } from '@touchstone/contracts/analytics';
import { deadline } from '@touchstone/event-store';
import { AssessAccount } from './commands.js';
import { loyalties } from './slice.js';

/** The midnight (UTC) that follows. */
export const nextMidnight = (at: Instant): Instant => plusDays(`${at.slice(0, 10)}T00:00:00.000Z`, 1);

const due = ({ meta }: RecordedEvent, accountIds: Iterable<string>) =>
  [...new Set(accountIds)].filter((accountId) => accountId !== UNASSIGNED_ACCOUNT_ID).map((accountId) => ({
    key: accountId, dueAt: nextMidnight(meta.recordedAt), command: Object.assign(new AssessAccount(), { accountId, because: 'event' }),
  }));

const ofAccount = (event: RecordedEvent) => due(event, [(event.data as { accountId: string }).accountId]);

/** What becomes known about an account on a day is judged together at the end of that day, once; also what had happened before. */
export const assessAfterEvent = deadline({
  name: 'assess-after-event',
  slice: loyalties,
  set: {
    'control.DeliveryArrived.v1': ofAccount,
    'feedback.ComplaintReceived.v1': ofAccount,
    'feedback.ComplaintResolved.v1': ofAccount,
    'feedback.ComplaintClosed.v1': ofAccount,
    'feedback.SatisfactionStated.v1': ofAccount,
    'feedback.PurchaseRecorded.v1': ofAccount,
    'analytics.ExposureIdentified.v1': (event) => due(event, (event.data as ExposureIdentified['data']).accounts.map(({ accountId }) => accountId)),
  },
});
