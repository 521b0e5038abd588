import type { EventOf } from '../define-event.js';
import { Body, DecimalText, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const DeliveryDispatchedV1 = publicEvent('control.DeliveryDispatched.v1', {
  stream: 'delivery',
  meaning: 'A delivery left the house. Only what was released from the lot and set aside for this delivery can leave.',
  data: Body({
    deliveryId: UuidText('the delivery'),
    accountId: UuidText('who is to receive it'),
    lotId: UuidText('the lot that it was taken from'),
    quantity: DecimalText('that left, in the lot\'s unit', 'unit of the lot'),
  }),
  samples: [
    { deliveryId: '3d6f0a52-7c1e-5b8a-9e21-5c0f7d1b2a61', accountId: '8c2a5d10-4e7b-5f16-8a3c-2b9d6e0f1c72', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', quantity: '250' },
  ],
});
export type DeliveryDispatched = EventOf<typeof DeliveryDispatchedV1>;
export const deliveryDispatched = eventMaker(DeliveryDispatchedV1);
