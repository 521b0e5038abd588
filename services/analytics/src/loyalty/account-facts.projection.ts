import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RecordedEvent } from '@touchstone/kernel';
import { entityOf } from '@touchstone/kernel';
import { UNASSIGNED_ACCOUNT_ID } from '@touchstone/contracts';
import type { ExposureIdentified } from '@touchstone/contracts/analytics';
import type { DeliveryArrived, DeliveryPlanned, DeliveryReconfirmed } from '@touchstone/contracts/control';
import type { ComplaintAssessed, ComplaintClosed, ComplaintReceived, ComplaintResolved, PurchaseRecorded, SatisfactionStated } from '@touchstone/contracts/feedback';
import type { RowSets } from '@touchstone/event-store';
import { projection } from '@touchstone/event-store';

@Entity('account')
export class AccountRow {
  @PrimaryColumn('text') accountId!: string;
  @Column('boolean') registered!: boolean;
  /** Satisfaction as stated, in that order. */
  @Column('jsonb') scores!: readonly { readonly score: number; readonly at: string }[];
}

@Entity('purchase')
@Index(['accountId'])
export class PurchaseRow {
  @PrimaryColumn('text') purchaseId!: string;
  @Column('text') accountId!: string;
  @Column('text') at!: string;
}

@Entity('promise')
@Index(['accountId'])
export class PromiseRow {
  @PrimaryColumn('text') deliveryId!: string;
  @Column('text') accountId!: string;
  /** First confirmed date, or the one the customer asked for since. */
  @Column('text') promisedFor!: string;
  @Column('text', { nullable: true }) arrivedAt!: string | null;
  @Column('boolean') kept!: boolean;
}

@Entity('exposure')
@Index(['accountId'])
export class ExposureRow {
  @PrimaryColumn('text') nonconformityId!: string;
  @PrimaryColumn('text') deliveryId!: string;
  @Column('text') accountId!: string;
  @Column('text') lotId!: string;
  @Column('text') severity!: string;
  @Column('text') at!: string;
}

/** A nonconformity that turned out to be none: nobody was exposed to it. It comes from another stream than the exposures to it. */
@Entity('voided_nonconformity')
export class VoidedNonconformityRow {
  @PrimaryColumn('text') nonconformityId!: string;
  @Column('text') at!: string;
}

@Entity('complaint')
@Index(['accountId'])
export class ComplaintRow {
  @PrimaryColumn('text') complaintId!: string;
  @Column('text') accountId!: string;
  @Column('text', { nullable: true }) lotId!: string | null;
  @Column('text', { nullable: true }) deliveryId!: string | null;
  @Column('text', { nullable: true }) severity!: string | null;
  @Column('text') receivedAt!: string;
  @Column('text', { nullable: true }) resolvedAt!: string | null;
  @Column('boolean', { nullable: true }) agreed!: boolean | null;
  @Column('text', { nullable: true }) closedAt!: string | null;
  @Column('text', { nullable: true }) outcome!: string | null;
}

const from = {
  account: ['feedback.AccountRegistered.v1', 'feedback.SatisfactionStated.v1'],
  purchase: ['feedback.PurchaseRecorded.v1'],
  promise: ['control.DeliveryPlanned.v1', 'control.DeliveryReconfirmed.v1', 'control.DeliveryArrived.v1'],
  exposure: ['analytics.ExposureIdentified.v1'],
  voided: ['control.NonconformityVoided.v1'],
  complaint: ['feedback.ComplaintReceived.v1', 'feedback.ComplaintAssessed.v1', 'feedback.ComplaintResolved.v1', 'feedback.ComplaintClosed.v1'],
};

