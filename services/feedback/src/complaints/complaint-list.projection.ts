import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RecordedEvent } from '@touchstone/kernel';
import { entityOf } from '@touchstone/kernel';
import { projection } from '@touchstone/event-store';
import type { ComplaintEvent } from './events.js';

/** A complaint as people see it in a list. What the customer said stays in the log, where it can be erased. */
@Entity('complaint')
@Index(['accountId'])
export class ComplaintRow {
  @PrimaryColumn('text') complaintId!: string;
  @Column('text') accountId!: string;
  @Column('text') channel!: string;
  @Column('text') category!: string;
  @Column('text', { nullable: true }) lotId!: string | null;
  @Column('text', { nullable: true }) deliveryId!: string | null;
  @Column('text') status!: string;
  @Column('text', { nullable: true }) severity!: string | null;
  @Column('text', { nullable: true }) about!: string | null;
  @Column('text', { nullable: true }) team!: string | null;
  @Column('boolean', { nullable: true }) customerAgrees!: boolean | null;
  @Column('boolean') escalated!: boolean;
  @Column('text') receivedAt!: string;
  @Column('text') acknowledgeBy!: string;
  @Column('text') respondBy!: string;
  @Column('text', { nullable: true }) closedAt!: string | null;
}

export const complaintList = projection({
  name: 'complaint-list',
  version: 1,
  tables: [ComplaintRow],
  on: [
    'feedback.ComplaintReceived.v1', 'feedback.ComplaintAcknowledged.v1', 'feedback.ComplaintAssessed.v1', 'feedback.ComplaintResponded.v1',
    'feedback.ComplaintResolved.v1', 'feedback.ComplaintEscalated.v1', 'feedback.ComplaintClosed.v1',
  ],
  async apply(events, rows) {
    const table = rows(ComplaintRow);
    await table.load(events.map(({ stream }) => ({ complaintId: entityOf(stream) })));
    for (const event of events as readonly RecordedEvent<ComplaintEvent>[]) {
      const row = next(table.get({ complaintId: entityOf(event.stream) }), event);
      if (row) table.put(row);
    }
  },
});

function next(row: ComplaintRow | undefined, { type, data, meta }: RecordedEvent<ComplaintEvent>): ComplaintRow | undefined {
  if (type === 'feedback.ComplaintReceived.v1') {
    const { complaintId, accountId, channel, category, lotId = null, deliveryId = null, acknowledgeBy, respondBy } = data;
    return {
      complaintId, accountId, channel, category, lotId, deliveryId, status: 'received', severity: null, about: null, team: null, customerAgrees: null,
      escalated: false, receivedAt: meta.occurredAt, acknowledgeBy, respondBy, closedAt: null,
    };
  }
  if (!row) return undefined;
  switch (type) {
    case 'feedback.ComplaintAcknowledged.v1': return { ...row, status: 'acknowledged' };
    case 'feedback.ComplaintAssessed.v1': {
      const { severity, about, team } = data;
      return { ...row, status: row.status === 'acknowledged' ? 'assessed' : row.status, severity, about, team };
    }
    case 'feedback.ComplaintResponded.v1': return { ...row, status: 'responded' };
    case 'feedback.ComplaintResolved.v1': return { ...row, status: 'resolved', customerAgrees: data.customerAgrees };
    case 'feedback.ComplaintEscalated.v1': return { ...row, escalated: true };
    default: return { ...row, status: data.outcome, closedAt: meta.occurredAt };
  }
}
