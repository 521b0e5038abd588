import { sliceModule } from '@touchstone/platform';
import { deliveryList } from './delivery-list.projection.js';
import { DeliveriesController } from './deliveries.controller.js';
import { deliveries } from './slice.js';

export const deliveriesModule = sliceModule({
  slice: deliveries,
  projections: [deliveryList],
  controllers: [DeliveriesController],
});
