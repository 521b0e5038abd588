import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, OneOf, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const CapaProposedV1 = publicEvent('assurance.CapaProposed.v1', {
  stream: 'capa',
  meaning: 'A nonconformity is severe, or came back: a person has to open a corrective action, or decline it with a rationale.',
  data: Body({
    capaId: UuidText('the corrective action'),
    nonconformityId: UuidText('what led to it'),
    itemId: UuidText('the item'),
    characteristicId: Type.Optional(Code('the characteristic, when one is known')),
    lotId: UuidText('the lot'),
    why: OneOf(['severity', 'recurrence'], 'severity: major or critical; recurrence: third or later one of the same item and characteristic within 90 days'),
    problem: Text('the requirement that was not met', 2000),
  }),
  samples: [
    {
      capaId: '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617', nonconformityId: '2c9a6f34-7d1e-5b80-8f25-61e0b7d9c3a8', itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02', characteristicId: 'diameter',
      lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', why: 'severity', problem: 'diameter within specification',
    },
  ],
});
export type CapaProposed = EventOf<typeof CapaProposedV1>;
export const capaProposed = eventMaker(CapaProposedV1);
