import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ComplaintRespondedV1 = publicEvent('feedback.ComplaintResponded.v1', {
  stream: 'complaint',
  meaning: 'The customer was told what was found, and what we offer.',
  data: Body({
    complaintId: UuidText('the complaint'),
    accountId: UuidText('whose it is; the unassigned account when nobody could be named'),
    response: Text('what he was told, without personal data', 2000),
    inTime: Type.Boolean({ description: 'within 10 days of receipt' }),
  }),
  samples: [
    { complaintId: '3f9b8a52-6f0e-5c7e-8a41-2b9d7c4e5f60', accountId: 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', response: 'rings of that lot are replaced at our cost', inTime: true },
  ],
});
export type ComplaintResponded = EventOf<typeof ComplaintRespondedV1>;
export const complaintResponded = eventMaker(ComplaintRespondedV1);
