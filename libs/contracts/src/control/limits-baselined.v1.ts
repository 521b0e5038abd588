import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Count, DecimalText, OneOf, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const LimitsBaselinedV1 = publicEvent('control.LimitsBaselined.v1', {
  stream: 'chart',
  meaning: 'The chart has limits from now on: computed from its phase 1, or specified by a person with their source. Later points are judged by them. Signed by the event\'s actor.',
  data: Body({
    chartId: UuidText('the chart'),
    center: DecimalText('center line, in the chart\'s unit', 'unit of the chart'),
    sigma: DecimalText('standard deviation of single values within samples, in the chart\'s unit', 'unit of the chart'),
    lcl: DecimalText('lower control limit of what is plotted: center − 3·sigma/√n', 'unit of the chart'),
    ucl: DecimalText('upper control limit of what is plotted: center + 3·sigma/√n', 'unit of the chart'),
    rangeCenter: Type.Optional(DecimalText('center line of the ranges', 'unit of the chart')),
    rangeLcl: Type.Optional(DecimalText('lower control limit of the ranges, not below zero', 'unit of the chart')),
    rangeUcl: Type.Optional(DecimalText('upper control limit of the ranges', 'unit of the chart')),
    subgroups: Count('points that the limits were computed from; 0 when they were specified', 'points'),
    excluded: Type.Optional(Type.Array(Count('number of a point left out because its cause was found', 'ordinal'), { description: 'points left out of the computation' })),
    basis: OneOf(['phase-1', 'specified'], 'where the limits come from'),
    source: Type.Optional(Text('of specified limits')),
  }),
  samples: [
    {
      chartId: 'c7a7f9a2-3d0e-5f64-9b53-6c1d4e8f2a10', center: '74.001176', sigma: '0.009785', lcl: '73.988048', ucl: '74.014304',
      rangeCenter: '0.02276', rangeLcl: '0', rangeUcl: '0.048126', subgroups: 25, basis: 'phase-1',
    },
    {
      chartId: 'c7a7f9a2-3d0e-5f64-9b53-6c1d4e8f2a10', center: '74', sigma: '0.01', lcl: '73.986583592', ucl: '74.013416408', rangeCenter: '0.023259', rangeLcl: '0',
      rangeUcl: '0.049182', subgroups: 0, basis: 'specified', source: 'capability study 2026-02, drawing 4711 rev B',
    },
  ],
});
export type LimitsBaselined = EventOf<typeof LimitsBaselinedV1>;
export const limitsBaselined = eventMaker(LimitsBaselinedV1);
