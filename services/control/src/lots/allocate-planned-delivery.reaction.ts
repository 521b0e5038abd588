import type { DeliveryPlanned, HoldLifted, QuantityReleased } from '@touchstone/contracts/control';
import { reaction } from '@touchstone/event-store';
import { AllocateQuantity } from './commands.js';
import { lots } from './slice.js';
import { waitingDeliveries, WaitingDeliveryRow } from './waiting-deliveries.projection.js';

type Planned = Pick<DeliveryPlanned['data'], 'lotId' | 'deliveryId' | 'quantity'>;

/**
 * A planned delivery is set aside from what its lot has released: at once, or when enough is released, or is no longer held; then
 * the delivery that was promised earliest comes first.
 */
export const allocatePlannedDelivery = reaction({
  name: 'allocate-planned-delivery',
  on: ['control.DeliveryPlanned.v1', 'control.QuantityReleased.v1', 'control.HoldLifted.v1'],
  send: async ({ type, data }, ports) => {
    if (type === 'control.DeliveryPlanned.v1') return [allocate(data as DeliveryPlanned['data'])];
    const { lotId } = data as (HoldLifted | QuantityReleased)['data'];
    const waiting = await ports.ask(waitingDeliveries, (manager) =>
      manager.find(WaitingDeliveryRow, { where: { lotId }, order: { promisedFor: 'asc', deliveryId: 'asc' } }));
    return waiting.value.map(allocate);
  },
});

const allocate = ({ lotId, deliveryId, quantity }: Planned) => ({
  slice: lots, command: Object.assign(new AllocateQuantity(), { lotId, deliveryId, quantity }),
});
