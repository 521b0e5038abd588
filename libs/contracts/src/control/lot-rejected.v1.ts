import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, DecimalText, OneOf, PersonalText, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const LotRejectedV1 = publicEvent('control.LotRejected.v1', {
  stream: 'lot',
  meaning: 'An inspection did not accept the lot: its pending quantity may not be used until it is sorted, reworked, resubmitted or returned.',
  data: Body({
    lotId: UuidText('the lot'),
    number: Code('lot number'),
    itemId: UuidText('what the lot is a quantity of'),
    inspectionId: UuidText('the inspection that rejected'),
    stage: OneOf(['incoming', 'in-process', 'final'], 'stage of that inspection'),
    quantity: DecimalText('rejected, in the lot\'s unit', 'unit of the lot'),
    characteristicIds: Type.Array(Code('characteristic that was out of specification')),
    inspectorId: Code('who completed the inspection'),
    inspectorName: PersonalText('inspectorId', 'name of the inspector'),
  }),
  samples: [
    {
      lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', number: 'L-2026-0117', itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02',
      inspectionId: '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21', stage: 'final', quantity: '500', characteristicIds: ['diameter'],
      inspectorId: 'inspector-1', inspectorName: 'Ada Muster',
    },
  ],
});
export type LotRejected = EventOf<typeof LotRejectedV1>;
export const lotRejected = eventMaker(LotRejectedV1);
