import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RecordedEvent } from '@touchstone/kernel';
import { projection } from '@touchstone/event-store';
import type { QuantityAllocated } from '@touchstone/contracts/control';
import type { DeliveryEvent } from './events.js';

/** A delivery as people see it in a list: where it stands, what was promised and what became of the promise. */
@Entity('delivery')
@Index(['lotId'])
@Index(['accountId'])
export class DeliveryRow {
  @PrimaryColumn('text') deliveryId!: string;
  @Column('text') orderId!: string;
  @Column('int') line!: number;
  @Column('text') accountId!: string;
  @Column('text') lotId!: string;
  @Column('text') itemId!: string;
  @Column('text') status!: string;
  @Column('text') quantity!: string;
  @Column('text') requestedFor!: string;
  @Column('text') firstConfirmedFor!: string;
  @Column('text') lastConfirmedFor!: string;
  @Column('text') promisedFor!: string;
  @Column('text', { nullable: true }) dispatchedAt!: string | null;
  @Column('text', { nullable: true }) arrivedAt!: string | null;
  @Column('text', { nullable: true }) arrivedQuantity!: string | null;
  @Column('boolean', { nullable: true }) onTime!: boolean | null;
  @Column('boolean', { nullable: true }) inFull!: boolean | null;
}

type Listed = DeliveryEvent | QuantityAllocated;

export const deliveryList = projection({
  name: 'delivery-list',
  version: 1,
  tables: [DeliveryRow],
  on: [
    'control.DeliveryPlanned.v1', 'control.DeliveryReconfirmed.v1', 'control.QuantityAllocated.v1', 'control.DeliveryDispatched.v1',
    'control.DeliveryArrived.v1',
  ],
  async apply(events, rows) {
    const table = rows(DeliveryRow);
    const listed = events as readonly RecordedEvent<Listed>[];
    await table.load(listed.map(({ data: { deliveryId } }) => ({ deliveryId })));
    for (const event of listed) {
      const row = next(table.get({ deliveryId: event.data.deliveryId }), event);
      if (row) table.put(row);
    }
  },
});

function next(row: DeliveryRow | undefined, event: RecordedEvent<Listed>): DeliveryRow | undefined {
  if (event.type === 'control.DeliveryPlanned.v1') {
    const { confirmedFor, ...planned } = event.data;
    return {
      ...planned, status: 'planned', firstConfirmedFor: confirmedFor, lastConfirmedFor: confirmedFor, promisedFor: confirmedFor,
      dispatchedAt: null, arrivedAt: null, arrivedQuantity: null, onTime: null, inFull: null,
    };
  }
  if (!row) return undefined; // a lot that was taken over may have set aside for deliveries that were not
  switch (event.type) {
    case 'control.DeliveryReconfirmed.v1': return { ...row, lastConfirmedFor: event.data.confirmedFor, promisedFor: event.data.promisedFor };
    case 'control.QuantityAllocated.v1': return { ...row, status: 'allocated' };
    case 'control.DeliveryDispatched.v1': return { ...row, status: 'dispatched', dispatchedAt: event.meta.occurredAt };
    default: {
      const { quantity, onTime, inFull } = event.data;
      return { ...row, status: 'arrived', arrivedAt: event.meta.occurredAt, arrivedQuantity: quantity, onTime, inFull };
    }
  }
}
