import type { EventOf } from '../define-event.js';
import { Body, InstantText, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const CapaOverdueV1 = publicEvent('assurance.CapaOverdue.v1', {
  stream: 'capa',
  meaning: 'The corrective action is still open at its due date.',
  data: Body({
    capaId: UuidText('the corrective action'),
    dueAt: InstantText('the date that was missed'),
  }),
  samples: [
    {
      capaId: '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617', dueAt: '2026-06-01T00:00:00.000Z',
    },
  ],
});
export type CapaOverdue = EventOf<typeof CapaOverdueV1>;
export const capaOverdue = eventMaker(CapaOverdueV1);
