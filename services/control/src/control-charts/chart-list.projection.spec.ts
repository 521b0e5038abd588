import { derivedId } from '@touchstone/kernel';
import type { ChartEstablished } from '@touchstone/contracts/control';
import { chartEstablished, chartPhaseOneBegun, chartPointAdded, chartPointCorrected, controlSignalRaised, limitsBaselined } from '@touchstone/contracts/control';
import { atFirst, projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import { chartList, ChartPointRow, ChartRow, ChartSignalRow } from './chart-list.projection.js';
import type { ChartEvent } from './events.js';
import { chartIdOf, chartStream } from './events.js';

const itemId = derivedId('item', 'ring');
const lotId = derivedId('lot', 'L-1');
const inspectionId = derivedId('inspection', 1);
const diameter = chartIdOf(itemId, 'diameter');
const hardness = chartIdOf(itemId, 'hardness');
const settings: ChartEstablished['data'] = {
  chartId: diameter, itemId, characteristicId: 'diameter', kind: 'individuals', sampleSize: 1, unit: 'mm', onSignal: 'task', reaction: 'check tool wear',
};
const event = ({ type, data }: ChartEvent) => recorded(type, data, { stream: chartStream(data.chartId) });
const added = (chartId: string, point: number, value: string, range?: string) =>
  event(chartPointAdded({ chartId, lotId, inspectionId, sample: point, point, value, represents: '1', ...(range !== undefined && { range }) }));
const limits = (chartId: string) =>
  event(limitsBaselined({ chartId, center: '10', sigma: '1', lcl: '7', ucl: '13', rangeCenter: '1.1', rangeLcl: '0', rangeUcl: '3.6', subgroups: 0, basis: 'specified', source: 'study' }));
const raised = event(controlSignalRaised({
  chartId: diameter, itemId, characteristicId: 'diameter', lotId, test: 1, of: 'value', points: [{ inspectionId, sample: 2 }], onSignal: 'task',
  reaction: 'check tool wear', represents: '1',
}));
const none = { center: null, sigma: null, lcl: null, ucl: null, rangeCenter: null, rangeLcl: null, rangeUcl: null, basis: null, baselinedAt: null };

/** Starting a PostgreSQL takes its time on a busy machine. */
const MOST_MS = 60_000;

describe('the list of control charts', () => {
  const spec = projectionSpec(chartList, { database: testDatabase() });
  const log = spec.given(
    event(chartEstablished(settings)), event(chartEstablished({ ...settings, chartId: hardness, characteristicId: 'hardness' })), limits(diameter), added(diameter, 1, '10'),
    added(hardness, 1, '55'), limits(hardness), added(diameter, 2, '13.1', '3.1'), raised, added(diameter, 3, '9', '4.1'),
    event(chartPointCorrected({ chartId: diameter, inspectionId, sample: 2, point: 2, was: '13.1', now: '12', range: '2', nextRange: '3' })),
    event(chartPhaseOneBegun({ chartId: hardness, after: 1, reason: 'new furnace' })), event(chartEstablished({ ...settings, onSignal: 'task-and-hold' })),
  );

  it('shows settings, phase, limits in force, and how often each has signalled', () => {
    const row = { itemId, kind: 'individuals', sampleSize: 1, unit: 'mm' };
    return log.thenRows(ChartRow, [
      {
        ...row, chartId: diameter, characteristicId: 'diameter', onSignal: 'task-and-hold', phase: 2, points: 3, signals: 1, center: '10', sigma: '1', lcl: '7', ucl: '13',
        rangeCenter: '1.1', rangeLcl: '0', rangeUcl: '3.6', basis: 'specified', baselinedAt: atFirst,
      },
      { ...row, chartId: hardness, characteristicId: 'hardness', onSignal: 'task', phase: 1, points: 1, signals: 0, ...none },
    ]);
  }, MOST_MS);
  it('shows the points, as corrected', () => {
    const row = { lotId, inspectionId, corrected: false, measuredAt: atFirst };
    return log.thenRows(ChartPointRow, [
      { ...row, pointId: `${diameter}/000000001`, chartId: diameter, point: 1, sample: 1, value: '10', range: null },
      { ...row, pointId: `${diameter}/000000002`, chartId: diameter, point: 2, sample: 2, value: '12', range: '2', corrected: true },
      { ...row, pointId: `${diameter}/000000003`, chartId: diameter, point: 3, sample: 3, value: '9', range: '3' },
      { ...row, pointId: `${hardness}/000000001`, chartId: hardness, point: 1, sample: 1, value: '55', range: null },
    ]);
  }, MOST_MS);
  it('shows the signals with their points', () => log.thenRows(ChartSignalRow, [
    { signalId: derivedId('given', 7, 'control.ControlSignalRaised.v1'), chartId: diameter, lotId, test: 1, of: 'value', points: [{ inspectionId, sample: 2 }], raisedAt: atFirst },
  ]), MOST_MS);
  it('begins a chart anew when its settings no longer compare', () =>
    spec.given(event(chartEstablished(settings)), limits(diameter), added(diameter, 1, '10'), event(chartEstablished({ ...settings, unit: 'µm' }))).thenRows(ChartRow, [
      { chartId: diameter, itemId, characteristicId: 'diameter', kind: 'individuals', sampleSize: 1, unit: 'µm', onSignal: 'task', phase: 1, points: 1, signals: 0, ...none },
    ]), MOST_MS);
  it('is the same however the log is cut into batches', () => log.survivesRandomBatches(), MOST_MS);
  it('is the same when built again from nothing', () => log.rebuildEqualsLive(), MOST_MS);
});
