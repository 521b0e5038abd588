import type { EventOf } from '../define-event.js';
import { Body, Code, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ItemRegisteredV1 = publicEvent('planning.ItemRegistered.v1', {
  stream: 'item',
  meaning: 'An item is made or bought from now on: lots are quantities of it, and control plans are written for it.',
  data: Body({
    itemId: UuidText('the item'),
    number: Code('as people know it; unique in the deployment'),
    name: Text('as people call it'),
    unit: Code('unit in which it is counted'),
  }),
  samples: [
    {
      itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02', number: 'PR-74', name: 'Piston ring 74 mm', unit: 'pcs',
    },
  ],
});
export type ItemRegistered = EventOf<typeof ItemRegisteredV1>;
export const itemRegistered = eventMaker(ItemRegisteredV1);
