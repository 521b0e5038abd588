import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, Count, DecimalText, OneOf, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ResultOutOfSpecificationV1 = publicEvent('control.ResultOutOfSpecification.v1', {
  stream: 'inspection',
  meaning: 'A sample holds values outside the specification limits: a requirement is not met by the quantity that the sample stands for.',
  data: Body({
    inspectionId: UuidText('the inspection'),
    lotId: UuidText('the lot'),
    itemId: UuidText('what the lot is a quantity of'),
    characteristicId: Code('what was measured'),
    sample: Count('number of the sample, from 1', 'ordinal'),
    values: Type.Array(DecimalText('value outside the limits, in unit', 'as unit says'), { minItems: 1 }),
    unit: Code('unit of the values and limits'),
    lower: Type.Optional(DecimalText('lower specification limit', 'as unit says')),
    upper: Type.Optional(DecimalText('upper specification limit', 'as unit says')),
    severity: OneOf(['minor', 'major', 'critical'], 'of the characteristic'),
    represents: DecimalText('quantity of the lot that the sample stands for', 'unit of the lot'),
  }),
  samples: [
    {
      inspectionId: '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02',
      characteristicId: 'diameter', sample: 3, values: ['74.062'], unit: 'mm', lower: '73.95', upper: '74.05', severity: 'major', represents: '40',
    },
  ],
});
export type ResultOutOfSpecification = EventOf<typeof ResultOutOfSpecificationV1>;
export const resultOutOfSpecification = eventMaker(ResultOutOfSpecificationV1);
