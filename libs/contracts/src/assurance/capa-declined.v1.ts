import type { EventOf } from '../define-event.js';
import { Body, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const CapaDeclinedV1 = publicEvent('assurance.CapaDeclined.v1', {
  stream: 'capa',
  meaning: 'A person decided that no corrective action is needed, and why.',
  data: Body({
    capaId: UuidText('the corrective action'),
    rationale: Text('why none is needed', 2000),
  }),
  samples: [
    {
      capaId: '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617', rationale: 'cause is known and removed by CAPA of January; the lot was made before',
    },
  ],
});
export type CapaDeclined = EventOf<typeof CapaDeclinedV1>;
export const capaDeclined = eventMaker(CapaDeclinedV1);
