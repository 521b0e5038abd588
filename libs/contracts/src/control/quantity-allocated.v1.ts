import type { EventOf } from '../define-event.js';
import { Body, DecimalText, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const QuantityAllocatedV1 = publicEvent('control.QuantityAllocated.v1', {
  stream: 'lot',
  meaning: 'Released quantity of the lot is set aside for one delivery and for no other.',
  data: Body({ lotId: UuidText('the lot'), deliveryId: UuidText('the delivery'), quantity: DecimalText('set aside, in the lot\'s unit', 'unit of the lot') }),
  samples: [{ lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', deliveryId: '3d0f3f5a-7f0e-5c39-8a53-1b9d6a7c5e44', quantity: '20' }],
});
export type QuantityAllocated = EventOf<typeof QuantityAllocatedV1>;
export const quantityAllocated = eventMaker(QuantityAllocatedV1);
