import type { EventOf } from '../define-event.js';
import { Body, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const NonconformityVoidedV1 = publicEvent('control.NonconformityVoided.v1', {
  stream: 'nonconformity',
  meaning: 'The report was wrong: the requirement was met, or was none. It stays visible.',
  data: Body({
    nonconformityId: UuidText('the nonconformity'),
    lotId: UuidText('the lot'),
    reason: Text('why, without personal data'),
  }),
  samples: [
    { nonconformityId: '2a9c1d4e-7b1f-5c6a-8d3e-9f0a1b2c3d4e', lotId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', reason: 'measured with the wrong gauge, repeated within limits' },
  ],
});
export type NonconformityVoided = EventOf<typeof NonconformityVoidedV1>;
export const nonconformityVoided = eventMaker(NonconformityVoidedV1);
