import type { EventOf } from '../define-event.js';
import { Body, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ContainmentRecordedV1 = publicEvent('assurance.ContainmentRecorded.v1', {
  stream: 'capa',
  meaning: 'What was done at once so that the problem reaches nobody else, before its cause is known.',
  data: Body({
    capaId: UuidText('the corrective action'),
    actions: Text('what was done', 2000),
  }),
  samples: [
    {
      capaId: '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617', actions: 'stock of three lots sorted 100 %',
    },
  ],
});
export type ContainmentRecorded = EventOf<typeof ContainmentRecordedV1>;
export const containmentRecorded = eventMaker(ContainmentRecordedV1);
