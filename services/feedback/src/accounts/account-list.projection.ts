import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RecordedEvent } from '@touchstone/kernel';
import { entityOf } from '@touchstone/kernel';
import { projection } from '@touchstone/event-store';
import type { AccountRegistered, ContactAdded, CustomerErased, SatisfactionStated, ShipToAdded } from '@touchstone/contracts/feedback';

/** An account as people see it in a list. Who its contacts are stays in the log, where it is erased with its key; nothing here needs to be. */
@Entity('account')
export class AccountRow {
  @PrimaryColumn('text') accountId!: string;
  @Column('text') name!: string;
  @Column('text', { nullable: true }) externalSource!: string | null;
  @Column('text', { nullable: true }) externalId!: string | null;
  @Column('jsonb') shipTos!: { readonly shipToId: string; readonly label: string; readonly country: string }[];
  /** Who can be read about: those who were erased are not counted. */
  @Column('int') contacts!: number;
  /** Score stated last, 0 to 10; null while nobody has said anything. */
  @Column('int', { nullable: true }) satisfaction!: number | null;
  @Column('int') scores!: number;
  @Column('text') registeredAt!: string;
  @Column('text', { nullable: true }) erasedAt!: string | null;
}

export const accountList = projection({
  name: 'account-list',
  version: 2,
  tables: [AccountRow],
  on: ['feedback.AccountRegistered.v1', 'feedback.ShipToAdded.v1', 'feedback.ContactAdded.v1', 'feedback.SatisfactionStated.v1', 'feedback.CustomerErased.v1'],
  async apply(events, rows) {
    const table = rows(AccountRow);
    await table.load(events.map(({ stream }) => ({ accountId: entityOf(stream) })));
    for (const event of events as readonly RecordedEvent<Listed>[]) {
      const row = next(table.get({ accountId: entityOf(event.stream) }), event);
      if (row) table.put(row);
    }
  },
});

type Listed = AccountRegistered | ShipToAdded | ContactAdded | SatisfactionStated | CustomerErased;

function next(row: AccountRow | undefined, { type, data, meta }: RecordedEvent<Listed>): AccountRow | undefined {
  if (type === 'feedback.AccountRegistered.v1') {
    const { accountId, name, externalSource = null, externalId = null } = data;
    return { accountId, name, externalSource, externalId, shipTos: [], contacts: 0, satisfaction: null, scores: 0, registeredAt: meta.occurredAt, erasedAt: null };
  }
  if (!row) return undefined;
  switch (type) {
    case 'feedback.ShipToAdded.v1': {
      const { shipToId, label, country } = data;
      return { ...row, shipTos: [...row.shipTos, { shipToId, label, country }] };
    }
    case 'feedback.ContactAdded.v1': return { ...row, contacts: row.contacts + 1 };
    case 'feedback.CustomerErased.v1': {
      const { accountId, subjects, scope, erasedAt } = data;
      const contacts = row.contacts - subjects.filter((subject) => subject !== accountId).length;
      return { ...row, contacts, erasedAt: scope === 'account' ? erasedAt : row.erasedAt };
    }
    default: return { ...row, satisfaction: data.score, scores: row.scores + 1 };
  }
}
