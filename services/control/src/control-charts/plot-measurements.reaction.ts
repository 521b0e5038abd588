import type { MeasurementCorrected, MeasurementsRecorded } from '@touchstone/contracts/control';
import { reaction } from '@touchstone/event-store';
import { AddPoint, CorrectPoint } from './commands.js';
import { chartIdOf } from './events.js';
import { controlCharts } from './slice.js';

/**
 * What is measured is charted, if the control plan wants it: the chart itself knows whether it is kept. A corrected value moves
 * its point. One reaction for both, so that no correction overtakes the sample that it corrects.
 */
export const plotMeasurements = reaction({
  name: 'plot-measurements',
  on: ['control.MeasurementsRecorded.v1', 'control.MeasurementCorrected.v1'],
  inOrderOf: ({ data }) => {
    const { itemId, characteristicId } = data as MeasurementsRecorded['data'];
    return chartIdOf(itemId, characteristicId);
  },
  send: ({ type, data }) => {
    const command = type === 'control.MeasurementsRecorded.v1' ? pointOf(data as MeasurementsRecorded['data']) : correctionOf(data as MeasurementCorrected['data']);
    return [{ slice: controlCharts, command }];
  },
});

const pointOf = ({ itemId, characteristicId, lotId, inspectionId, sample, values, unit, represents }: MeasurementsRecorded['data']): AddPoint =>
  Object.assign(new AddPoint(), { chartId: chartIdOf(itemId, characteristicId), lotId, inspectionId, sample, values, unit, represents });

const correctionOf = ({ itemId, characteristicId, inspectionId, sample, index, now }: MeasurementCorrected['data']): CorrectPoint =>
  Object.assign(new CorrectPoint(), { chartId: chartIdOf(itemId, characteristicId), inspectionId, sample, index, now });
