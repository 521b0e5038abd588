import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { entityOf } from '@touchstone/kernel';
import type { NonconformityReported } from '@touchstone/contracts/control';
import { projection } from '@touchstone/event-store';

/** A nonconformity of a lot, as control tells, and whether somebody has decided about it. */
@Entity('lot_decision')
@Index(['lotId'])
export class LotDecisionRow {
  @PrimaryColumn('text') nonconformityId!: string;
  @Column('text') lotId!: string;
  @Column('boolean') decided!: boolean;
}

/** Closed and void ones count as decided: a person said so. */
export const lotDecisions = projection({
  name: 'lot-decisions',
  version: 1,
  tables: [LotDecisionRow],
  on: ['control.NonconformityReported.v1', 'control.DispositionDecided.v1', 'control.NonconformityClosed.v1', 'control.NonconformityVoided.v1'],
  async apply(events, rows) {
    const table = rows(LotDecisionRow);
    await table.load(events.map(({ stream }) => ({ nonconformityId: entityOf(stream) })));
    for (const { type, stream, data } of events) {
      const nonconformityId = entityOf(stream);
      const row = table.get({ nonconformityId });
      if (type !== 'control.NonconformityReported.v1') {
        if (row) table.put({ ...row, decided: true });
        continue;
      }
      const { lotId } = data as NonconformityReported['data'];
      table.put({ nonconformityId, lotId, decided: false });
    }
  },
});
