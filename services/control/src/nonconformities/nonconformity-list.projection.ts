import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RecordedEvent } from '@touchstone/kernel';
import { entityOf, minus, unreachable } from '@touchstone/kernel';
import { projection } from '@touchstone/event-store';
import type { NonconformityEvent } from './events.js';

/** A nonconformity as people see it in a list: what failed, how far it is, and how much waits for a decision. */
@Entity('nonconformity')
@Index(['lotId'])
export class NonconformityRow {
  @PrimaryColumn('text') nonconformityId!: string;
  @Column('text') lotId!: string;
  @Column('text') lotNumber!: string;
  @Column('text') itemId!: string;
  @Column('text', { nullable: true }) characteristicId!: string | null;
  @Column('text') requirement!: string;
  @Column('text') severity!: string;
  @Column('text') source!: string;
  @Column('text') sourceId!: string;
  @Column('text') status!: string;
  @Column('text') quantity!: string;
  @Column('text') undispositioned!: string;
  /** What was decided, in order. */
  @Column('jsonb') dispositions!: readonly { readonly disposition: string; readonly quantity: string; readonly decidedBy: string }[];
  @Column('text') reportedAt!: string;
  @Column('text', { nullable: true }) closedAt!: string | null;
}

export const nonconformityList = projection({
  name: 'nonconformity-list',
  version: 1,
  tables: [NonconformityRow],
  on: [
    'control.NonconformityReported.v1', 'control.NonconformityContained.v1', 'control.DispositionDecided.v1', 'control.NonconformityClosed.v1',
    'control.NonconformityVoided.v1',
  ],
  async apply(events, rows) {
    const table = rows(NonconformityRow);
    await table.load(events.map(({ stream }) => ({ nonconformityId: entityOf(stream) })));
    for (const event of events as readonly RecordedEvent<NonconformityEvent>[]) {
      const row = next(table.get({ nonconformityId: entityOf(event.stream) }), event);
      if (row) table.put(row);
    }
  },
});

function next(row: NonconformityRow | undefined, event: RecordedEvent<NonconformityEvent>): NonconformityRow | undefined {
  const { occurredAt } = event.meta;
  if (event.type === 'control.NonconformityReported.v1') {
    const { reportedBy: _, characteristicId = null, ...reported } = event.data;
    return { ...reported, characteristicId, status: 'reported', undispositioned: reported.quantity, dispositions: [], reportedAt: occurredAt, closedAt: null };
  }
  if (!row) return undefined;
  switch (event.type) {
    case 'control.NonconformityContained.v1': return { ...row, status: 'contained' };
    case 'control.DispositionDecided.v1': {
      const { disposition, quantity, decidedBy } = event.data;
      return { ...row, undispositioned: minus(row.undispositioned, quantity), dispositions: [...row.dispositions, { disposition, quantity, decidedBy }] };
    }
    case 'control.NonconformityClosed.v1': return { ...row, status: 'closed', closedAt: occurredAt };
    case 'control.NonconformityVoided.v1': return { ...row, status: 'voided', closedAt: occurredAt };
    default: return unreachable(event);
  }
}
