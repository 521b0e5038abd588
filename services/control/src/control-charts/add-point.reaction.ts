import type { MeasurementsRecorded } from '@touchstone/contracts/control';
import { reaction } from '@touchstone/event-store';
import { AddPoint } from './commands.js';
import { chartIdOf } from './events.js';
import { controlCharts } from './slice.js';

/** What is measured is charted, if the control plan wants it: the chart itself knows whether it is kept. */
export const addPoint = reaction({
  name: 'add-point',
  on: ['control.MeasurementsRecorded.v1'],
  send: ({ data }) => {
    const { itemId, characteristicId, lotId, inspectionId, sample, values, unit, represents } = data as MeasurementsRecorded['data'];
    const point = { chartId: chartIdOf(itemId, characteristicId), lotId, inspectionId, sample, values, unit, represents };
    return [{ slice: controlCharts, command: Object.assign(new AddPoint(), point) }];
  },
});
