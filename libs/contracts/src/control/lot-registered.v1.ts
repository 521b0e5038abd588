import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, DecimalText, OneOf, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const LotRegisteredV1 = publicEvent('control.LotRegistered.v1', {
  stream: 'lot',
  meaning: 'A quantity of one item, made or received together, exists and waits for inspection.',
  data: Body({
    lotId: UuidText('the lot'),
    number: Code('lot number as printed on it, unique in the deployment'),
    itemId: UuidText('what it is a quantity of (planning)'),
    itemRevision: Type.Optional(Code('revision of the item it was made to')),
    quantity: DecimalText('in the unit below', 'as unit says'),
    unit: Code('unit of quantity, e.g. pcs, kg'),
    site: Code('where it was made or received'),
    supplierId: Type.Optional(Code('from whom; left out for own production')),
    requiredInspections: Type.Array(OneOf(['incoming', 'in-process', 'final'], 'stage'), { description: 'inspections that must accept before release' }),
  }),
  samples: [
    {
      lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', number: 'L-2026-0117', itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02', itemRevision: 'B',
      quantity: '500', unit: 'pcs', site: 'ulm', requiredInspections: ['final'],
    },
  ],
});
export type LotRegistered = EventOf<typeof LotRegisteredV1>;
export const lotRegistered = eventMaker(LotRegisteredV1);
