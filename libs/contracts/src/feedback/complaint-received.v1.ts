import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, InstantText, PersonalText, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ComplaintReceivedV1 = publicEvent('feedback.ComplaintReceived.v1', {
  stream: 'complaint',
  meaning: 'Somebody is dissatisfied and said so. It waits to be acknowledged, assessed, answered and resolved (ISO 10002).',
  data: Body({
    complaintId: UuidText('the complaint'),
    accountId: UuidText('whose it is; the unassigned account when nobody could be named'),
    contactId: Type.Optional(UuidText('who complained')),
    channel: Code('how it came in'),
    category: Text('what it is about, as the one who took it filed it', 120),
    text: Type.Optional(PersonalText('accountId', 'in the words of the customer', 8000)),
    lotId: Type.Optional(UuidText('the lot that it is about')),
    deliveryId: Type.Optional(UuidText('the delivery that it is about')),
    state: Type.Optional(Code('region the customer lives in')),
    acknowledgeBy: InstantText('2 days after receipt'),
    respondBy: InstantText('10 days after receipt'),
  }),
  samples: [
    {
      complaintId: '3f9b8a52-6f0e-5c7e-8a41-2b9d7c4e5f60', accountId: 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', contactId: '6a8c0e2f-4b6d-5f8a-9c1e-3a5c7e9b1d26', channel: 'phone', category: 'Ring does not fit',
      text: 'Three of the rings are too wide.', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', deliveryId: '8e2d4c6a-1b3f-5e7d-9c5b-7a9f1e3d5c72',
      acknowledgeBy: '2026-03-04T08:00:00.000Z', respondBy: '2026-03-12T08:00:00.000Z',
    },
    {
      complaintId: '3f9b8a52-6f0e-5c7e-8a41-2b9d7c4e5f60', accountId: 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', channel: 'regulator', category: 'Debt collection', state: 'AZ',
      acknowledgeBy: '2016-10-05T04:00:00.000Z', respondBy: '2016-10-13T04:00:00.000Z',
    },
  ],
});
export type ComplaintReceived = EventOf<typeof ComplaintReceivedV1>;
export const complaintReceived = eventMaker(ComplaintReceivedV1);
