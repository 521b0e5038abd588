import { sliceModule } from '@touchstone/platform';
import { purchaseList } from './purchase-list.projection.js';
import { PurchasesController } from './purchases.controller.js';
import { purchases } from './slice.js';

export const purchasesModule = sliceModule({
  slice: purchases,
  projections: [purchaseList],
  controllers: [PurchasesController],
});
