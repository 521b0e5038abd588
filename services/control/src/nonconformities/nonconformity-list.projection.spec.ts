import { derivedId } from '@touchstone/kernel';
import {
  dispositionDecided, nonconformityClosed, nonconformityContained, nonconformityReported, nonconformityVoided,
} from '@touchstone/contracts/control';
import { atFirst, projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import type { NonconformityEvent } from './events.js';
import { nonconformityStream } from './events.js';
import { nonconformityList, NonconformityRow } from './nonconformity-list.projection.js';

const [first, second, third] = [1, 2, 3].map((number) => derivedId('nonconformity', number)) as [string, string, string];
const lotId = derivedId('lot', 'L-1');
const found = {
  lotId, lotNumber: 'L-1', itemId: derivedId('item', 'ring'), requirement: 'diameter within specification', quantity: '40', severity: 'major' as const,
  source: 'inspection' as const, sourceId: 'inspection-7',
};
const event = ({ type, data }: NonconformityEvent) => recorded(type, data, { stream: nonconformityStream(data.nonconformityId) });
const decided = (nonconformityId: string, disposition: 'scrap' | 'rework', quantity: string) =>
  event(dispositionDecided({ nonconformityId, lotId, disposition, quantity, rationale: 'why', decidedBy: 'engineer-1' }));

/** Starting a PostgreSQL takes its time on a busy machine. */
const MOST_MS = 60_000;

describe('the list of nonconformities', () => {
  const spec = projectionSpec(nonconformityList, { database: testDatabase() });
  const log = spec.given(
    event(nonconformityReported({ ...found, nonconformityId: first, characteristicId: 'diameter', reportedBy: 'inspector-1' })),
    event(nonconformityReported({ ...found, nonconformityId: second })), event(nonconformityReported({ ...found, nonconformityId: third })),
    event(nonconformityContained({ nonconformityId: first, lotId, actions: 'segregated' })), event(nonconformityContained({ nonconformityId: second, lotId, actions: 'segregated' })),
    decided(first, 'scrap', '15'), decided(second, 'scrap', '12.5'), decided(first, 'rework', '25'), event(nonconformityClosed({ nonconformityId: first, lotId })),
    event(nonconformityVoided({ nonconformityId: third, lotId, reason: 'wrong gauge' })),
  );

  it('shows what failed, what was decided, and what waits for a decision', () => {
    const row = { ...found, characteristicId: null, reportedAt: atFirst, closedAt: null };
    return log.thenRows(NonconformityRow, [
      {
        ...row, nonconformityId: first, characteristicId: 'diameter', status: 'closed', undispositioned: '0', closedAt: atFirst,
        dispositions: [{ disposition: 'scrap', quantity: '15', decidedBy: 'engineer-1' }, { disposition: 'rework', quantity: '25', decidedBy: 'engineer-1' }],
      },
      { ...row, nonconformityId: second, status: 'contained', undispositioned: '27.5', dispositions: [{ disposition: 'scrap', quantity: '12.5', decidedBy: 'engineer-1' }] },
      { ...row, nonconformityId: third, status: 'voided', undispositioned: '40', dispositions: [], closedAt: atFirst },
    ]);
  }, MOST_MS);
  it('is the same however the log is cut into batches', () => log.survivesRandomBatches(), MOST_MS);
  it('is the same when built again from nothing', () => log.rebuildEqualsLive(), MOST_MS);
});
