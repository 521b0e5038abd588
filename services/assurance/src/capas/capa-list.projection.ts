import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RecordedEvent } from '@touchstone/kernel';
import { entityOf } from '@touchstone/kernel';
import { projection } from '@touchstone/event-store';
import type { Capa } from './capa.js';
import { evolve } from './capa.js';
import type { CapaEvent } from './events.js';

/** A corrective action as people see it in a list: how far it is, whose it is, and whether it is late. */
@Entity('capa')
@Index(['status'])
export class CapaRow {
  @PrimaryColumn('text') capaId!: string;
  @Column('text') nonconformityId!: string;
  @Column('text') itemId!: string;
  @Column('text', { nullable: true }) characteristicId!: string | null;
  @Column('text') lotId!: string;
  @Column('text') why!: string;
  @Column('text') problem!: string;
  @Column('text') status!: string;
  @Column('text', { nullable: true }) owner!: string | null;
  @Column('jsonb') team!: readonly string[];
  @Column('text', { nullable: true }) dueAt!: string | null;
  @Column('boolean') overdue!: boolean;
  @Column('int') extensions!: number;
  @Column('int') reopenings!: number;
  @Column('text', { nullable: true }) verdict!: string | null;
  @Column('text', { nullable: true }) windowEndsAt!: string | null;
  @Column('text') proposedAt!: string;
  @Column('text', { nullable: true }) closedAt!: string | null;
  /** The folded corrective action, with cause, plan and measures. */
  @Column('jsonb') state!: Capa;
}

export const capaStatuses = [
  'proposed', 'declined', 'opened', 'contained', 'cause confirmed', 'planned', 'approved', 'implemented', 'effective', 'recurrence prevented', 'closed',
] as const;

export const capaList = projection({
  name: 'capa-list',
  version: 1,
  tables: [CapaRow],
  on: [
    'assurance.CapaProposed.v1', 'assurance.CapaOpened.v1', 'assurance.CapaDeclined.v1', 'assurance.ContainmentRecorded.v1', 'assurance.RootCauseConfirmed.v1',
    'assurance.CapaPlanned.v1', 'assurance.CapaPlanApproved.v1', 'assurance.CapaImplemented.v1', 'assurance.CapaDueDateExtended.v1',
    'assurance.EffectivenessVerified.v1', 'assurance.CapaReopened.v1', 'assurance.RecurrencePrevented.v1', 'assurance.CapaClosed.v1', 'assurance.CapaOverdue.v1',
  ],
  async apply(events, rows) {
    const table = rows(CapaRow);
    await table.load(events.map(({ stream }) => ({ capaId: entityOf(stream) })));
    for (const event of events as readonly RecordedEvent<CapaEvent>[]) {
      const before = table.get({ capaId: entityOf(event.stream) });
      const row = event.type === 'assurance.CapaProposed.v1' ? proposed(event) : before && next(before, event);
      if (row) table.put(row);
    }
  },
});

function proposed(event: Extract<RecordedEvent<CapaEvent>, { type: 'assurance.CapaProposed.v1' }>): CapaRow {
  const { characteristicId = null, ...proposal } = event.data;
  return {
    ...proposal, characteristicId, status: 'proposed', owner: null, team: [], dueAt: null, overdue: false, extensions: 0, reopenings: 0,
    verdict: null, windowEndsAt: null, proposedAt: event.meta.occurredAt, closedAt: null, state: evolve(undefined, event),
  };
}

function next(before: CapaRow, event: RecordedEvent<CapaEvent>): CapaRow {
  const state = evolve(before.state, event);
  const row = { ...before, state, status: statusOf(state), owner: state.owner ?? null, dueAt: state.dueAt ?? null, overdue: state.overdue, windowEndsAt: state.windowEndsAt ?? null };
  switch (event.type) {
    case 'assurance.CapaOpened.v1': return { ...row, team: event.data.team };
    case 'assurance.CapaDueDateExtended.v1': return { ...row, extensions: row.extensions + 1 };
    case 'assurance.EffectivenessVerified.v1': return { ...row, verdict: event.data.verdict };
    case 'assurance.CapaReopened.v1': return { ...row, reopenings: row.reopenings + 1 };
    case 'assurance.CapaClosed.v1': return { ...row, closedAt: event.meta.occurredAt };
    default: return row;
  }
}

/** How far the work is. */
function statusOf(capa: Capa): (typeof capaStatuses)[number] {
  if (capa.status !== 'open') return capa.status;
  if (capa.effective) return capa.measures === undefined ? 'effective' : 'recurrence prevented';
  if (capa.windowEndsAt !== undefined) return 'implemented';
  if (capa.plan) return capa.plan.approvedAt === undefined ? 'planned' : 'approved';
  if (capa.rootCause) return 'cause confirmed';
  return capa.containment === undefined ? 'opened' : 'contained';
}
