import { entityOf } from '@touchstone/kernel';
import type { ComplaintReceived } from '@touchstone/contracts/feedback';
import { deadline } from '@touchstone/event-store';
import { EscalateComplaint } from './commands.js';
import { complaints } from './slice.js';

/** A complaint is answered within ten days, or the next level hears of it. */
export const respondInTime = deadline({
  name: 'respond-to-complaint',
  slice: complaints,
  set: {
    'feedback.ComplaintReceived.v1': ({ data }) => {
      const { complaintId, respondBy } = data as ComplaintReceived['data'];
      return { key: complaintId, dueAt: respondBy, command: Object.assign(new EscalateComplaint(), { complaintId, why: 'not-responded' }) };
    },
  },
  lift: {
    'feedback.ComplaintResponded.v1': ({ stream }) => entityOf(stream),
    'feedback.ComplaintClosed.v1': ({ stream }) => entityOf(stream),
  },
});
