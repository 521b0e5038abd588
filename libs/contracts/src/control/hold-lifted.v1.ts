import type { EventOf } from '../define-event.js';
import { Body, DecimalText, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const HoldLiftedV1 = publicEvent('control.HoldLifted.v1', {
  stream: 'lot',
  meaning: 'A hold no longer stands.',
  data: Body({
    lotId: UuidText('the lot'),
    holdId: UuidText('the hold'),
    quantity: DecimalText('that was held, in the lot\'s unit', 'unit of the lot'),
    reason: Text('why it may be used again'),
  }),
  samples: [
    { lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', holdId: '5a1f8f0d-0d5c-5b0e-9a0f-8b1c2d3e4f50', quantity: '40', reason: 'sorted: 38 conform, 2 scrapped' },
  ],
});
export type HoldLifted = EventOf<typeof HoldLiftedV1>;
export const holdLifted = eventMaker(HoldLiftedV1);
