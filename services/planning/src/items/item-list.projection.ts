import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RecordedEvent } from '@touchstone/kernel';
import { entityOf } from '@touchstone/kernel';
import { projection } from '@touchstone/event-store';
import type { ItemEvent } from './events.js';

@Entity('item')
@Index(['number'])
export class ItemRow {
  @PrimaryColumn('text') itemId!: string;
  @Column('text') number!: string;
  @Column('text') name!: string;
  @Column('text') unit!: string;
  /** In the order of their release. */
  @Column('jsonb') revisions!: readonly string[];
  @Column('jsonb') sites!: readonly string[];
  @Column('text') registeredAt!: string;
}

export const itemList = projection({
  name: 'item-list',
  version: 1,
  tables: [ItemRow],
  on: ['planning.ItemRegistered.v1', 'planning.ItemRevisionReleased.v1', 'planning.ItemSiteAdded.v1'],
  async apply(events, rows) {
    const table = rows(ItemRow);
    await table.load(events.map(({ stream }) => ({ itemId: entityOf(stream) })));
    for (const event of events as readonly RecordedEvent<ItemEvent>[]) {
      const row = next(table.get({ itemId: entityOf(event.stream) }), event);
      if (row) table.put(row);
    }
  },
});

function next(row: ItemRow | undefined, event: RecordedEvent<ItemEvent>): ItemRow | undefined {
  if (event.type === 'planning.ItemRegistered.v1') return { ...event.data, revisions: [], sites: [], registeredAt: event.meta.occurredAt };
  if (!row) return undefined;
  switch (event.type) {
    case 'planning.ItemRevisionReleased.v1': return { ...row, revisions: [...row.revisions, event.data.revision] };
    default: return { ...row, sites: [...row.sites, event.data.site] };
  }
}
