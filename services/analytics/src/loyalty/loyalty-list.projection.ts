import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { LoyaltyAssessed } from '@touchstone/contracts/analytics';
import { projection } from '@touchstone/event-store';

/** The last assessment of an account. */
@Entity('loyalty')
@Index(['churnRisk'])
export class LoyaltyRow {
  @PrimaryColumn('text') accountId!: string;
  @Column('text') churnRisk!: string;
  @Column('boolean') openCase!: boolean;
  @Column('text', { nullable: true }) previousRisk!: string | null;
  @Column('jsonb') exposure!: LoyaltyAssessed['data']['exposure'];
  @Column('jsonb') promiseKeeping!: LoyaltyAssessed['data']['promiseKeeping'];
  @Column('jsonb') complaints!: LoyaltyAssessed['data']['complaints'];
  @Column('jsonb') satisfaction!: LoyaltyAssessed['data']['satisfaction'];
  @Column('jsonb') repeatPurchase!: LoyaltyAssessed['data']['repeatPurchase'];
  @Column('int') policyVersion!: number;
  @Column('jsonb') fired!: readonly string[];
  @Column('text') assessedAt!: string;
  /** The event, for asking why. */
  @Column('text') eventId!: string;
}

export const loyaltyList = projection({
  name: 'loyalty-list',
  version: 1,
  tables: [LoyaltyRow],
  on: ['analytics.LoyaltyAssessed.v1'],
  async apply(events, rows) {
    const table = rows(LoyaltyRow);
    for (const { id, data, meta } of events) {
      const { accountId, churnRisk, openCase, previousRisk = null, exposure, promiseKeeping, complaints, satisfaction, repeatPurchase, policy, fired } = data as LoyaltyAssessed['data'];
      table.put({
        accountId, churnRisk, openCase, previousRisk, exposure, promiseKeeping, complaints, satisfaction, repeatPurchase, policyVersion: policy.version, fired,
        assessedAt: meta.occurredAt, eventId: id,
      });
    }
    await Promise.resolve();
  },
});
