import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, OneOf, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const StagePassedV1 = publicEvent('control.StagePassed.v1', {
  stream: 'lot',
  meaning: 'One of the inspections that the lot needs has accepted it.',
  data: Body({
    lotId: UuidText('the lot'),
    inspectionId: UuidText('the inspection that accepted'),
    stage: OneOf(['incoming', 'in-process', 'final'], 'stage of that inspection'),
    gaugesValid: Type.Boolean({ description: 'whether every gauge was in date when it measured' }),
  }),
  samples: [{ lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', inspectionId: '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21', stage: 'final', gaugesValid: true }],
});
export type StagePassed = EventOf<typeof StagePassedV1>;
export const stagePassed = eventMaker(StagePassedV1);
