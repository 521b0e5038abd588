import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, DecimalText, OneOf, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const DispositionDecidedV1 = publicEvent('control.DispositionDecided.v1', {
  stream: 'nonconformity',
  meaning: 'What becomes of a nonconforming quantity. Signed by the event\'s actor; use as is by the material review board only.',
  data: Body({
    nonconformityId: UuidText('the nonconformity'),
    lotId: UuidText('the lot'),
    disposition: OneOf(['use-as-is', 'rework', 'scrap', 'return'], 'what was decided'),
    quantity: DecimalText('for which, in the lot\'s unit', 'unit of the lot'),
    rationale: Text('why, without personal data'),
    customerConsent: Type.Optional(Text('reference of the customer\'s consent, without personal data')),
    decidedBy: Code('who decided'),
  }),
  samples: [
    {
      nonconformityId: '2a9c1d4e-7b1f-5c6a-8d3e-9f0a1b2c3d4e', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', disposition: 'scrap', quantity: '40',
      rationale: 'cannot be reworked: material is missing', decidedBy: 'manager-1',
    },
    {
      nonconformityId: '2a9c1d4e-7b1f-5c6a-8d3e-9f0a1b2c3d4e', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', disposition: 'use-as-is', quantity: '40',
      rationale: 'fit and function not affected', customerConsent: 'letter 2026-118', decidedBy: 'manager-1',
    },
  ],
});
export type DispositionDecided = EventOf<typeof DispositionDecidedV1>;
export const dispositionDecided = eventMaker(DispositionDecidedV1);
