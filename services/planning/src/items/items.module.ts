import { sliceModule } from '@touchstone/platform';
import { itemList } from './item-list.projection.js';
import { ItemsController } from './items.controller.js';
import { items } from './slice.js';

export const itemsModule = sliceModule({
  slice: items,
  projections: [itemList],
  controllers: [ItemsController],
});
