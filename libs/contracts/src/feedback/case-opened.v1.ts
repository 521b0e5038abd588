import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, InstantText, OneOf, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const CaseOpenedV1 = publicEvent('feedback.CaseOpened.v1', {
  stream: 'case',
  meaning: 'Somebody has to look after something, by a date: inside the company, or for one account.',
  data: Body({
    caseId: UuidText('the case'),
    kind: OneOf(['internal', 'exposure', 'churn-risk', 'complaint'], 'what it is about'),
    accountId: Type.Optional(UuidText('the account; left out for internal cases')),
    subject: Text('in one line, without personal data'),
    causeId: Code('id of the event, complaint or nonconformity that led to it'),
    dueAt: InstantText('by when the first action must be recorded'),
  }),
  samples: [
    {
      caseId: '9d2c8f2b-3c47-5ad1-8f60-0f5be7f9c3d5', kind: 'internal', subject: 'Lot L-2026-0117 rejected at final inspection',
      causeId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', dueAt: '2026-03-04T08:00:00.000Z',
    },
  ],
});
export type CaseOpened = EventOf<typeof CaseOpenedV1>;
export const caseOpened = eventMaker(CaseOpenedV1);
