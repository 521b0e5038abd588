import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, InstantText, OneOf, UuidText, eventMaker, publicEvent } from '../define-event.js';

/**
 * For whoever copied what is personal. Nobody can read the subjects' encrypted fields any more: their keys are gone. Recipients
 * are told because the law says so (GDPR art. 17 and 19), with the month that art. 12(3) gives.
 */
export const CustomerErasedV1 = publicEvent('feedback.CustomerErased.v1', {
  stream: 'account',
  meaning: 'A customer, or a person who spoke for one, was erased: the keys of these subjects are destroyed. Whoever keeps copies of personal fields of these subjects, or anything derived from them, deletes them by the day named. Ids and what stands in clear in events may stay.',
  data: Body({
    accountId: UuidText('the account that was erased, or that the erased person spoke for'),
    scope: OneOf(['account', 'contact'], 'account: the customer with all who spoke for him; contact: only the persons named'),
    subjects: Type.Array(UuidText('subject of personal fields, as their x-personal mark names it'), {
      minItems: 1, maxItems: 1000, description: 'whose keys are destroyed: of an account its own id and those of its contacts',
    }),
    ground: OneOf(['request', 'objection', 'retention-ended'], 'why: the person asked for it, objected, or the time for keeping it is over'),
    erasedAt: InstantText('by when the keys were destroyed'),
    deleteBy: InstantText('until when copies elsewhere must be deleted; one month after erasedAt at the latest'),
  }),
  samples: [
    {
      accountId: 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', scope: 'contact', subjects: ['6a8c0e2f-4b6d-5f8a-9c1e-3a5c7e9b1d26'], ground: 'request',
      erasedAt: '2026-11-02T08:00:00.000Z', deleteBy: '2026-12-02T08:00:00.000Z',
    },
    {
      accountId: 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', scope: 'account',
      subjects: ['d1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', '6a8c0e2f-4b6d-5f8a-9c1e-3a5c7e9b1d26'], ground: 'retention-ended',
      erasedAt: '2026-11-02T08:00:00.000Z', deleteBy: '2026-12-02T08:00:00.000Z',
    },
  ],
});
export type CustomerErased = EventOf<typeof CustomerErasedV1>;
export const customerErased = eventMaker(CustomerErasedV1);
