import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Count, DecimalText, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ChartPointAddedV1 = publicEvent('control.ChartPointAdded.v1', {
  stream: 'chart',
  meaning: 'A sample became a point of the chart.',
  data: Body({
    chartId: UuidText('the chart'),
    lotId: UuidText('the lot that was sampled'),
    inspectionId: UuidText('the inspection'),
    sample: Count('number of the sample in the inspection, from 1', 'ordinal'),
    point: Type.Integer({ minimum: 1, description: 'number of the point on the chart, from 1', unit: 'ordinal' }),
    value: DecimalText('mean of the sample, or the single value; in the chart\'s unit, to 9 fraction digits', 'unit of the chart'),
    represents: DecimalText('quantity of the lot that the sample stands for', 'unit of the lot'),
    range: Type.Optional(DecimalText('largest minus smallest value of the sample, or distance from the point before; none for the first single value', 'unit of the chart')),
  }),
  samples: [
    {
      chartId: 'c7a7f9a2-3d0e-5f64-9b53-6c1d4e8f2a10', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', inspectionId: '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21',
      sample: 1, point: 1, value: '74.0102', represents: '100', range: '0.038',
    },
    {
      chartId: 'c7a7f9a2-3d0e-5f64-9b53-6c1d4e8f2a10', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', inspectionId: '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21',
      sample: 1, point: 1, value: '49.6', represents: '1',
    },
  ],
});
export type ChartPointAdded = EventOf<typeof ChartPointAddedV1>;
export const chartPointAdded = eventMaker(ChartPointAddedV1);
