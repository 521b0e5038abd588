import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, OneOf, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ChartEstablishedV1 = publicEvent('control.ChartEstablished.v1', {
  stream: 'chart',
  meaning: 'A control chart is kept for a characteristic of an item, with these settings from now on. Another kind, sample size or unit begins phase 1 anew.',
  data: Body({
    chartId: UuidText('the chart; derived from item and characteristic'),
    itemId: UuidText('the item'),
    characteristicId: Code('what is charted'),
    kind: OneOf(['xbar-r', 'individuals'], 'means and ranges of samples, or single values and moving ranges'),
    sampleSize: Type.Integer({ minimum: 1, maximum: 25, description: 'values a sample; 1 on a chart of individuals', unit: 'values' }),
    unit: Code('unit of the values'),
    onSignal: OneOf(['task', 'task-and-hold'], 'what a signal leads to'),
    reaction: Text('reaction plan: what to do at a signal'),
  }),
  samples: [
    {
      chartId: 'c7a7f9a2-3d0e-5f64-9b53-6c1d4e8f2a10', itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02', characteristicId: 'diameter',
      kind: 'xbar-r', sampleSize: 5, unit: 'mm', onSignal: 'task', reaction: 'check tool wear, measure again',
    },
  ],
});
export type ChartEstablished = EventOf<typeof ChartEstablishedV1>;
export const chartEstablished = eventMaker(ChartEstablishedV1);
