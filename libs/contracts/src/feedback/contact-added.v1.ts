import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, PersonalText, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ContactAddedV1 = publicEvent('feedback.ContactAdded.v1', {
  stream: 'account',
  meaning: 'A person speaks for the account, or for one of its places. Who it is can be read by feedback only, until the person is erased.',
  data: Body({
    accountId: UuidText('the account'),
    contactId: UuidText('the person; personal fields are encrypted for this id'),
    shipToId: Type.Optional(UuidText('the place the person speaks for; left out for the whole account')),
    name: PersonalText('contactId', 'of the person'),
    email: Type.Optional(PersonalText('contactId', 'address the person is reached at')),
  }),
  samples: [
    { accountId: 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', contactId: '6a8c0e2f-4b6d-5f8a-9c1e-3a5c7e9b1d26', shipToId: '7b9d1f3a-5c7e-5a9b-8d2f-4b6d8f0a2c37', name: 'Ada Muster', email: 'ada@example.com' },
  ],
});
export type ContactAdded = EventOf<typeof ContactAddedV1>;
export const contactAdded = eventMaker(ContactAddedV1);
