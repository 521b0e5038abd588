import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const SatisfactionStatedV1 = publicEvent('feedback.SatisfactionStated.v1', {
  stream: 'account',
  meaning: 'The account, or one of its contacts, said how likely it is to recommend us. A judgement, not a measurement of loyalty.',
  data: Body({
    accountId: UuidText('the account'),
    contactId: Type.Optional(UuidText('who said so; left out when it was not told')),
    score: Type.Integer({ minimum: 0, maximum: 10, description: '0 not at all likely to 10 extremely likely', unit: 'points, 0 to 10' }),
  }),
  samples: [
    { accountId: 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', contactId: '6a8c0e2f-4b6d-5f8a-9c1e-3a5c7e9b1d26', score: 9 },
  ],
});
export type SatisfactionStated = EventOf<typeof SatisfactionStatedV1>;
export const satisfactionStated = eventMaker(SatisfactionStatedV1);
