import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, DecimalText, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ReassessmentOpenedV1 = publicEvent('control.ReassessmentOpened.v1', {
  stream: 'lot',
  meaning: 'A late inspection rejects a lot that had been accepted. What has left the house may be nonconforming too.',
  data: Body({
    lotId: UuidText('the lot'),
    number: Code('lot number'),
    itemId: UuidText('what the lot is a quantity of'),
    inspectionId: UuidText('the late inspection'),
    characteristicIds: Type.Array(Code('characteristic that was out of specification')),
    released: DecimalText('released before, in the lot\'s unit', 'unit of the lot'),
    allocated: DecimalText('of that: set aside for deliveries or shipped', 'unit of the lot'),
  }),
  samples: [
    {
      lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', number: 'L-2026-0117', itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02',
      inspectionId: '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21', characteristicIds: ['hardness'], released: '500', allocated: '320',
    },
  ],
});
export type ReassessmentOpened = EventOf<typeof ReassessmentOpenedV1>;
export const reassessmentOpened = eventMaker(ReassessmentOpenedV1);
