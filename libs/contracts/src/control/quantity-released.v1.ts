import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, DecimalText, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const QuantityReleasedV1 = publicEvent('control.QuantityReleased.v1', {
  stream: 'lot',
  meaning: 'A quantity of the lot may be shipped.',
  data: Body({
    lotId: UuidText('the lot'),
    quantity: DecimalText('released now, in the lot\'s unit', 'unit of the lot'),
    concessionId: Type.Optional(UuidText('the concession or deviation permit that covers what would otherwise block it')),
  }),
  samples: [{ lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', quantity: '460' }],
});
export type QuantityReleased = EventOf<typeof QuantityReleasedV1>;
export const quantityReleased = eventMaker(QuantityReleasedV1);
