import type { EventOf } from '../define-event.js';
import { Body, Code, DecimalText, InstantText, OneOf, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ConcessionGrantedV1 = publicEvent('control.ConcessionGranted.v1', {
  stream: 'lot',
  meaning: 'A named person lets a quantity of the lot be released although a rule stands against it. Signed by the event\'s actor.',
  data: Body({
    lotId: UuidText('the lot'),
    concessionId: UuidText('the concession'),
    kind: OneOf(['deviation-permit', 'concession'], 'deviation permit: before production; concession: after'),
    quantity: DecimalText('covered, in the lot\'s unit', 'unit of the lot'),
    waives: OneOf(['GAUGE_NOT_VALID_AT_MEASUREMENT', 'INSPECTION_MISSING', 'REASSESSMENT_OPEN'], 'code of the rule that it covers'),
    reason: Text('why it does no harm'),
    validUntil: InstantText('after which it covers nothing more'),
    grantedBy: Code('who granted it'),
  }),
  samples: [
    {
      lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', concessionId: '1f0c9c9e-1f5b-5f51-9f1d-70a52c1f1a33', kind: 'concession', quantity: '100',
      waives: 'GAUGE_NOT_VALID_AT_MEASUREMENT', reason: 'gauge found within tolerance at recalibration', validUntil: '2026-04-01T00:00:00.000Z',
      grantedBy: 'manager-1',
    },
  ],
});
export type ConcessionGranted = EventOf<typeof ConcessionGrantedV1>;
export const concessionGranted = eventMaker(ConcessionGrantedV1);
