import { entityOf } from '@touchstone/kernel';
import type { ComplaintReceived } from '@touchstone/contracts/feedback';
import { deadline } from '@touchstone/event-store';
import { EscalateComplaint } from './commands.js';
import { complaints } from './slice.js';

/** A complaint is acknowledged within two days, or the next level hears of it. */
export const acknowledgeInTime = deadline({
  name: 'acknowledge-complaint',
  slice: complaints,
  set: {
    'feedback.ComplaintReceived.v1': ({ data }) => {
      const { complaintId, acknowledgeBy } = data as ComplaintReceived['data'];
      return { key: complaintId, dueAt: acknowledgeBy, command: Object.assign(new EscalateComplaint(), { complaintId, why: 'not-acknowledged' }) };
    },
  },
  lift: {
    'feedback.ComplaintAcknowledged.v1': ({ stream }) => entityOf(stream),
    'feedback.ComplaintClosed.v1': ({ stream }) => entityOf(stream),
  },
});
