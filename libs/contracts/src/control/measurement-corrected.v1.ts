import type { EventOf } from '../define-event.js';
import { Body, Code, Count, DecimalText, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const MeasurementCorrectedV1 = publicEvent('control.MeasurementCorrected.v1', {
  stream: 'inspection',
  meaning: 'A recorded value was wrong and another one holds from now on. Both stay visible.',
  data: Body({
    inspectionId: UuidText('the inspection'),
    lotId: UuidText('the lot'),
    itemId: UuidText('what the lot is a quantity of'),
    characteristicId: Code('what was measured'),
    sample: Count('number of the sample, from 1', 'ordinal'),
    index: Count('place of the value in the sample, from 0', 'ordinal, from 0'),
    was: DecimalText('as recorded', 'unit of the characteristic'),
    now: DecimalText('as corrected', 'unit of the characteristic'),
    reason: Text('why'),
  }),
  samples: [
    {
      inspectionId: '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02',
      characteristicId: 'diameter', sample: 1, index: 0, was: '47.03', now: '74.03', reason: 'digits swapped when typing',
    },
  ],
});
export type MeasurementCorrected = EventOf<typeof MeasurementCorrectedV1>;
export const measurementCorrected = eventMaker(MeasurementCorrectedV1);
