import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Count, DecimalText, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ChartPointCorrectedV1 = publicEvent('control.ChartPointCorrected.v1', {
  stream: 'chart',
  meaning: 'A measured value behind a point was corrected. What the point was stays visible; signals raised before stay raised.',
  data: Body({
    chartId: UuidText('the chart'),
    inspectionId: UuidText('the inspection'),
    sample: Count('number of the sample in the inspection, from 1', 'ordinal'),
    point: Type.Integer({ minimum: 1, description: 'number of the point on the chart, from 1', unit: 'ordinal' }),
    was: DecimalText('value of the point until now, in the chart\'s unit', 'unit of the chart'),
    now: DecimalText('value of the point from now on', 'unit of the chart'),
    range: Type.Optional(DecimalText('range of the point from now on', 'unit of the chart')),
    nextRange: Type.Optional(DecimalText('on a chart of individuals: range of the point after, from now on', 'unit of the chart')),
  }),
  samples: [
    { chartId: 'c7a7f9a2-3d0e-5f64-9b53-6c1d4e8f2a10', inspectionId: '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21', sample: 1, point: 1, was: '68.6102', now: '74.0102', range: '0.038' },
    { chartId: 'c7a7f9a2-3d0e-5f64-9b53-6c1d4e8f2a10', inspectionId: '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21', sample: 1, point: 1, was: '94.6', now: '49.6', nextRange: '2' },
  ],
});
export type ChartPointCorrected = EventOf<typeof ChartPointCorrectedV1>;
export const chartPointCorrected = eventMaker(ChartPointCorrectedV1);
