import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ComplaintAcknowledgedV1 = publicEvent('feedback.ComplaintAcknowledged.v1', {
  stream: 'complaint',
  meaning: 'The customer was told that his complaint has arrived and is being looked after.',
  data: Body({
    complaintId: UuidText('the complaint'),
    accountId: UuidText('whose it is; the unassigned account when nobody could be named'),
    inTime: Type.Boolean({ description: 'within 2 days of receipt' }),
  }),
  samples: [
    { complaintId: '3f9b8a52-6f0e-5c7e-8a41-2b9d7c4e5f60', accountId: 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', inTime: true },
  ],
});
export type ComplaintAcknowledged = EventOf<typeof ComplaintAcknowledgedV1>;
export const complaintAcknowledged = eventMaker(ComplaintAcknowledgedV1);
