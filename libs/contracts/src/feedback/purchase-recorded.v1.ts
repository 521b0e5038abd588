import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, DecimalText, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const PurchaseRecordedV1 = publicEvent('feedback.PurchaseRecorded.v1', {
  stream: 'purchase',
  meaning: 'The account bought something, as the system of the shop tells. It happened when the event became true.',
  data: Body({
    purchaseId: UuidText('the purchase; follows from source and externalId'),
    accountId: UuidText('the account'),
    source: Code('system that tells of it'),
    externalId: Code('of the purchase in that system'),
    units: DecimalText('bought', 'pieces'),
    amount: DecimalText('paid, in currency; 0 when it was given away', 'as currency says'),
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code' }),
  }),
  samples: [
    {
      purchaseId: '5c7e9a1b-3d5f-5b7c-8e9a-1c3e5a7b9d04', accountId: 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01', source: 'cdnow', externalId: '00004-19970101-2-29.33-1',
      units: '2', amount: '29.33', currency: 'USD',
    },
  ],
});
export type PurchaseRecorded = EventOf<typeof PurchaseRecordedV1>;
export const purchaseRecorded = eventMaker(PurchaseRecordedV1);
