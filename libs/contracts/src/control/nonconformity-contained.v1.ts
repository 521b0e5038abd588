import type { EventOf } from '../define-event.js';
import { Body, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const NonconformityContainedV1 = publicEvent('control.NonconformityContained.v1', {
  stream: 'nonconformity',
  meaning: 'What is nonconforming cannot spread or be used by mistake any more.',
  data: Body({
    nonconformityId: UuidText('the nonconformity'),
    lotId: UuidText('the lot'),
    actions: Text('what was done, without personal data'),
  }),
  samples: [
    { nonconformityId: '2a9c1d4e-7b1f-5c6a-8d3e-9f0a1b2c3d4e', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', actions: 'segregated, stock of the lot blocked' },
  ],
});
export type NonconformityContained = EventOf<typeof NonconformityContainedV1>;
export const nonconformityContained = eventMaker(NonconformityContainedV1);
