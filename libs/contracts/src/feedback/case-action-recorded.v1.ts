import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const CaseActionRecordedV1 = publicEvent('feedback.CaseActionRecorded.v1', {
  stream: 'case',
  meaning: 'Something was done about the case.',
  data: Body({
    caseId: UuidText('the case'),
    accountId: Type.Optional(UuidText('the account')),
    action: Text('what was done, without personal data'),
  }),
  samples: [{ caseId: '9d2c8f2b-3c47-5ad1-8f60-0f5be7f9c3d5', action: 'replacement sent' }],
});
export type CaseActionRecorded = EventOf<typeof CaseActionRecordedV1>;
export const caseActionRecorded = eventMaker(CaseActionRecordedV1);
