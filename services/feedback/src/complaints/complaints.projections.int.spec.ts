import { derivedId } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import { atFirst, projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import { DispositionDecidedV1, NonconformityClosedV1, NonconformityReportedV1, NonconformityVoidedV1 } from '@touchstone/contracts/control';
import {
  complaintAcknowledged, complaintAssessed, complaintClosed, complaintEscalated, complaintReceived, complaintResolved, complaintResponded,
} from '@touchstone/contracts/feedback';
import { complaintList, ComplaintRow } from './complaint-list.projection.js';
import type { ComplaintEvent } from './events.js';
import { complaintStream } from './events.js';
import { lotDecisions, LotDecisionRow } from './lot-decisions.projection.js';

const database = testDatabase();
const accountId = 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01';
const lotId = '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11';
const dates = { acknowledgeBy: '2026-03-04T08:00:00.000Z', respondBy: '2026-03-12T08:00:00.000Z' };
const first = { complaintId: '3f9b8a52-6f0e-5c7e-8a41-2b9d7c4e5f60', accountId };
const second = { complaintId: '4a8c9b63-7f1e-5d8f-9b52-3c0e8d5f6a71', accountId };
const inLog = ({ type, data }: ComplaintEvent) => recorded(type, data, { stream: complaintStream(data.complaintId) });

describe('the list of complaints', () => {
  const row = {
    accountId, channel: 'phone', category: 'Ring does not fit', lotId: null, deliveryId: null, severity: null, about: null, team: null, customerAgrees: null,
    escalated: false, receivedAt: atFirst, ...dates, closedAt: null,
  };
  const log = projectionSpec(complaintList, { database }).given(
    ...[
      complaintReceived({ ...first, channel: 'phone', category: 'Ring does not fit', text: 'Too wide.', lotId, ...dates }),
      complaintEscalated({ ...first, why: 'not-acknowledged' }),
      complaintReceived({ ...second, channel: 'phone', category: 'Ring does not fit', ...dates }),
      complaintAcknowledged({ ...first, inTime: false }),
      complaintAssessed({ ...first, severity: 'minor', about: 'service', team: 'care-south' }),
      complaintAcknowledged({ ...second, inTime: true }),
      complaintResponded({ ...first, response: 'replaced', inTime: true }),
      complaintAssessed({ ...first, severity: 'major', about: 'quality', team: 'care-south' }),
      complaintResolved({ ...first, customerAgrees: true, recovery: 'replaced' }),
      complaintClosed({ ...first, outcome: 'confirmed' }),
    ].map(inLog),
  );

  it('has a row for each, and no word that the customer said', () =>
    log.thenRows(ComplaintRow, [
      { ...row, ...first, lotId, status: 'confirmed', severity: 'major', about: 'quality', team: 'care-south', customerAgrees: true, escalated: true, closedAt: atFirst },
      { ...row, ...second, status: 'acknowledged' },
    ]));
  it('is the same however the log is cut into batches', () => log.survivesRandomBatches());
  it('is the same when built again from nothing', () => log.rebuildEqualsLive());
});

describe('what was decided about the nonconformities of a lot', () => {
  const ids = { open: derivedId('spec', 'open'), decided: derivedId('spec', 'decided'), closed: derivedId('spec', 'closed'), void: derivedId('spec', 'void'), never: derivedId('spec', 'never') };
  const told = ({ type, samples }: { type: string; samples: readonly object[] }, nonconformityId: string) => {
    const data = { ...samples[0], lotId, nonconformityId };
    contracts.check({ type, data });
    return recorded(type, data, { stream: `control/nonconformity-${nonconformityId}` });
  };
  const log = projectionSpec(lotDecisions, { database }).given(
    ...[ids.open, ids.decided, ids.closed, ids.void].map((id) => told(NonconformityReportedV1, id)),
    told(DispositionDecidedV1, ids.decided), told(NonconformityClosedV1, ids.closed), told(NonconformityVoidedV1, ids.void), told(NonconformityClosedV1, ids.never),
  );

  it('is open until a person has said what becomes of it, or that it was none', () =>
    log.thenRows(LotDecisionRow, [
      { nonconformityId: ids.open, lotId, decided: false }, { nonconformityId: ids.decided, lotId, decided: true },
      { nonconformityId: ids.closed, lotId, decided: true }, { nonconformityId: ids.void, lotId, decided: true },
    ]));
  it('is the same however the log is cut into batches', () => log.survivesRandomBatches());
  it('is the same when built again from nothing', () => log.rebuildEqualsLive());
});
