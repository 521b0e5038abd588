import type { Ports } from '@touchstone/event-store';
import type { ExposureCommand } from './commands.js';
import type { Exposure, ExposureFacts } from './decider.js';
import { deliveriesByLot, DeliveryByLotRow } from './deliveries-by-lot.projection.js';

/** Where the lot went, as far as the log tells when the command is handled; in the order of the deliveries' ids. */
export async function exposureFacts(_: Exposure | undefined, { lotId }: ExposureCommand, ports: Ports): Promise<ExposureFacts> {
  return {
    deliveries: await ports.ask(deliveriesByLot, async (manager) => {
      const rows = await manager.find(DeliveryByLotRow, { where: { lotId }, order: { deliveryId: 'ASC' } });
      return rows.map(({ deliveryId, accountId, quantity }) => ({ deliveryId, accountId, quantity }));
    }),
  };
}
