import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, DecimalText, InstantText, OneOf, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const EffectivenessVerifiedV1 = publicEvent('assurance.EffectivenessVerified.v1', {
  stream: 'capa',
  meaning: 'After the window, somebody other than the owner compared what was observed with the criterion that had been fixed before.',
  data: Body({
    capaId: UuidText('the corrective action'),
    observed: Type.Optional(DecimalText('in the unit of the metric; left out when nothing conclusive could be observed', 'unit of the metric')),
    data: Text('where the value comes from', 2000),
    verdict: OneOf(['effective', 'ineffective', 'inconclusive'], 'computed from criterion and value; inconclusive: too little could be observed'),
    verifiedBy: Code('who verified it'),
    windowEndsAt: Type.Optional(InstantText('inconclusive only: until when it is observed further')),
  }),
  samples: [
    {
      capaId: '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617', observed: '0.4', data: '2 of 5000 rings, inspections of lots L-2026-0201 to L-2026-0240', verdict: 'effective', verifiedBy: 'manager-1',
    },
    {
      capaId: '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617', data: 'no production in the window', verdict: 'inconclusive', verifiedBy: 'manager-1', windowEndsAt: '2026-06-14T08:00:00.000Z',
    },
  ],
});
export type EffectivenessVerified = EventOf<typeof EffectivenessVerifiedV1>;
export const effectivenessVerified = eventMaker(EffectivenessVerifiedV1);
