import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, Count, OneOf, PersonalText, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const InspectionCompletedV1 = publicEvent('control.InspectionCompleted.v1', {
  stream: 'inspection',
  meaning: 'The inspection is done and judged. What was out of specification decides, nobody\'s wish.',
  data: Body({
    inspectionId: UuidText('the inspection'),
    lotId: UuidText('the lot'),
    itemId: UuidText('what the lot is a quantity of'),
    stage: OneOf(['incoming', 'in-process', 'final'], 'stage'),
    outcome: OneOf(['accepted', 'rejected'], 'rejected when more samples were out of specification than the plan lets pass'),
    samples: Count('samples measured', 'samples'),
    outOfSpecification: Type.Array(Code('characteristic with values out of specification')),
    gaugesValid: Type.Boolean({ description: 'whether every gauge was in date when it measured' }),
    inspectorId: Code('who completed it'),
    inspectorName: PersonalText('inspectorId', 'name of the inspector'),
  }),
  samples: [
    {
      inspectionId: '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02',
      stage: 'final', outcome: 'accepted', samples: 5, outOfSpecification: [], gaugesValid: true, inspectorId: 'inspector-1', inspectorName: 'Ada Muster',
    },
  ],
});
export type InspectionCompleted = EventOf<typeof InspectionCompletedV1>;
export const inspectionCompleted = eventMaker(InspectionCompletedV1);
