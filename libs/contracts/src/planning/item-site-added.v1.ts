import type { EventOf } from '../define-event.js';
import { Body, Code, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const ItemSiteAddedV1 = publicEvent('planning.ItemSiteAdded.v1', {
  stream: 'item',
  meaning: 'The item is made, received or kept at one more site.',
  data: Body({
    itemId: UuidText('the item'),
    site: Code('the site'),
  }),
  samples: [
    {
      itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02', site: 'plant-1',
    },
  ],
});
export type ItemSiteAdded = EventOf<typeof ItemSiteAddedV1>;
export const itemSiteAdded = eventMaker(ItemSiteAddedV1);
