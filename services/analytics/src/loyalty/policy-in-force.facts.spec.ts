import type { RecordedEvent } from '@touchstone/kernel';
import { canonicalize } from '@touchstone/ledger';
import { policyHash } from '@touchstone/decisions';
import type { PolicyDocument } from '@touchstone/decisions';
import { recorded } from '@touchstone/testing';
import { loyaltyPolicies } from './loyalty.policies.js';
import { policyInForce } from './policy-in-force.facts.js';

const events = loyaltyPolicies.flatMap((policy: PolicyDocument, index): RecordedEvent[] => {
  const about = { policyId: policy.id, version: policy.version, sha256: policyHash(policy) };
  const proposed = { ...about, document: canonicalize(policy), author: 'analyst-1' };
  const approved = { ...about, approvedBy: 'manager-1', inForceFrom: index === 0 ? '2026-03-01T00:00:00.000Z' : '2026-04-01T00:00:00.000Z' };
  return [recorded('analytics.PolicyProposed.v1', proposed, { stream: 'policy-loyalty' }), recorded('analytics.PolicyApproved.v1', approved, { stream: 'policy-loyalty' })]
    .map((event, place) => ({ ...event, id: '', seq: 0, version: index * 2 + place + 1 }));
});
const at = (instant: string, known = events) => policyInForce(known, instant);

describe('the policy that judges accounts', () => {
  it('is the approved version whose time has come', () =>
    expect(['2026-03-01T00:00:00.000Z', '2026-03-31T23:59:59.999Z', '2026-04-01T00:00:00.000Z'].map((instant) => at(instant)?.policy.policy.version)).toEqual([1, 1, 2]));
  it('names the approval that put it in force', () => expect(at('2026-05-01T00:00:00.000Z')?.approval.version).toBe(4));
  it('is none before, and none that was only proposed', () =>
    expect([at('2026-02-28T23:59:59.999Z'), at('2026-05-01T00:00:00.000Z', events.slice(0, 1)), at('2026-05-01T00:00:00.000Z', [])]).toEqual([undefined, undefined, undefined]));
  it('is compiled once', () => expect(at('2026-03-02T00:00:00.000Z')?.policy).toBe(at('2026-03-03T00:00:00.000Z')?.policy));
});
