import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, Count, DecimalText, OneOf, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const CapaPlannedV1 = publicEvent('assurance.CapaPlanned.v1', {
  stream: 'capa',
  meaning: 'What will be done, and before it is done: by which measure, threshold and window its effect will be judged.',
  data: Body({
    capaId: UuidText('the corrective action'),
    actions: Type.Array(Body({ action: Text('what is to be done'), owner: Code('actor who does it') }), { minItems: 1, description: 'what is to be done, by whom' }),
    criterion: Type.Object(
      { metric: Text('what is counted or measured, with its unit', 200), threshold: DecimalText('in the unit of the metric', 'unit of the metric'), comparison: OneOf(['at-most', 'at-least'], 'of the observed value with the threshold') },
      { additionalProperties: false, description: 'when the actions count as effective' },
    ),
    windowDays: Count('days after implementation through which the effect is observed', 'days'),
    plannedBy: Code('who planned it'),
  }),
  samples: [
    {
      capaId: '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617', actions: [{ action: 'change inserts every 400 parts', owner: 'operator-4' }],
      criterion: { metric: 'rings out of specification per 1000', threshold: '1', comparison: 'at-most' }, windowDays: 30, plannedBy: 'engineer-1',
    },
  ],
});
export type CapaPlanned = EventOf<typeof CapaPlannedV1>;
export const capaPlanned = eventMaker(CapaPlannedV1);
