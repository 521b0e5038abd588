import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RecordedEvent } from '@touchstone/kernel';
import { entityOf } from '@touchstone/kernel';
import type { DeliveryArrived, DeliveryDispatched, NonconformityReported } from '@touchstone/contracts/control';
import { projection } from '@touchstone/event-store';

/** One delivery of quantity of a lot. What was dispatched counts, whether or not it has arrived. */
@Entity('delivery_by_lot')
@Index(['lotId'])
@Index(['accountId'])
export class DeliveryByLotRow {
  @PrimaryColumn('text') deliveryId!: string;
  @Column('text') lotId!: string;
  @Column('text') accountId!: string;
  @Column('text') quantity!: string;
  @Column('text', { nullable: true }) dispatchedAt!: string | null;
  @Column('text', { nullable: true }) arrivedAt!: string | null;
}

/** A nonconformity, by the lot it is about: deliveries of the lot that follow expose their accounts too. */
@Entity('nonconformity_by_lot')
@Index(['lotId'])
export class NonconformityByLotRow {
  @PrimaryColumn('text') nonconformityId!: string;
  @Column('text') lotId!: string;
  @Column('text') itemId!: string;
  @Column('text') severity!: string;
  @Column('boolean') voided!: boolean;
}

/** Each row follows from one stream, so it is the same in whatever order the streams of other services arrive. */
export const deliveriesByLot = projection({
  name: 'deliveries-by-lot',
  version: 1,
  tables: [DeliveryByLotRow, NonconformityByLotRow],
  on: ['control.DeliveryDispatched.v1', 'control.DeliveryArrived.v1', 'control.NonconformityReported.v1', 'control.NonconformityVoided.v1'],
  async apply(events, rows) {
    const deliveries = rows(DeliveryByLotRow);
    const nonconformities = rows(NonconformityByLotRow);
    const of = (name: string) => events.filter(({ type }) => type.includes(name));
    await deliveries.load(of('.Delivery').map(({ stream }) => ({ deliveryId: entityOf(stream) })));
    await nonconformities.load(of('.Nonconformity').map(({ stream }) => ({ nonconformityId: entityOf(stream) })));
    for (const event of of('.Delivery')) deliveries.put(delivered(deliveries.get({ deliveryId: entityOf(event.stream) }), event));
    for (const event of of('.Nonconformity')) {
      const row = reported(nonconformities.get({ nonconformityId: entityOf(event.stream) }), event);
      if (row) nonconformities.put(row);
    }
  },
});

/** The quantity that left is what the account was exposed to, even if less arrived. */
function delivered(row: DeliveryByLotRow | undefined, { type, data, meta }: RecordedEvent): DeliveryByLotRow {
  const { deliveryId, lotId, accountId, quantity } = data as (DeliveryDispatched | DeliveryArrived)['data'];
  const known = row ?? { deliveryId, lotId, accountId, quantity, dispatchedAt: null, arrivedAt: null };
  return type === 'control.DeliveryDispatched.v1' ? { ...known, dispatchedAt: meta.occurredAt } : { ...known, arrivedAt: meta.occurredAt };
}

function reported(row: NonconformityByLotRow | undefined, { type, data }: RecordedEvent): NonconformityByLotRow | undefined {
  if (type === 'control.NonconformityVoided.v1') return row && { ...row, voided: true };
  const { nonconformityId, lotId, itemId, severity, source } = data as NonconformityReported['data'];
  if (source === 'inspection') return undefined; // its quantity was held before anything of it could leave
  return { nonconformityId, lotId, itemId, severity, voided: false };
}
