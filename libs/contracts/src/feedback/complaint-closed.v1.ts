import type { EventOf } from '../define-event.js';
import { Body, OneOf, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ComplaintClosedV1 = publicEvent('feedback.ComplaintClosed.v1', {
  stream: 'complaint',
  meaning: 'The complaint is closed, and how: on the customer\'s confirmation, or openly as something else.',
  data: Body({
    complaintId: UuidText('the complaint'),
    accountId: UuidText('whose it is; the unassigned account when nobody could be named'),
    outcome: OneOf(['confirmed', 'no-response', 'unresolved', 'duplicate', 'not-ours'], 'confirmed: the customer agrees; unresolved: with alternatives offered'),
  }),
  samples: [
    { complaintId: '3f9b8a52-6f0e-5c7e-8a41-2b9d7c4e5f60', accountId: 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', outcome: 'confirmed' },
  ],
});
export type ComplaintClosed = EventOf<typeof ComplaintClosedV1>;
export const complaintClosed = eventMaker(ComplaintClosedV1);
