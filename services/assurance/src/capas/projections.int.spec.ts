import { derivedId } from '@touchstone/kernel';
import {
  CapaImplementedV1, CapaOpenedV1, CapaPlanApprovedV1, CapaPlannedV1, CapaProposedV1, CapaReopenedV1, ContainmentRecordedV1, RootCauseConfirmedV1,
} from '@touchstone/contracts/assurance';
import { atFirst, projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import { capaList, CapaRow } from './capa-list.projection.js';
import { RecurrenceRow, recurrences } from './recurrences.projection.js';

const database = testDatabase();
const capaId = '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617';
const other = derivedId('capa', 'other');
const happened = ({ type, samples: [data] }: { type: string; samples: readonly object[] }, id = capaId) => recorded(type, { ...data, capaId: id }, { stream: `capa-${id}` });
const ineffective = { capaId, observed: '5', data: 'lots of April', verdict: 'ineffective', verifiedBy: 'manager-1' };

describe('the list of corrective actions', () => {
  const log = [
    happened(CapaProposedV1), happened(CapaProposedV1, other), happened(CapaOpenedV1), happened(ContainmentRecordedV1), happened(RootCauseConfirmedV1),
    happened(CapaPlannedV1), happened(CapaPlanApprovedV1), happened(CapaImplementedV1),
    recorded('assurance.EffectivenessVerified.v1', ineffective, { stream: `capa-${capaId}` }), happened(CapaReopenedV1),
    recorded('assurance.CapaDeclined.v1', { capaId: other, rationale: 'cause already removed' }, { stream: `capa-${other}` }),
  ];
  const { given } = projectionSpec(capaList, { database });
  const [proposal] = CapaProposedV1.samples;
  const untouched = { ...proposal, dueAt: null, extensions: 0, overdue: false, windowEndsAt: null, proposedAt: atFirst, closedAt: null };

  it('shows how far each is, whose it is, and how often it was reopened', () => given(...log).thenRows(CapaRow, [
    {
      ...untouched, status: 'contained', owner: 'engineer-1', team: ['engineer-1', 'operator-4'], dueAt: '2026-06-01T00:00:00.000Z', reopenings: 1, verdict: 'ineffective',
      state: {
        status: 'open', capaId, nonconformityId: proposal?.nonconformityId, itemId: proposal?.itemId, characteristicId: 'diameter', owner: 'engineer-1',
        dueAt: '2026-06-01T00:00:00.000Z', overdue: false, effective: false, containment: 'stock of three lots sorted 100 %',
      },
    },
    {
      ...untouched, capaId: other, status: 'declined', owner: null, team: [], reopenings: 0, verdict: null,
      state: { status: 'declined', capaId: other, nonconformityId: proposal?.nonconformityId, itemId: proposal?.itemId, characteristicId: 'diameter', overdue: false, effective: false },
    },
  ]), 60_000);
  it('is the same however the log is read', () => given(...log).survivesRandomBatches(3), 60_000);
  it('is the same built again from zero', () => given(...log).rebuildEqualsLive(), 60_000);
});

describe('what recurrence is counted on', () => {
  const report = (name: string, characteristicId?: string) => {
    const data = { nonconformityId: derivedId('nonconformity', name), itemId: 'i1', ...(characteristicId !== undefined && { characteristicId }) };
    return recorded('control.NonconformityReported.v1', data, { stream: `control/nonconformity-${data.nonconformityId}` });
  };
  const voided = { nonconformityId: derivedId('nonconformity', 'b'), lotId: 'l1', reason: 'wrong gauge' };
  const log = [report('a', 'diameter'), report('b', 'diameter'), report('c'), recorded('control.NonconformityVoided.v1', voided, { stream: `control/nonconformity-${voided.nonconformityId}` })];
  const { given } = projectionSpec(recurrences, { database });

  it('are the nonconformities that were not voided', () => given(...log).thenRows(RecurrenceRow, [
    { nonconformityId: derivedId('nonconformity', 'a'), itemId: 'i1', characteristicId: 'diameter', occurredAt: atFirst, seq: '1' },
    { nonconformityId: derivedId('nonconformity', 'c'), itemId: 'i1', characteristicId: '', occurredAt: atFirst, seq: '3' },
  ]), 60_000);
  it('is the same however the log is read', () => given(...log).survivesRandomBatches(3), 60_000);
  it('is the same built again from zero', () => given(...log).rebuildEqualsLive(), 60_000);
});
