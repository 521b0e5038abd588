import type { RecordedEvent } from '@touchstone/kernel';
import { projection } from '@touchstone/event-store';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

const on = ['moulding.MouldRegistered.v1', 'moulding.MouldUsed.v1', 'moulding.MouldDamaged.v1', 'moulding.MouldBlocked.v1', 'moulding.MouldReleased.v1'];

interface Seen {
  readonly mouldId: string;
  readonly entry: string;
  readonly shots?: number;
}

@Entity('mould')
export class MouldRow {
  @PrimaryColumn('text') mouldId!: string;
  @Column('text') last!: string;
  @Column('boolean') blocked!: boolean;
  @Column('int') used!: number;
  @Column('int') shots!: number;
  @Column('int') damaged!: number;
}

/** A row a mould, with counts: an event that is applied twice or never shows in them. */
export const mouldList = projection({
  name: 'mould-list', version: 1, tables: [MouldRow], on,
  apply: async (events, rows) => {
    const table = rows(MouldRow);
    const all = events as readonly (RecordedEvent & { data: Seen })[];
    await table.load(all.map(({ data: { mouldId } }) => ({ mouldId })));
    for (const { type, data: { mouldId, entry, shots = 0 } } of all) {
      const row = table.get({ mouldId }) ?? { mouldId, last: '', blocked: false, used: 0, shots: 0, damaged: 0 };
      const [, name] = type.split('.');
      table.put({
        ...row, last: entry, shots: row.shots + shots, used: row.used + (name === 'MouldUsed' ? 1 : 0), damaged: row.damaged + (name === 'MouldDamaged' ? 1 : 0),
        blocked: name === 'MouldBlocked' || (row.blocked && name !== 'MouldReleased'),
      });
    }
  },
});

@Entity('entry')
@Index(['seq'])
export class EntryRow {
  @PrimaryColumn('text') entry!: string;
  @Column('int') seq!: number;
  @Column('int') times!: number;
}

/** A row an event, with how often it was applied: what is kept with its checkpoint is kept exactly once. */
export const entryList = projection({
  name: 'entry-list', version: 1, tables: [EntryRow], on,
  apply: async (events, rows) => {
    const table = rows(EntryRow);
    const all = events as readonly (RecordedEvent & { data: Seen })[];
    await table.load(all.map(({ data: { entry } }) => ({ entry })));
    for (const { seq, data: { entry } } of all) table.put({ entry, seq, times: (table.get({ entry })?.times ?? 0) + 1 });
  },
});
