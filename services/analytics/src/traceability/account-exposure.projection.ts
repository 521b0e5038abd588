import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ExposureIdentified } from '@touchstone/contracts/analytics';
import { projection } from '@touchstone/event-store';

/** What an account was exposed to: one delivery, one nonconformity of its lot. */
@Entity('account_exposure')
@Index(['accountId'])
@Index(['lotId'])
export class AccountExposureRow {
  @PrimaryColumn('text') exposureId!: string;
  @Column('text') nonconformityId!: string;
  @Column('text') deliveryId!: string;
  @Column('text') accountId!: string;
  @Column('text') lotId!: string;
  @Column('text') severity!: string;
  @Column('text') quantity!: string;
  @Column('text') identifiedAt!: string;
}

export const accountExposure = projection({
  name: 'account-exposure',
  version: 1,
  tables: [AccountExposureRow],
  on: ['analytics.ExposureIdentified.v1'],
  async apply(events, rows) {
    const table = rows(AccountExposureRow);
    for (const { data, meta } of events) {
      const { nonconformityId, lotId, severity, accounts } = data as ExposureIdentified['data'];
      for (const each of accounts) {
        table.put({ exposureId: `${nonconformityId}/${each.deliveryId}`, nonconformityId, lotId, severity, identifiedAt: meta.occurredAt, ...each });
      }
    }
    await Promise.resolve();
  },
});
