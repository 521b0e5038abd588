import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { NonconformityReported } from '@touchstone/contracts/control';
import { projection } from '@touchstone/event-store';

/** When which nonconformity happened to which characteristic: what recurrence is counted on. Migrated ones count too. */
@Entity('recurrence')
@Index(['itemId', 'characteristicId'])
export class RecurrenceRow {
  @PrimaryColumn('text') nonconformityId!: string;
  @Column('text') itemId!: string;
  /** Empty when no characteristic is known: those of one item are then counted together. */
  @Column('text') characteristicId!: string;
  @Column('text') occurredAt!: string;
  /** Position in this service's log, so that asking again later counts the same. */
  @Column('numeric') seq!: string;
}

export const recurrences = projection({
  name: 'recurrences',
  version: 1,
  tables: [RecurrenceRow],
  on: ['control.NonconformityReported.v1', 'control.NonconformityVoided.v1'],
  apply(events, rows) {
    const table = rows(RecurrenceRow);
    for (const { type, data, meta, seq } of events) {
      const { nonconformityId } = data as { nonconformityId: string };
      if (type === 'control.NonconformityVoided.v1') table.remove({ nonconformityId });
      else {
        const { itemId, characteristicId = '' } = data as NonconformityReported['data'];
        table.put({ nonconformityId, itemId, characteristicId, occurredAt: meta.occurredAt, seq: String(seq) });
      }
    }
    return Promise.resolve();
  },
});
