import type { MeasurementCorrected } from '@touchstone/contracts/control';
import { reaction } from '@touchstone/event-store';
import { CorrectPoint } from './commands.js';
import { chartIdOf } from './events.js';
import { controlCharts } from './slice.js';

/** A corrected value moves its point, and may show a signal that the wrong one had hidden. */
export const correctPoint = reaction({
  name: 'correct-point',
  on: ['control.MeasurementCorrected.v1'],
  send: ({ data }) => {
    const { itemId, characteristicId, inspectionId, sample, index, now } = data as MeasurementCorrected['data'];
    const correction = { chartId: chartIdOf(itemId, characteristicId), inspectionId, sample, index, now };
    return [{ slice: controlCharts, command: Object.assign(new CorrectPoint(), correction) }];
  },
});
