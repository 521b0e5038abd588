import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, Count, DecimalText, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const MeasurementsRecordedV1 = publicEvent('control.MeasurementsRecorded.v1', {
  stream: 'inspection',
  meaning: 'A sample of one characteristic was measured.',
  data: Body({
    inspectionId: UuidText('the inspection'),
    lotId: UuidText('the lot'),
    itemId: UuidText('what the lot is a quantity of'),
    characteristicId: Code('what was measured'),
    sample: Count('number of the sample in the inspection, from 1', 'ordinal'),
    values: Type.Array(DecimalText('measured value, in unit', 'as unit says'), { minItems: 1, maxItems: 100 }),
    unit: Code('unit of the values'),
    represents: DecimalText('quantity of the lot that the sample stands for', 'unit of the lot'),
    gaugeId: Code('with which gauge'),
    gaugeValid: Type.Boolean({ description: 'whether its calibration was in date when it measured' }),
  }),
  samples: [
    {
      inspectionId: '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02',
      characteristicId: 'diameter', sample: 1, values: ['74.03', '74.002', '74.019', '73.992', '74.008'], unit: 'mm', represents: '100',
      gaugeId: 'MIC-07', gaugeValid: true,
    },
  ],
});
export type MeasurementsRecorded = EventOf<typeof MeasurementsRecordedV1>;
export const measurementsRecorded = eventMaker(MeasurementsRecordedV1);
