import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, InstantText, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const CapaOpenedV1 = publicEvent('assurance.CapaOpened.v1', {
  stream: 'capa',
  meaning: 'A person decided that the corrective action is needed, who owns it, and by when it is due.',
  data: Body({
    capaId: UuidText('the corrective action'),
    owner: Code('actor who answers for it'),
    team: Type.Array(Code('actor'), { description: 'who works on it' }),
    dueAt: InstantText('by when it is to be closed'),
  }),
  samples: [
    {
      capaId: '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617', owner: 'engineer-1', team: ['engineer-1', 'operator-4'], dueAt: '2026-06-01T00:00:00.000Z',
    },
  ],
});
export type CapaOpened = EventOf<typeof CapaOpenedV1>;
export const capaOpened = eventMaker(CapaOpenedV1);
