import type { EventOf } from '../define-event.js';
import { Body, Code, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ItemRevisionReleasedV1 = publicEvent('planning.ItemRevisionReleased.v1', {
  stream: 'item',
  meaning: 'A revision of the item, e.g. of its drawing, may be made or bought from now on.',
  data: Body({
    itemId: UuidText('the item'),
    revision: Code('as printed on the drawing'),
  }),
  samples: [
    {
      itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02', revision: 'B',
    },
  ],
});
export type ItemRevisionReleased = EventOf<typeof ItemRevisionReleasedV1>;
export const itemRevisionReleased = eventMaker(ItemRevisionReleasedV1);
