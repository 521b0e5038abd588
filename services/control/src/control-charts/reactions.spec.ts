import type { DomainEvent, RecordedEvent } from '@touchstone/kernel';
import { derivedId } from '@touchstone/kernel';
import { sampleCharacteristic } from '@touchstone/contracts';
import { ControlPlanInForceV1, controlPlanInForce } from '@touchstone/contracts/planning';
import { MeasurementCorrectedV1, MeasurementsRecordedV1, chartPointAdded, chartPointCorrected, measurementCorrected, measurementsRecorded } from '@touchstone/contracts/control';
import type { Ports, Reaction } from '@touchstone/event-store';
import { recorded } from '@touchstone/testing';
import type { Chart } from './chart.js';
import type { CorrectPoint } from './commands.js';
import { chartFacts } from './control-charts.facts.js';
import { establishCharts } from './establish-charts.reaction.js';
import { chartIdOf, chartStream } from './events.js';
import { plotMeasurements } from './plot-measurements.reaction.js';

const [plan] = ControlPlanInForceV1.samples as [(typeof ControlPlanInForceV1.samples)[number]];
const [measured] = MeasurementsRecordedV1.samples as [(typeof MeasurementsRecordedV1.samples)[number]];
const [correction] = MeasurementCorrectedV1.samples as [(typeof MeasurementCorrectedV1.samples)[number]];
const { itemId, inspectionId, lotId } = measured;
const chartId = chartIdOf(itemId, 'diameter');

const place = ({ type, data }: DomainEvent, stream: string, version: number): RecordedEvent =>
  ({ ...recorded(type, data as object, { stream }), seq: version, version, id: derivedId('event', stream, version) }) as RecordedEvent;
/** What a service holds in its log, by stream. */
const portsOn = (streams: Readonly<Record<string, readonly DomainEvent[]>>): Ports => ({
  at: '2026-03-02T08:00:00.000Z',
  stream: (stream) => {
    const value = (streams[stream] ?? []).map((event, index) => place(event, stream, index + 1));
    return Promise.resolve({ value, refs: value.length > 0 ? [{ stream, version: value.length }] : [], seq: value.length });
  },
  ask: () => Promise.reject(new Error('nothing is asked')),
});
const sent = async (reaction: Reaction, event: DomainEvent) => (await reaction.send(place(event, 'given-1', 1), portsOn({}))).map(({ command }) => ({ ...command }));

describe('a control plan in force', () => {
  it('has a chart for each characteristic that it wants charted, and none for others', async () => {
    const characteristics = [sampleCharacteristic, { ...sampleCharacteristic, characteristicId: 'colour', chart: 'none' as const }];
    expect(await sent(establishCharts, controlPlanInForce({ ...plan, characteristics }))).toEqual([{
      type: 'EstablishChart', chartId, itemId, characteristicId: 'diameter', kind: 'xbar-r', sampleSize: 5, unit: 'mm', onSignal: 'task', reaction: 'check tool wear, measure again',
    }]);
  });
});

describe('a sample that was measured', () => {
  it('goes to the chart of its characteristic', async () => {
    const { sample, values, represents } = measured;
    expect(await sent(plotMeasurements, measurementsRecorded(measured))).toEqual([{ type: 'AddPoint', chartId, lotId, inspectionId, sample, values, unit: 'mm', represents }]);
  });
});

describe('a corrected value', () => {
  const command: CorrectPoint = { type: 'CorrectPoint', chartId, inspectionId, sample: 1, index: 0, now: '74.03' };
  const chart = { chartId, characteristicId: 'diameter' } as Chart;
  const point = (number: number, sample: number, value: string, range?: string) =>
    chartPointAdded({ chartId, lotId, inspectionId, sample, point: number, value, represents: '100', ...(range !== undefined && { range }) });

  it('goes to the chart of its characteristic', async () => expect(await sent(plotMeasurements, measurementCorrected(correction))).toEqual([{ ...command }]));
  it('comes with the other values of its sample, as they were corrected before', async () => {
    const other = measurementsRecorded({ ...measured, characteristicId: 'hardness', values: ['55'] });
    const { values } = await chartFacts(chart, command, portsOn({
      [`inspection-${inspectionId}`]: [other, measurementsRecorded(measured), measurementCorrected({ ...correction, index: 1, now: '74.5' }), measurementsRecorded({ ...measured, sample: 2, values: ['1'] })],
    }));
    expect(values).toEqual({ value: ['74.03', '74.5', '74.019', '73.992', '74.008'], refs: [{ stream: `inspection-${inspectionId}`, version: 4 }], seq: 4 });
  });
  it('comes with its point and the neighbours, as they were corrected before', async () => {
    const { place: found } = await chartFacts(chart, { ...command, sample: 2 }, portsOn({
      [chartStream(chartId)]: [
        point(1, 1, '9', undefined), point(2, 2, '10', '1'), point(3, 3, '12', '2'), point(4, 4, '13', '1'),
        chartPointCorrected({ chartId, inspectionId, sample: 3, point: 3, was: '12', now: '11', range: '1', nextRange: '2' }),
      ],
    }));
    expect(found?.value).toEqual({ point: { point: 2, lotId, inspectionId, sample: 2, value: '10', range: '1', represents: '100' }, previous: '9', next: '11' });
  });
  it('finds no neighbour before the first point, and none across the beginning of another chart', async () => {
    const streams = { [chartStream(chartId)]: [point(1, 1, '9'), point(2, 2, '7')] };
    expect((await chartFacts(chart, command, portsOn(streams))).place?.value).toEqual({ point: { point: 1, lotId, inspectionId, sample: 1, value: '9', represents: '100' } });
    expect((await chartFacts(chart, { ...command, sample: 3 }, portsOn(streams))).place?.value).toBeNull();
  });
  it('looks nothing up for any other command', async () => {
    const add = { type: 'AddPoint' as const, chartId, lotId, inspectionId, sample: 1, values: ['1'], unit: 'mm', represents: '1' };
    expect(await chartFacts(chart, add, portsOn({}))).toEqual({});
  });
});
