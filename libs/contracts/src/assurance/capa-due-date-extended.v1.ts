import type { EventOf } from '../define-event.js';
import { Body, InstantText, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const CapaDueDateExtendedV1 = publicEvent('assurance.CapaDueDateExtended.v1', {
  stream: 'capa',
  meaning: 'The due date moved, for a reason that stands with the event; no due date moves otherwise.',
  data: Body({
    capaId: UuidText('the corrective action'),
    dueAt: InstantText('by when it is now to be closed'),
    was: InstantText('by when it was to be closed'),
    reason: Text('why'),
  }),
  samples: [
    {
      capaId: '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617', dueAt: '2026-07-01T00:00:00.000Z', was: '2026-06-01T00:00:00.000Z', reason: 'new tool holder delivered in June',
    },
  ],
});
export type CapaDueDateExtended = EventOf<typeof CapaDueDateExtendedV1>;
export const capaDueDateExtended = eventMaker(CapaDueDateExtendedV1);
