import type { EventOf } from '../define-event.js';
import { Body, Code, DecimalText, OneOf, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const QuantityHeldV1 = publicEvent('control.QuantityHeld.v1', {
  stream: 'lot',
  meaning: 'A quantity of the lot may not be released while the hold stands. A hold is an overlay: it moves no quantity.',
  data: Body({
    lotId: UuidText('the lot'),
    holdId: UuidText('the hold'),
    quantity: DecimalText('held, in the lot\'s unit', 'unit of the lot'),
    cause: OneOf(['out-of-specification', 'signal', 'nonconformity', 'person'], 'what led to it'),
    causeId: Code('id of the measurement, signal or nonconformity, or of the person'),
    reason: Text('in words'),
  }),
  samples: [
    {
      lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', holdId: '5a1f8f0d-0d5c-5b0e-9a0f-8b1c2d3e4f50', quantity: '40',
      cause: 'out-of-specification', causeId: '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21', reason: 'diameter 74.062 mm above 74.05 mm',
    },
  ],
});
export type QuantityHeld = EventOf<typeof QuantityHeldV1>;
export const quantityHeld = eventMaker(QuantityHeldV1);
