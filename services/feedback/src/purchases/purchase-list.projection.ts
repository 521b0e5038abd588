import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { PurchaseRecorded } from '@touchstone/contracts/feedback';
import { projection } from '@touchstone/event-store';

@Entity('purchase')
@Index(['accountId'])
export class PurchaseRow {
  @PrimaryColumn('text') purchaseId!: string;
  @Column('text') accountId!: string;
  @Column('text') source!: string;
  @Column('text') externalId!: string;
  @Column('text') units!: string;
  @Column('text') amount!: string;
  @Column('text') currency!: string;
  @Column('text') boughtAt!: string;
}

export const purchaseList = projection({
  name: 'purchase-list',
  version: 1,
  tables: [PurchaseRow],
  on: ['feedback.PurchaseRecorded.v1'],
  async apply(events, rows) {
    const table = rows(PurchaseRow);
    for (const { data, meta } of events) table.put({ ...(data as PurchaseRecorded['data']), boughtAt: meta.occurredAt });
    await Promise.resolve();
  },
});
