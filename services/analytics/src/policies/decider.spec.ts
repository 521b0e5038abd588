import { deciderSpec } from '@touchstone/testing';
import { hashOf, canonicalize } from '@touchstone/ledger';
import { contracts } from '@touchstone/contracts';
import { policyApproved, policyProposed } from '@touchstone/contracts/analytics';
import type { ApprovePolicy, ProposePolicy } from './commands.js';
import { policy } from './decider.js';
import { policyFacts } from './policies.facts.js';

const table = (version: number, threshold = '2') => ({
  id: 'loyalty', version, title: 'Churn risk', hitPolicy: 'first',
  inputs: [{ field: 'burden', label: 'Burden', kind: 'decimal' }], outputs: [{ field: 'churnRisk', label: 'Churn risk' }],
  rules: [
    { id: 'heavy', description: 'Heavy burden', when: { burden: `>= ${threshold}` }, then: { churnRisk: 'high' } },
    { id: 'otherwise', description: '', when: {}, then: { churnRisk: 'low' } },
  ],
});
const analyst = { id: 'analyst-1', roles: ['analyst'] };
const manager = { id: 'manager-1', roles: ['quality-manager'] };
const at = '2026-03-02T08:00:00.000Z';
const propose = (document: object, policyId = 'loyalty'): ProposePolicy => ({ type: 'ProposePolicy', policyId, document: document as ProposePolicy['document'] });
const approve = (version = 1, inForceFrom = at): ApprovePolicy => ({ type: 'ApprovePolicy', policyId: 'loyalty', version, inForceFrom });
const sound = { actor: analyst, at, facts: { problems: { value: [], refs: [], seq: 0 } } };
const by = (actor: typeof analyst) => ({ actor, at });
const proposed = (version: number, threshold?: string) =>
  policyProposed({ policyId: 'loyalty', version, document: canonicalize(table(version, threshold)), sha256: hashOf(table(version, threshold)), author: analyst.id });
const approved = policyApproved({ policyId: 'loyalty', version: 1, sha256: hashOf(table(1)), approvedBy: manager.id, inForceFrom: at });
const spec = deciderSpec(policy, { contracts });

describe('proposing a policy', () => {
  it('keeps the whole document, and its hash', () => spec.when(propose(table(1)), sound).then(proposed(1)));
  it('keeps the same text however the document was laid out', () =>
    spec.when(propose(Object.fromEntries(Object.entries(table(1)).reverse())), sound).then(proposed(1)));
  it('changes nothing when repeated', () => spec.repeating(propose(table(1)), sound));
  it('is refused with all problems of the document', () => {
    const problems = [{ code: 'CATCH_ALL_MISSING', message: 'the last rule asks nothing' }];
    spec.when(propose(table(1)), { ...sound, facts: { problems: { value: problems, refs: [], seq: 0 } } }).thenRefused('POLICY_INVALID', { problems });
  });
  it('is refused when nobody checked it', () => spec.when(propose(table(1)), { actor: analyst }).thenRefused('POLICY_INVALID', { problems: [] }));
  it('is refused under another name than its own', () => spec.when(propose(table(1), 'release'), sound).thenRefused('POLICY_ID_DIFFERS', { policyId: 'release', documentId: 'loyalty' }));
  it('never changes a version', () =>
    spec.given(proposed(1)).when(propose(table(1, '3')), sound).thenRefused('VERSION_TAKEN', { version: 1, sha256: hashOf(table(1)) }));
  it('takes versions one after the other', () => {
    spec.given(proposed(1)).when(propose(table(2, '1.5')), sound).then(proposed(2, '1.5'));
    spec.given(proposed(1)).when(propose(table(3)), sound).thenRefused('VERSION_NOT_NEXT', { version: 3, next: 2 });
  });
  it('is refused beyond what an event may hold', () =>
    spec.when(propose({ ...table(1), title: 'x'.repeat(200_000) }), sound).thenRefused('POLICY_TOO_LONG'));
});

describe('approving a policy', () => {
  it('lets a version decide from an instant on', () => spec.given(proposed(1)).when(approve(), by(manager)).then(approved));
  it('changes nothing when repeated', () => spec.given(proposed(1)).repeating(approve(), by(manager)));
  it('is not for its author', () => spec.given(proposed(1)).when(approve(), by(analyst)).thenRefused('AUTHOR_CANNOT_APPROVE', { author: 'analyst-1' }));
  it('is for people', () => spec.given(proposed(1)).when(approve(), by({ id: 'system:analytics:x', roles: ['system'] })).thenRefused('PERSON_REQUIRED', { actor: 'system:analytics:x' }));
  it('is for versions that were proposed', () => {
    spec.when(approve(), by(manager)).thenRefused('VERSION_UNKNOWN', { policyId: 'loyalty', version: 1 });
    spec.given(proposed(1)).when(approve(2), by(manager)).thenRefused('VERSION_UNKNOWN', { policyId: 'loyalty', version: 2 });
  });
  it('never reaches into the past: what was decided stays decided', () => {
    const before = '2026-03-02T07:59:59.999Z';
    spec.given(proposed(1)).when(approve(1, before), by(manager)).thenRefused('IN_FORCE_IN_THE_PAST', { inForceFrom: before, now: at });
  });
  it('is not moved to another time', () =>
    spec.given(proposed(1), approved).when(approve(1, '2026-04-01T00:00:00.000Z'), by(manager)).thenRefused('VERSION_APPROVED', { version: 1, inForceFrom: at }));
});

describe('what proposing asks', () => {
  it('is what the engine would not take: all of it', async () => {
    const { rules: _, ...rest } = table(1);
    const codes = async (document: object) => (await policyFacts(undefined, propose(document))).problems?.value.map(({ code }) => code);
    expect(await codes(table(1))).toEqual([]);
    expect(await codes({ ...rest, rules: [{ id: 'x', description: '', when: { burden: '> now()' }, then: { churnRisk: 'high' } }] })).toEqual(['NONDETERMINISTIC_EXPRESSION', 'CATCH_ALL_MISSING']);
    expect(await codes({ surprise: 1 })).toEqual(['POLICY_MALFORMED']);
  });
  it('is nothing for an approval', async () => expect(await policyFacts(undefined, approve())).toEqual({}));
});
