import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const AccountRegisteredV1 = publicEvent('feedback.AccountRegistered.v1', {
  stream: 'account',
  meaning: 'A customer exists, under one account. What he buys, receives and says is kept together by its id.',
  data: Body({
    accountId: UuidText('the account'),
    name: Text('of the company; a private customer has a pseudonym'),
    externalSource: Type.Optional(Code('system that knows him too')),
    externalId: Type.Optional(Code('his id there')),
  }),
  samples: [
    { accountId: 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', name: 'Muster Maschinenbau GmbH' },
    { accountId: 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', name: 'CDNOW customer 00004', externalSource: 'cdnow', externalId: '00004' },
  ],
});
export type AccountRegistered = EventOf<typeof AccountRegisteredV1>;
export const accountRegistered = eventMaker(AccountRegisteredV1);
