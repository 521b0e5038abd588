import type { EventOf } from '../define-event.js';
import { Body, InstantText, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const CapaImplementedV1 = publicEvent('assurance.CapaImplemented.v1', {
  stream: 'capa',
  meaning: 'The planned actions are done. Whether they help is another question, answered after the window.',
  data: Body({
    capaId: UuidText('the corrective action'),
    evidence: Text('what shows that they are done', 2000),
    windowEndsAt: InstantText('before which nobody may judge their effect'),
  }),
  samples: [
    {
      capaId: '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617', evidence: 'work instruction 12 revision C, insert log of April', windowEndsAt: '2026-05-15T08:00:00.000Z',
    },
  ],
});
export type CapaImplemented = EventOf<typeof CapaImplementedV1>;
export const capaImplemented = eventMaker(CapaImplementedV1);
