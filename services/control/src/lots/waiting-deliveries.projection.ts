import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RecordedEvent } from '@touchstone/kernel';
import { projection } from '@touchstone/event-store';
import type { DeliveryPlanned, DeliveryReconfirmed, QuantityAllocated } from '@touchstone/contracts/control';

/** A delivery that is planned from a lot, for which nothing is set aside yet. */
@Entity('waiting_delivery')
@Index(['lotId'])
export class WaitingDeliveryRow {
  @PrimaryColumn('text') deliveryId!: string;
  @Column('text') lotId!: string;
  @Column('text') quantity!: string;
  @Column('text') promisedFor!: string;
}

type Followed = DeliveryPlanned | DeliveryReconfirmed | QuantityAllocated;

export const waitingDeliveries = projection({
  name: 'waiting-deliveries',
  version: 1,
  tables: [WaitingDeliveryRow],
  on: ['control.DeliveryPlanned.v1', 'control.DeliveryReconfirmed.v1', 'control.QuantityAllocated.v1'],
  async apply(events, rows) {
    const table = rows(WaitingDeliveryRow);
    const followed = events as readonly RecordedEvent<Followed>[];
    await table.load(followed.map(({ data: { deliveryId } }) => ({ deliveryId })));
    for (const { type, data } of followed) {
      const { deliveryId } = data;
      const row = table.get({ deliveryId });
      if (type === 'control.DeliveryPlanned.v1') table.put({ deliveryId, lotId: data.lotId, quantity: data.quantity, promisedFor: data.confirmedFor });
      else if (row && type === 'control.QuantityAllocated.v1') table.remove({ deliveryId });
      else if (row && type === 'control.DeliveryReconfirmed.v1') table.put({ ...row, promisedFor: data.promisedFor });
    }
  },
});
