import type { PolicyDecision, PolicyDocument } from './index.js';
import { compilePolicy, inForce, policyHash, verifyDecision } from './index.js';
import { lotRelease } from './lot-release.sample.js';

const facts = { defectRate: '0.02', limit: '0.015', severity: null, customerConsent: false };
const decide = (): Promise<PolicyDecision> => compilePolicy(lotRelease).decide(facts);

describe('a recorded decision', () => {
  it('comes out again, also after a trip through JSON', async () => {
    const recorded: PolicyDecision = JSON.parse(JSON.stringify(await decide()));
    expect(await verifyDecision(recorded, lotRelease)).toEqual({ equal: true, differences: [] });
    expect(await verifyDecision(recorded, compilePolicy(lotRelease))).toEqual({ equal: true, differences: [] });
  });

  it('shows that its result was edited', async () => {
    const edited = { ...(await decide()), result: { disposition: 'release', sampleShare: '1' } };
    expect(await verifyDecision(edited, lotRelease)).toEqual({
      equal: false,
      differences: [{ what: 'result', recorded: edited.result, recomputed: { disposition: 'hold', sampleShare: '1' } }],
    });
  });

  it('shows that its facts were edited', async () => {
    const edited = { ...(await decide()), facts: { ...facts, defectRate: '0.01' } };
    const { equal, differences } = await verifyDecision(edited, lotRelease);
    expect(equal).toBe(false);
    expect(differences.map(({ what }) => what)).toEqual(['factsHash', 'fired', 'result', 'resultHash']);
  });

  it('that comes out again on another engine is equal, and the engine is named', async () => {
    const older = { ...(await decide()), engine: { name: 'zen-engine', version: '0.53.0' } };
    const { equal, differences } = await verifyDecision(older, lotRelease);
    expect(equal).toBe(true);
    expect(differences).toEqual([
      { what: 'engine', recorded: { name: 'zen-engine', version: '0.53.0' }, recomputed: { name: 'zen-engine', version: '0.54.0' } },
    ]);
  });

  it('is not verified against another policy, not even one with the same version number', async () => {
    const retitled = { ...lotRelease, title: 'Release' };
    await expect(verifyDecision(await decide(), retitled)).rejects.toMatchObject({ code: 'POLICY_MISMATCH' });
  });
});

describe('the hash of a policy', () => {
  it('does not depend on how the document was laid out, only on what it says', () => {
    const reversed = Object.fromEntries(Object.entries(lotRelease).reverse()) as unknown as PolicyDocument;
    expect(policyHash(reversed)).toBe(policyHash(lotRelease));
    expect(policyHash({ ...lotRelease, version: 4 })).not.toBe(policyHash(lotRelease));
  });
});

describe('the policy in force', () => {
  const approved = (version: number, inForceFrom: string, approvedBy = 'q.manager') => ({
    policy: { ...lotRelease, version },
    author: 'p.engineer',
    approvedBy,
    inForceFrom,
  });
  const policies = [
    approved(2, '2026-03-01T00:00:00Z'),
    approved(1, '2026-01-01T00:00:00Z'),
    approved(3, '2026-03-01T00:00:00.000000001Z'),
    approved(4, '2026-02-01T00:00:00Z', 'p.engineer'),
  ];

  it.each([
    ['2025-12-31T23:59:59.999Z', undefined],
    ['2026-01-01T00:00:00Z', 1],
    ['2026-02-28T23:59:59.999999Z', 1],
    ['2026-03-01T00:00:00Z', 2],
    ['2026-03-01T00:00:00.000Z', 2],
    ['2026-03-01T00:00:00.000000001Z', 3],
    ['2030-01-01T00:00:00Z', 3],
  ])('at %s is version %s', (at, version) => {
    expect(inForce(policies, at)?.policy.version).toBe(version);
  });

  it('is the higher version of two from the same instant', () => {
    const both = [approved(5, '2026-01-01T00:00:00.000Z'), approved(4, '2026-01-01T00:00:00Z')];
    expect(inForce(both, '2026-06-01T00:00:00Z')?.policy.version).toBe(5);
    expect(inForce([...both].reverse(), '2026-06-01T00:00:00Z')?.policy.version).toBe(5);
  });

  it.each(['2026-03-01', '2026-03-01T00:00:00+01:00', '2026-02-30T00:00:00Z', 'yesterday'])('is not guessed for %s', (at) => {
    expect(() => inForce(policies, at)).toThrow(RangeError);
  });
});
