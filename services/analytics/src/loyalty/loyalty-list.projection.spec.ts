import { projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import { derivedId } from '@touchstone/kernel';
import { LoyaltyAssessedV1 } from '@touchstone/contracts/analytics';
import { loyaltyList, LoyaltyRow } from './loyalty-list.projection.js';

const accountId = derivedId('account', 'ada');
const [full, bare] = LoyaltyAssessedV1.samples;
const event = (data: object, occurredAt: string) => recorded('analytics.LoyaltyAssessed.v1', { ...data, accountId }, { stream: `loyalty-${accountId}`, meta: { occurredAt } });

const STARTS_WITHIN_MS = 60_000;
const database = testDatabase();
beforeAll(() => database.empty(), STARTS_WITHIN_MS);

describe('the list of assessments', () => {
  const log = projectionSpec(loyaltyList, { database }).given(event({ ...bare }, '2026-03-02T00:00:00.000Z'), event({ ...full }, '2026-04-01T00:00:00.000Z'));

  it('has the last one of each account', () => {
    const { policy, because: _because, factsHash: _factsHash, resultHash: _resultHash, ...told } = { ...full };
    return log.thenRows(LoyaltyRow, [{ ...told, accountId, policyVersion: policy?.version, assessedAt: '2026-04-01T00:00:00.000Z', eventId: derivedId('given', 1, 'analytics.LoyaltyAssessed.v1') }]);
  });
  it('is the same however the log is cut into batches', () => log.survivesRandomBatches(3), 60_000);
  it('is the same when built again from nothing', () => log.rebuildEqualsLive(), 60_000);
});
