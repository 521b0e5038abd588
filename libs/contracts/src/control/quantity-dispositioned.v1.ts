import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, DecimalText, OneOf, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const QuantityDispositionedV1 = publicEvent('control.QuantityDispositioned.v1', {
  stream: 'lot',
  meaning: 'The disposition of a nonconformity was carried out on a quantity of the lot. Rework makes it pending again; scrap and return consume it.',
  data: Body({
    lotId: UuidText('the lot'),
    nonconformityId: UuidText('the nonconformity'),
    dispositionId: Type.Optional(UuidText('the decision, since one nonconformity may have several; left out when it has one')),
    disposition: OneOf(['use-as-is', 'rework', 'scrap', 'return'], 'what was decided'),
    quantity: DecimalText('in the lot\'s unit', 'unit of the lot'),
    rejected: DecimalText('part of it that had been rejected; the rest had been accepted', 'unit of the lot'),
  }),
  samples: [
    { lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', nonconformityId: '2a9c1d4e-7b1f-5c6a-8d3e-9f0a1b2c3d4e', disposition: 'scrap', quantity: '40', rejected: '40' },
  ],
});
export type QuantityDispositioned = EventOf<typeof QuantityDispositionedV1>;
export const quantityDispositioned = eventMaker(QuantityDispositionedV1);
