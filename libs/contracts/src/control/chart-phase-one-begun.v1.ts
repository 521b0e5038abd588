import type { EventOf } from '../define-event.js';
import { Body, Count, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ChartPhaseOneBegunV1 = publicEvent('control.ChartPhaseOneBegun.v1', {
  stream: 'chart',
  meaning: 'The limits of the chart are given up: points are collected anew, and judged again once there are new limits. A person\'s decision.',
  data: Body({
    chartId: UuidText('the chart'),
    after: Count('number of the last point before phase 1 begins anew', 'ordinal'),
    reason: Text('why the limits no longer describe the process'),
  }),
  samples: [
    { chartId: 'c7a7f9a2-3d0e-5f64-9b53-6c1d4e8f2a10', after: 140, reason: 'new tool with another center' },
  ],
});
export type ChartPhaseOneBegun = EventOf<typeof ChartPhaseOneBegunV1>;
export const chartPhaseOneBegun = eventMaker(ChartPhaseOneBegunV1);
