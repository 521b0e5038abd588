import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, DecimalText, InstantText, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const DeliveryPlannedV1 = publicEvent('control.DeliveryPlanned.v1', {
  stream: 'delivery',
  meaning: 'One line of a customer\'s order is to be delivered from a lot, and a date was confirmed to him: the first promise.',
  data: Body({
    deliveryId: UuidText('the delivery'),
    orderId: Code('the customer\'s order, as it is known to him'),
    line: Type.Integer({ minimum: 1, maximum: 100_000, description: 'line of the order, from 1', unit: 'ordinal' }),
    accountId: UuidText('who ordered; the account may become known later'),
    lotId: UuidText('the lot that it is taken from'),
    itemId: UuidText('what the lot is a quantity of'),
    quantity: DecimalText('ordered, in the lot\'s unit', 'unit of the lot'),
    requestedFor: InstantText('when the customer wanted it at the latest'),
    confirmedFor: InstantText('until when it was first promised'),
  }),
  samples: [
    {
      deliveryId: '3d6f0a52-7c1e-5b8a-9e21-5c0f7d1b2a61', orderId: 'SO-10231', line: 1, accountId: '8c2a5d10-4e7b-5f16-8a3c-2b9d6e0f1c72',
      lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02', quantity: '250',
      requestedFor: '2026-03-09T16:00:00.000Z', confirmedFor: '2026-03-10T16:00:00.000Z',
    },
  ],
});
export type DeliveryPlanned = EventOf<typeof DeliveryPlannedV1>;
export const deliveryPlanned = eventMaker(DeliveryPlannedV1);
