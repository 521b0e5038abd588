import { projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import { policyApproved, policyProposed } from '@touchstone/contracts/analytics';
import { policyList, PolicyVersionRow } from './policy-list.projection.js';

const sha256 = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9';
const stream = 'policy-loyalty';
const about = (version: number) => ({ policyId: 'loyalty', version, sha256 });
const proposed = (version: number) => recorded('analytics.PolicyProposed.v1', policyProposed({ ...about(version), document: `{"version":${version}}`, author: 'analyst-1' }).data, { stream });
const approved = recorded('analytics.PolicyApproved.v1', policyApproved({ ...about(1), approvedBy: 'manager-1', inForceFrom: '2026-04-01T00:00:00.000Z' }).data, { stream });

const STARTS_WITHIN_MS = 60_000;
const database = testDatabase();
beforeAll(() => database.empty(), STARTS_WITHIN_MS);

describe('the list of policies', () => {
  const log = projectionSpec(policyList, { database }).given(proposed(1), proposed(2), approved);

  it('has a row for each version, with who proposed and who approved it', () =>
    log.thenRows(PolicyVersionRow, [1, 2].map((version) => ({
      policyVersionId: `loyalty/${version}`, ...about(version), document: { version }, author: 'analyst-1', proposedAt: '2026-03-02T08:00:00.000Z',
      approvedBy: version === 1 ? 'manager-1' : null, inForceFrom: version === 1 ? '2026-04-01T00:00:00.000Z' : null,
    }))));
  it('is the same however the log is cut into batches', () => log.survivesRandomBatches(3), 60_000);
  it('is the same when built again from nothing', () => log.rebuildEqualsLive(), 60_000);
});
