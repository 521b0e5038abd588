import type { EventOf } from '../define-event.js';
import { Body, OneOf, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ComplaintEscalatedV1 = publicEvent('feedback.ComplaintEscalated.v1', {
  stream: 'complaint',
  meaning: 'The complaint goes to the next level: a time limit has passed, or the customer does not agree.',
  data: Body({
    complaintId: UuidText('the complaint'),
    accountId: UuidText('whose it is; the unassigned account when nobody could be named'),
    why: OneOf(['not-acknowledged', 'not-responded', 'customer-disagrees'], 'not acknowledged within 2 days, not answered within 10 days, or the customer disagrees'),
  }),
  samples: [
    { complaintId: '3f9b8a52-6f0e-5c7e-8a41-2b9d7c4e5f60', accountId: 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', why: 'not-acknowledged' },
  ],
});
export type ComplaintEscalated = EventOf<typeof ComplaintEscalatedV1>;
export const complaintEscalated = eventMaker(ComplaintEscalatedV1);
