import type { EventOf } from '../define-event.js';
import { Body, Code, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ShipToAddedV1 = publicEvent('feedback.ShipToAdded.v1', {
  stream: 'account',
  meaning: 'The account receives goods at this place.',
  data: Body({
    accountId: UuidText('the account'),
    shipToId: UuidText('the place'),
    label: Code('short name of the place'),
    country: Code('ISO 3166-1 code'),
  }),
  samples: [
    { accountId: 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', shipToId: '7b9d1f3a-5c7e-5a9b-8d2f-4b6d8f0a2c37', label: 'works-2', country: 'DE' },
  ],
});
export type ShipToAdded = EventOf<typeof ShipToAddedV1>;
export const shipToAdded = eventMaker(ShipToAddedV1);
