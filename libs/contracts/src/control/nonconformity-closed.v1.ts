import type { EventOf } from '../define-event.js';
import { Body, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const NonconformityClosedV1 = publicEvent('control.NonconformityClosed.v1', {
  stream: 'nonconformity',
  meaning: 'All of the nonconforming quantity was dispositioned, and nothing about it is open.',
  data: Body({
    nonconformityId: UuidText('the nonconformity'),
    lotId: UuidText('the lot'),
  }),
  samples: [
    { nonconformityId: '2a9c1d4e-7b1f-5c6a-8d3e-9f0a1b2c3d4e', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11' },
  ],
});
export type NonconformityClosed = EventOf<typeof NonconformityClosedV1>;
export const nonconformityClosed = eventMaker(NonconformityClosedV1);
