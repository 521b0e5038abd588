import type { EventOf } from '../define-event.js';
import { Body, DecimalText, OneOf, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const LotAcceptedV1 = publicEvent('control.LotAccepted.v1', {
  stream: 'lot',
  meaning: 'All required inspections have accepted: the lot\'s pending quantity is now accepted. Accepted is not yet released.',
  data: Body({
    lotId: UuidText('the lot'),
    inspectionId: UuidText('the inspection that accepted'),
    stage: OneOf(['incoming', 'in-process', 'final'], 'stage of that inspection'),
    quantity: DecimalText('accepted now, in the lot\'s unit', 'unit of the lot'),
  }),
  samples: [{ lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', inspectionId: '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21', stage: 'final', quantity: '500' }],
});
export type LotAccepted = EventOf<typeof LotAcceptedV1>;
export const lotAccepted = eventMaker(LotAcceptedV1);