/** What assessments of accounts rest on. Each row follows from one stream, so the order in which streams arrive does not show. */
export const accountFacts = projection({
  name: 'account-facts',
  version: 1,
  tables: [AccountRow, PurchaseRow, PromiseRow, ExposureRow, VoidedNonconformityRow, ComplaintRow],
  on: Object.values(from).flat(),
  async apply(events, rows) {
    const of = (kind: keyof typeof from) => events.filter(({ type }) => from[kind].includes(type));
    await accounts(of('account'), rows);
    await promises(of('promise'), rows);
    await complaints(of('complaint'), rows);
    for (const { data, meta } of of('purchase')) {
      const { purchaseId, accountId } = data as PurchaseRecorded['data'];
      rows(PurchaseRow).put({ purchaseId, accountId, at: meta.occurredAt });
    }
    for (const { data, meta } of of('exposure')) {
      const { nonconformityId, lotId, severity, accounts: exposed } = data as ExposureIdentified['data'];
      for (const { accountId, deliveryId } of exposed) rows(ExposureRow).put({ nonconformityId, deliveryId, accountId, lotId, severity, at: meta.occurredAt });
    }
    for (const { stream, meta } of of('voided')) rows(VoidedNonconformityRow).put({ nonconformityId: entityOf(stream), at: meta.occurredAt });
  },
});

async function accounts(events: readonly RecordedEvent[], rows: RowSets): Promise<void> {
  const table = rows(AccountRow);
  await table.load(events.map(({ stream }) => ({ accountId: entityOf(stream) })));
  for (const { type, data, stream, meta } of events) {
    const accountId = entityOf(stream);
    const row = table.get({ accountId }) ?? { accountId, registered: false, scores: [] };
    if (type === 'feedback.AccountRegistered.v1') table.put({ ...row, registered: true });
    else table.put({ ...row, scores: [...row.scores, { score: (data as SatisfactionStated['data']).score, at: meta.occurredAt }] });
  }
}

async function promises(events: readonly RecordedEvent[], rows: RowSets): Promise<void> {
  const table = rows(PromiseRow);
  await table.load(events.map(({ stream }) => ({ deliveryId: entityOf(stream) })));
  for (const event of events) {
    const row = promised(table.get({ deliveryId: entityOf(event.stream) }), event);
    if (row) table.put(row);
  }
}

function promised(row: PromiseRow | undefined, { type, data, meta }: RecordedEvent): PromiseRow | undefined {
  switch (type) {
    case 'control.DeliveryPlanned.v1': {
      const { deliveryId, accountId, confirmedFor } = data as DeliveryPlanned['data'];
      return { deliveryId, accountId, promisedFor: confirmedFor, arrivedAt: null, kept: false };
    }
    case 'control.DeliveryReconfirmed.v1': {
      // The promise as it stands: a date that the customer did not ask for breaks none and makes none.
      const { promisedFor } = data as DeliveryReconfirmed['data'];
      return row && { ...row, promisedFor };
    }
    default: {
      const { deliveryId, accountId, promisedFor, onTime, inFull } = data as DeliveryArrived['data'];
      return { deliveryId, accountId, promisedFor, arrivedAt: meta.occurredAt, kept: onTime && inFull };
    }
  }
}

/** Complaints nobody's account could be named for are no account's. */
async function complaints(events: readonly RecordedEvent[], rows: RowSets): Promise<void> {
  const table = rows(ComplaintRow);
  const named = events.filter(({ data }) => (data as ComplaintReceived['data']).accountId !== UNASSIGNED_ACCOUNT_ID);
  await table.load(named.map(({ stream }) => ({ complaintId: entityOf(stream) })));
  for (const event of named) {
    const row = complained(table.get({ complaintId: entityOf(event.stream) }), event);
    if (row) table.put(row);
  }
}

function complained(row: ComplaintRow | undefined, { type, data, meta }: RecordedEvent): ComplaintRow | undefined {
  if (type === 'feedback.ComplaintReceived.v1') {
    const { complaintId, accountId, lotId = null, deliveryId = null } = data as ComplaintReceived['data'];
    return { complaintId, accountId, lotId, deliveryId, severity: null, receivedAt: meta.occurredAt, resolvedAt: null, agreed: null, closedAt: null, outcome: null };
  }
  if (!row) return undefined;
  switch (type) {
    case 'feedback.ComplaintAssessed.v1': return { ...row, severity: (data as ComplaintAssessed['data']).severity };
    case 'feedback.ComplaintResolved.v1': return { ...row, resolvedAt: meta.occurredAt, agreed: (data as ComplaintResolved['data']).customerAgrees };
    default: return { ...row, closedAt: meta.occurredAt, outcome: (data as ComplaintClosed['data']).outcome };
  }
}
