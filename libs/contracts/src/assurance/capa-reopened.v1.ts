import type { EventOf } from '../define-event.js';
import { Body, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const CapaReopenedV1 = publicEvent('assurance.CapaReopened.v1', {
  stream: 'capa',
  meaning: 'The actions did not help: the cause is to be looked for again.',
  data: Body({
    capaId: UuidText('the corrective action'),
  }),
  samples: [
    {
      capaId: '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617',
    },
  ],
});
export type CapaReopened = EventOf<typeof CapaReopenedV1>;
export const capaReopened = eventMaker(CapaReopenedV1);
