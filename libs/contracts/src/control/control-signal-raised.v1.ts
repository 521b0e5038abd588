import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, Count, DecimalText, OneOf, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ControlSignalRaisedV1 = publicEvent('control.ControlSignalRaised.v1', {
  stream: 'chart',
  meaning: 'A run rule fired at a point of the chart: the process may have changed, look at it. Not a nonconformity: no requirement is known to be unmet.',
  data: Body({
    chartId: UuidText('the chart'),
    itemId: UuidText('the item'),
    characteristicId: Code('what is charted'),
    lotId: UuidText('the lot of the last point'),
    test: Type.Integer({ minimum: 1, maximum: 8, description: 'number of the test (L. S. Nelson, 1984)', unit: 'ordinal' }),
    of: OneOf(['value', 'range'], 'what fired: means or single values, or ranges (test 1 only)'),
    points: Type.Array(Body({ inspectionId: UuidText('its inspection'), sample: Count('its sample', 'ordinal') }), { minItems: 1, description: 'the points that form the pattern, oldest first' }),
    onSignal: OneOf(['task', 'task-and-hold'], 'what the control plan wants done'),
    reaction: Text('reaction plan'),
    represents: DecimalText('quantity of the lot that the sample of the last point stands for', 'unit of the lot'),
  }),
  samples: [
    {
      chartId: 'c7a7f9a2-3d0e-5f64-9b53-6c1d4e8f2a10', itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02', characteristicId: 'diameter',
      lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', test: 1, of: 'value', points: [{ inspectionId: '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21', sample: 37 }],
      onSignal: 'task', reaction: 'check tool wear, measure again', represents: '100',
    },
  ],
});
export type ControlSignalRaised = EventOf<typeof ControlSignalRaisedV1>;
export const controlSignalRaised = eventMaker(ControlSignalRaisedV1);
