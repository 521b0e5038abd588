import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, InstantText, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const DeliveryReconfirmedV1 = publicEvent('control.DeliveryReconfirmed.v1', {
  stream: 'delivery',
  meaning: 'Another date was confirmed for a delivery. A date that the customer asked for, before the promise was broken, replaces the promise; any other leaves it as it is.',
  data: Body({
    deliveryId: UuidText('the delivery'),
    accountId: UuidText('who ordered'),
    confirmedFor: InstantText('until when it is expected now'),
    requestedByCustomer: Type.Boolean({ description: 'whether the customer asked for the other date' }),
    promisedFor: InstantText('the promise that holds now'),
  }),
  samples: [
    {
      deliveryId: '3d6f0a52-7c1e-5b8a-9e21-5c0f7d1b2a61', accountId: '8c2a5d10-4e7b-5f16-8a3c-2b9d6e0f1c72', confirmedFor: '2026-03-12T16:00:00.000Z',
      requestedByCustomer: true, promisedFor: '2026-03-12T16:00:00.000Z',
    },
  ],
});
export type DeliveryReconfirmed = EventOf<typeof DeliveryReconfirmedV1>;
export const deliveryReconfirmed = eventMaker(DeliveryReconfirmedV1);
