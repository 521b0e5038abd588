import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ComplaintResolvedV1 = publicEvent('feedback.ComplaintResolved.v1', {
  stream: 'complaint',
  meaning: 'What we offered was carried out, and the customer said whether he agrees. A resolved complaint is not a forgotten one.',
  data: Body({
    complaintId: UuidText('the complaint'),
    accountId: UuidText('whose it is; the unassigned account when nobody could be named'),
    customerAgrees: Type.Boolean({ description: 'whether he is content with it' }),
    recovery: Text('what was done for him'),
  }),
  samples: [
    { complaintId: '3f9b8a52-6f0e-5c7e-8a41-2b9d7c4e5f60', accountId: 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', customerAgrees: true, recovery: '40 rings replaced' },
  ],
});
export type ComplaintResolved = EventOf<typeof ComplaintResolvedV1>;
export const complaintResolved = eventMaker(ComplaintResolvedV1);
