import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, DecimalText, InstantText, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const DeliveryArrivedV1 = publicEvent('control.DeliveryArrived.v1', {
  stream: 'delivery',
  meaning: 'A delivery reached the customer; it tells whether the promise was kept. The event\'s occurredAt is the arrival.',
  data: Body({
    deliveryId: UuidText('the delivery'),
    accountId: UuidText('who received it'),
    lotId: UuidText('the lot that it was taken from'),
    itemId: UuidText('what the lot is a quantity of'),
    quantity: DecimalText('that arrived, in the lot\'s unit', 'unit of the lot'),
    promisedFor: InstantText('the promise: the first confirmed date, or the last one that the customer asked for'),
    onTime: Type.Boolean({ description: 'whether it arrived by then' }),
    inFull: Type.Boolean({ description: 'whether all that was ordered arrived' }),
  }),
  samples: [
    {
      deliveryId: '3d6f0a52-7c1e-5b8a-9e21-5c0f7d1b2a61', accountId: '8c2a5d10-4e7b-5f16-8a3c-2b9d6e0f1c72', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11',
      itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02', quantity: '250', promisedFor: '2026-03-12T16:00:00.000Z', onTime: true, inFull: true,
    },
  ],
});
export type DeliveryArrived = EventOf<typeof DeliveryArrivedV1>;
export const deliveryArrived = eventMaker(DeliveryArrivedV1);
