import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const CaseOverdueV1 = publicEvent('feedback.CaseOverdue.v1', {
  stream: 'case',
  meaning: 'The first action was not recorded by its date.',
  data: Body({ caseId: UuidText('the case'), accountId: Type.Optional(UuidText('the account')) }),
  samples: [{ caseId: '9d2c8f2b-3c47-5ad1-8f60-0f5be7f9c3d5' }],
});
export type CaseOverdue = EventOf<typeof CaseOverdueV1>;
export const caseOverdue = eventMaker(CaseOverdueV1);
