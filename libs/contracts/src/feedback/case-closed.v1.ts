import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, OneOf, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const CaseClosedV1 = publicEvent('feedback.CaseClosed.v1', {
  stream: 'case',
  meaning: 'The case is closed, and how.',
  data: Body({
    caseId: UuidText('the case'),
    accountId: Type.Optional(UuidText('the account')),
    outcome: OneOf(['confirmed', 'no-response', 'unresolved', 'duplicate', 'not-ours', 'done'], 'confirmed: by the customer; done: internal cases only'),
    rootCause: Text('why it had happened'),
  }),
  samples: [{ caseId: '9d2c8f2b-3c47-5ad1-8f60-0f5be7f9c3d5', outcome: 'done', rootCause: 'worn cutting insert' }],
});
export type CaseClosed = EventOf<typeof CaseClosedV1>;
export const caseClosed = eventMaker(CaseClosedV1);
