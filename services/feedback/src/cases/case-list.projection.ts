import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RecordedEvent } from '@touchstone/kernel';
import { entityOf } from '@touchstone/kernel';
import type { CaseClosed, CaseOpened } from '@touchstone/contracts/feedback';
import { projection } from '@touchstone/event-store';

@Entity('case')
@Index(['accountId'])
export class CaseRow {
  @PrimaryColumn('text') caseId!: string;
  @Column('text') kind!: string;
  @Column('text', { nullable: true }) accountId!: string | null;
  @Column('text') subject!: string;
  @Column('text') causeId!: string;
  @Column('text') status!: string;
  @Column('text') dueAt!: string;
  @Column('boolean') overdue!: boolean;
  @Column('text') openedAt!: string;
  @Column('text', { nullable: true }) closedAt!: string | null;
}

export const caseList = projection({
  name: 'case-list',
  version: 1,
  tables: [CaseRow],
  on: ['feedback.CaseOpened.v1', 'feedback.CaseActionRecorded.v1', 'feedback.CaseOverdue.v1', 'feedback.CaseClosed.v1'],
  async apply(events, rows) {
    const table = rows(CaseRow);
    await table.load(events.map(({ stream }) => ({ caseId: entityOf(stream) })));
    for (const event of events) {
      const row = next(table.get({ caseId: entityOf(event.stream) }), event);
      if (row) table.put(row);
    }
  },
});

function next(row: CaseRow | undefined, { type, data, meta }: RecordedEvent): CaseRow | undefined {
  if (type === 'feedback.CaseOpened.v1') {
    const { caseId, kind, accountId = null, subject, causeId, dueAt } = data as CaseOpened['data'];
    return { caseId, kind, accountId, subject, causeId, status: 'open', dueAt, overdue: false, openedAt: meta.occurredAt, closedAt: null };
  }
  if (!row) return undefined;
  switch (type) {
    case 'feedback.CaseActionRecorded.v1': return { ...row, status: 'in-progress' };
    case 'feedback.CaseOverdue.v1': return { ...row, overdue: true };
    default: return { ...row, status: (data as CaseClosed['data']).outcome, closedAt: meta.occurredAt };
  }
}
