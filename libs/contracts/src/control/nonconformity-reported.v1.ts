import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, DecimalText, OneOf, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const NonconformityReportedV1 = publicEvent('control.NonconformityReported.v1', {
  stream: 'nonconformity',
  meaning: 'A requirement is not met by a quantity of a lot. A signal of a control chart is none.',
  data: Body({
    nonconformityId: UuidText('the nonconformity'),
    lotId: UuidText('the lot'),
    lotNumber: Code('lot number'),
    itemId: UuidText('what the lot is a quantity of'),
    characteristicId: Type.Optional(Code('what failed, when it is a characteristic of the control plan')),
    requirement: Text('what was not met, without personal data'),
    quantity: DecimalText('nonconforming, in the lot\'s unit', 'unit of the lot'),
    severity: OneOf(['minor', 'major', 'critical'], 'of not meeting it'),
    source: OneOf(['inspection', 'late-inspection', 'complaint', 'person'], 'how it was found'),
    sourceId: Code('id of the inspection or complaint, or of the person'),
    reportedBy: Type.Optional(Code('who reported it; system:… when the platform did')),
  }),
  samples: [
    {
      nonconformityId: '2a9c1d4e-7b1f-5c6a-8d3e-9f0a1b2c3d4e', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', lotNumber: 'L-2026-0117',
      itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02', characteristicId: 'diameter', requirement: 'diameter within specification at final inspection',
      quantity: '40', severity: 'major', source: 'inspection', sourceId: '7f1c1b6e-51c2-5d1a-8a3d-3f6f0c9d2b21',
    },
  ],
});
export type NonconformityReported = EventOf<typeof NonconformityReportedV1>;
export const nonconformityReported = eventMaker(NonconformityReportedV1);
