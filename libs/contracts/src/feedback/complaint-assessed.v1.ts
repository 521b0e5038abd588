import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, OneOf, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ComplaintAssessedV1 = publicEvent('feedback.ComplaintAssessed.v1', {
  stream: 'complaint',
  meaning: 'A person judged how severe the complaint is, what it is about, and who looks after it.',
  data: Body({
    complaintId: UuidText('the complaint'),
    accountId: UuidText('whose it is; the unassigned account when nobody could be named'),
    severity: OneOf(['minor', 'major', 'critical'], 'of what happened to the customer'),
    about: OneOf(['quality', 'safety', 'service', 'other'], 'quality or safety: of what was delivered'),
    team: Code('who looks after it'),
    lotId: Type.Optional(UuidText('the lot that it is about')),
  }),
  samples: [
    { complaintId: '3f9b8a52-6f0e-5c7e-8a41-2b9d7c4e5f60', accountId: 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', severity: 'major', about: 'quality', team: 'care-south', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11' },
  ],
});
export type ComplaintAssessed = EventOf<typeof ComplaintAssessedV1>;
export const complaintAssessed = eventMaker(ComplaintAssessedV1);
