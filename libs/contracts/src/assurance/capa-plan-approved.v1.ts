import type { EventOf } from '../define-event.js';
import { Body, Code, InstantText, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const CapaPlanApprovedV1 = publicEvent('assurance.CapaPlanApproved.v1', {
  stream: 'capa',
  meaning: 'Somebody who neither owns the corrective action nor planned it approved its plan.',
  data: Body({
    capaId: UuidText('the corrective action'),
    approvedBy: Code('who approved it'),
    approvedAt: InstantText('before which nothing of it counts as implemented'),
  }),
  samples: [
    {
      capaId: '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617', approvedBy: 'manager-1', approvedAt: '2026-04-10T08:00:00.000Z',
    },
  ],
});
export type CapaPlanApproved = EventOf<typeof CapaPlanApprovedV1>;
export const capaPlanApproved = eventMaker(CapaPlanApprovedV1);
