import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, DecimalText, OneOf, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ExposureIdentifiedV1 = publicEvent('analytics.ExposureIdentified.v1', {
  stream: 'exposure',
  meaning: 'Quantity of a lot with a nonconformity was delivered to these accounts. Only those are named that had not been before.',
  data: Body({
    nonconformityId: UuidText('the nonconformity'),
    lotId: UuidText('the lot that was delivered'),
    itemId: Type.Optional(UuidText('what the lot is a quantity of; left out where it is not known')),
    severity: OneOf(['minor', 'major', 'critical'], 'of the nonconformity'),
    accounts: Type.Array(
      Body({
        accountId: UuidText('the account that was delivered to'),
        deliveryId: UuidText('the delivery by which it was'),
        quantity: DecimalText('dispatched to it, in the lot\'s unit', 'unit of the lot'),
      }),
      { minItems: 1, maxItems: 500, description: 'newly identified, in the order of their deliveries\' ids' },
    ),
    known: OneOf(['certain'], 'how the lot is known to have gone there: certain, since it was captured when it was dispatched'),
  }),
  samples: [
    {
      nonconformityId: '3c5d6b1e-8a3f-5c0e-9b7d-2f4a6c8e0b13', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02',
      severity: 'major', known: 'certain',
      accounts: [{ accountId: '2b7e1516-28ae-52a6-abf7-158809cf4f3c', deliveryId: '8d3f2a61-5b0c-5d4e-9f10-6a7b8c9d0e1f', quantity: '40' }],
    },
  ],
});
export type ExposureIdentified = EventOf<typeof ExposureIdentifiedV1>;
export const exposureIdentified = eventMaker(ExposureIdentifiedV1);
