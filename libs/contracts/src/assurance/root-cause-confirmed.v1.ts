import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const RootCauseConfirmedV1 = publicEvent('assurance.RootCauseConfirmed.v1', {
  stream: 'capa',
  meaning: 'Why the problem could happen, and by which method that was found.',
  data: Body({
    capaId: UuidText('the corrective action'),
    nonconformityId: UuidText('what led to it'),
    itemId: UuidText('the item'),
    characteristicId: Type.Optional(Code('the characteristic, when one is known')),
    rootCause: Text('why it could happen', 1500),
    method: Text('how it was found, e.g. 5 why', 120),
  }),
  samples: [
    {
      capaId: '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617', nonconformityId: '2c9a6f34-7d1e-5b80-8f25-61e0b7d9c3a8', itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02', characteristicId: 'diameter',
      rootCause: 'insert change interval too long', method: '5 why',
    },
  ],
});
export type RootCauseConfirmed = EventOf<typeof RootCauseConfirmedV1>;
export const rootCauseConfirmed = eventMaker(RootCauseConfirmedV1);
