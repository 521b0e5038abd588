import { Type } from '@sinclair/typebox';
import { Characteristic, sampleCharacteristic } from '../characteristic.js';
import type { EventOf } from '../define-event.js';
import { Body, Code, Count, OneOf, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ControlPlanInForceV1 = publicEvent('planning.ControlPlanInForce.v1', {
  stream: 'controlPlan',
  meaning: 'A revision of an item\'s control plan, approved by someone other than its author, holds from now on and supersedes the one before.',
  data: Body({
    itemId: UuidText('the item; its control plan is the stream controlPlan-<itemId>'),
    revision: Count('of the plan, from 1', 'ordinal'),
    title: Text('of the plan'),
    unit: Code('unit in which the item is counted'),
    requiredInspections: Type.Array(OneOf(['incoming', 'in-process', 'final'], 'stage'), { description: 'inspections that must accept a lot before release' }),
    characteristics: Type.Array(Characteristic, { minItems: 1, description: 'characteristics of the plan, each with how it is measured and judged' }),
    author: Code('who drafted the revision'),
    approvedBy: Code('who approved it'),
  }),
  samples: [
    {
      itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02', revision: 1, title: 'Piston ring 74 mm', unit: 'pcs', requiredInspections: ['final'],
      characteristics: [sampleCharacteristic], author: 'planner-1', approvedBy: 'manager-1',
    },
  ],
});
export type ControlPlanInForce = EventOf<typeof ControlPlanInForceV1>;
export const controlPlanInForce = eventMaker(ControlPlanInForceV1);
