import { Type } from '@sinclair/typebox';
import { Characteristic, sampleCharacteristic } from '../characteristic.js';
import type { EventOf } from '../define-event.js';
import { Body, Code, Count, OneOf, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const InspectionStartedV1 = publicEvent('control.InspectionStarted.v1', {
  stream: 'inspection',
  meaning: 'An inspection of a lot began, by the control plan that was in force. The plan revision is pinned: later ones do not touch it.',
  data: Body({
    inspectionId: UuidText('the inspection'),
    lotId: UuidText('the lot'),
    itemId: UuidText('what the lot is a quantity of'),
    stage: OneOf(['incoming', 'in-process', 'final'], 'stage'),
    planRevision: Count('revision of the item\'s control plan', 'ordinal'),
    characteristics: Type.Array(Characteristic, { description: 'characteristics of the plan, each with how it is measured and judged' }),
    site: Code('where'),
  }),
  samples: [
    {
      inspectionId: '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02',
      stage: 'final', planRevision: 1, characteristics: [sampleCharacteristic], site: 'ulm',
    },
  ],
});
export type InspectionStarted = EventOf<typeof InspectionStartedV1>;
export const inspectionStarted = eventMaker(InspectionStartedV1);
