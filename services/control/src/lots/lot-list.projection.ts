import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RecordedEvent } from '@touchstone/kernel';
import { entityOf } from '@touchstone/kernel';
import { projection } from '@touchstone/event-store';
import type { LotEvent } from './events.js';
import type { Lot } from './lot.js';
import { allocated, evolve, free, held, remaining } from './lot.js';

/** A lot as people see it in a list: its quantities now, and whether it waits for something. */
@Entity('lot')
export class LotRow {
  @PrimaryColumn('text') lotId!: string;
  @Column('text') number!: string;
  @Column('text') itemId!: string;
  @Column('text') unit!: string;
  @Column('text') site!: string;
  @Column('text') status!: string;
  @Column('text') quantity!: string;
  @Column('text') free!: string;
  @Column('text') held!: string;
  @Column('text') released!: string;
  @Column('text') allocated!: string;
  @Column('text') rejected!: string;
  /** The folded lot, from which the columns above follow. */
  @Column('jsonb') state!: Lot;
}

export const lotList = projection({
  name: 'lot-list',
  version: 1,
  tables: [LotRow],
  on: [
    'control.LotRegistered.v1', 'control.StagePassed.v1', 'control.LotAccepted.v1', 'control.LotRejected.v1', 'control.ReassessmentOpened.v1',
    'control.QuantityHeld.v1', 'control.HoldLifted.v1', 'control.ConcessionGranted.v1', 'control.QuantityReleased.v1', 'control.QuantityAllocated.v1',
    'control.QuantityDispositioned.v1',
  ],
  async apply(events, rows) {
    const table = rows(LotRow);
    await table.load(events.map(({ stream }) => ({ lotId: entityOf(stream) })));
    for (const event of events as readonly RecordedEvent<LotEvent>[]) {
      const before = table.get({ lotId: entityOf(event.stream) });
      const site = event.type === 'control.LotRegistered.v1' ? event.data.site : (before?.site ?? '');
      table.put(rowOf(evolve(before?.state, event), site));
    }
  },
});

const rowOf = (lot: Lot, site: string): LotRow => ({
  lotId: lot.lotId, number: lot.number, itemId: lot.itemId, unit: lot.unit, site, status: statusOf(lot), quantity: lot.quantity,
  free: free(lot), held: held(lot), released: lot.released, allocated: allocated(lot), rejected: lot.rejected, state: lot,
});

function statusOf(lot: Lot): string {
  if (remaining(lot) === '0') return 'consumed';
  if (lot.released === remaining(lot)) return 'released';
  if (lot.rejected !== '0') return 'rejected';
  if (lot.pending !== '0') return 'pending inspection';
  return lot.released === '0' ? 'accepted' : 'partly released';
}
