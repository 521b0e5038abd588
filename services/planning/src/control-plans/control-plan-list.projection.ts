import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RecordedEvent } from '@touchstone/kernel';
import { entityOf } from '@touchstone/kernel';
import { projection } from '@touchstone/event-store';
import type { Note, Revision } from './decider.js';
import type { ControlPlanEvent } from './events.js';

export interface ListedRevision extends Revision {
  readonly status: 'draft' | 'approved' | 'in-force' | 'superseded';
  readonly draftedAt: string;
  readonly approvedAt?: string;
  readonly inForceFrom?: string;
}

export interface ListedNote extends Note {
  /** Revision in force when it was noted. */
  readonly revision: number;
  readonly notedAt: string;
}

/** An item's control plan as people see it: what holds, what is being written, and what was learned. */
@Entity('control_plan')
export class ControlPlanRow {
  @PrimaryColumn('text') itemId!: string;
  /** Of the revision in force; of the newest while none is. */
  @Column('text') title!: string;
  /** 0 while none is. */
  @Column('int') revisionInForce!: number;
  @Column('int') latestRevision!: number;
  @Column('text') latestStatus!: string;
  @Column('jsonb') revisions!: readonly ListedRevision[];
  @Column('jsonb') notes!: readonly ListedNote[];
}

export const controlPlanList = projection({
  name: 'control-plan-list',
  version: 1,
  tables: [ControlPlanRow],
  on: ['planning.ControlPlanDrafted.v1', 'planning.ControlPlanApproved.v1', 'planning.ControlPlanInForce.v1', 'planning.CharacteristicNoted.v1'],
  async apply(events, rows) {
    const table = rows(ControlPlanRow);
    await table.load(events.map(({ stream }) => ({ itemId: entityOf(stream) })));
    for (const event of events as readonly RecordedEvent<ControlPlanEvent>[]) {
      const itemId = entityOf(event.stream);
      const row = table.get({ itemId });
      table.put(summed(itemId, revisionsAfter(row?.revisions ?? [], event), notesAfter(row?.notes ?? [], event)));
    }
  },
});

function revisionsAfter(revisions: readonly ListedRevision[], { type, data, meta }: RecordedEvent<ControlPlanEvent>): readonly ListedRevision[] {
  const changed = (change: (each: ListedRevision) => ListedRevision) => revisions.map((each) => (each.revision === data.revision ? change(each) : each));
  switch (type) {
    case 'planning.ControlPlanDrafted.v1': return [...revisions, { ...data, status: 'draft', draftedAt: meta.occurredAt }];
    case 'planning.ControlPlanApproved.v1': return changed((each) => ({ ...each, status: 'approved', approvedBy: data.approvedBy, approvedAt: meta.occurredAt }));
    case 'planning.ControlPlanInForce.v1':
      return changed((each) => ({ ...each, status: 'in-force', inForceFrom: meta.occurredAt }))
        .map((each) => (each.status === 'in-force' && each.revision !== data.revision ? { ...each, status: 'superseded' } : each));
    default: return revisions;
  }
}

const notesAfter = (notes: readonly ListedNote[], { type, data, meta }: RecordedEvent<ControlPlanEvent>): readonly ListedNote[] =>
  type === 'planning.CharacteristicNoted.v1'
    ? [...notes, { characteristicId: data.characteristicId, note: data.note, causeId: data.causeId, revision: data.revision, notedAt: meta.occurredAt }]
    : notes;

function summed(itemId: string, revisions: readonly ListedRevision[], notes: readonly ListedNote[]): ControlPlanRow {
  const latest = revisions.at(-1);
  const inForce = revisions.find(({ status }) => status === 'in-force');
  return {
    itemId, title: (inForce ?? latest)?.title ?? '', revisionInForce: inForce?.revision ?? 0,
    latestRevision: latest?.revision ?? 0, latestStatus: latest?.status ?? '', revisions, notes,
  };
}
