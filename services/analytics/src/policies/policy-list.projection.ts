import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { PolicyApproved, PolicyProposed } from '@touchstone/contracts/analytics';
import { projection } from '@touchstone/event-store';

/** One version of a policy. */
@Entity('policy_version')
@Index(['policyId'])
export class PolicyVersionRow {
  /** `<policyId>/<version>` */
  @PrimaryColumn('text') policyVersionId!: string;
  @Column('text') policyId!: string;
  @Column('int') version!: number;
  @Column('text') sha256!: string;
  @Column('text') author!: string;
  @Column('text') proposedAt!: string;
  @Column('text', { nullable: true }) approvedBy!: string | null;
  @Column('text', { nullable: true }) inForceFrom!: string | null;
  /** The decision table, as JSON. */
  @Column('jsonb') document!: unknown;
}

const keyOf = ({ policyId, version }: { policyId: string; version: number }) => ({ policyVersionId: `${policyId}/${version}` });

export const policyList = projection({
  name: 'policy-list',
  version: 1,
  tables: [PolicyVersionRow],
  on: ['analytics.PolicyProposed.v1', 'analytics.PolicyApproved.v1'],
  async apply(events, rows) {
    const table = rows(PolicyVersionRow);
    await table.load(events.map(({ data }) => keyOf(data as PolicyProposed['data'])));
    for (const { type, data, meta } of events) {
      if (type === 'analytics.PolicyProposed.v1') {
        const { document, ...proposed } = data as PolicyProposed['data'];
        table.put({ ...keyOf(proposed), ...proposed, document: JSON.parse(document) as unknown, proposedAt: meta.occurredAt, approvedBy: null, inForceFrom: null });
        continue;
      }
      const { approvedBy, inForceFrom, ...which } = data as PolicyApproved['data'];
      const row = table.get(keyOf(which));
      if (row) table.put({ ...row, approvedBy, inForceFrom });
    }
  },
});
