import type { EventOf } from '../define-event.js';
import { Body, Code, Count, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ControlPlanApprovedV1 = publicEvent('planning.ControlPlanApproved.v1', {
  stream: 'controlPlan',
  meaning: 'Somebody other than its author approved a revision of the control plan. It holds once it was put in force.',
  data: Body({
    itemId: UuidText('the item'),
    revision: Count('of the plan, from 1', 'ordinal'),
    approvedBy: Code('who approved it'),
  }),
  samples: [
    {
      itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02', revision: 1, approvedBy: 'manager-1',
    },
  ],
});
export type ControlPlanApproved = EventOf<typeof ControlPlanApprovedV1>;
export const controlPlanApproved = eventMaker(ControlPlanApprovedV1);
