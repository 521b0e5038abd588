import { atFirst, projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import { caseActionRecorded, caseClosed, caseOpened, caseOverdue } from '@touchstone/contracts/feedback';
import { caseList, CaseRow } from './case-list.projection.js';
import type { CaseEvent } from './events.js';
import { caseStream } from './events.js';

const accountId = 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01';
const dueAt = '2026-03-04T08:00:00.000Z';
const first = { caseId: '9d2c8f2b-3c47-5ad1-8f60-0f5be7f9c3d5', kind: 'exposure', accountId, subject: 'Received goods of a lot', causeId: 'n-1', dueAt } as const;
const second = { caseId: '1d2c8f2b-3c47-5ad1-8f60-0f5be7f9c3d5', kind: 'internal', subject: 'Lot L-1 rejected', causeId: 'l-1', dueAt } as const;
const inLog = ({ type, data }: CaseEvent) => recorded(type, data, { stream: caseStream(data.caseId) });

describe('the list of cases', () => {
  const spec = projectionSpec(caseList, { database: testDatabase() });
  const log = spec.given(
    ...[
      caseOpened(first), caseOpened(second), caseOverdue({ caseId: first.caseId, accountId }), caseActionRecorded({ caseId: second.caseId, action: 'insert replaced' }),
      caseActionRecorded({ caseId: first.caseId, accountId, action: 'replaced' }), caseClosed({ caseId: first.caseId, accountId, outcome: 'confirmed', rootCause: 'worn insert' }),
    ].map(inLog),
  );

  it('has a row for each: what it is about, where it stands, whether it was late', () =>
    log.thenRows(CaseRow, [
      { ...first, status: 'confirmed', overdue: true, openedAt: atFirst, closedAt: atFirst },
      { ...second, accountId: null, status: 'in-progress', overdue: false, openedAt: atFirst, closedAt: null },
    ]));
  it('is the same however the log is cut into batches', () => log.survivesRandomBatches());
  it('is the same when built again from nothing', () => log.rebuildEqualsLive());
});
