import type { EventOf } from '../define-event.js';
import { Body, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const CapaClosedV1 = publicEvent('assurance.CapaClosed.v1', {
  stream: 'capa',
  meaning: 'The actions were effective, the problem is kept from coming back, and those who solved it were thanked.',
  data: Body({
    capaId: UuidText('the corrective action'),
    nonconformityId: UuidText('what had led to it'),
    recognition: Text('of whom, and for what', 500),
  }),
  samples: [
    {
      capaId: '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617', nonconformityId: '2c9a6f34-7d1e-5b80-8f25-61e0b7d9c3a8', recognition: 'team of line 2: found the wear pattern in the insert log',
    },
  ],
});
export type CapaClosed = EventOf<typeof CapaClosedV1>;
export const capaClosed = eventMaker(CapaClosedV1);
