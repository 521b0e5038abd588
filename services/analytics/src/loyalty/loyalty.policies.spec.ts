import fc from 'fast-check';
import type { PolicyDocument } from '@touchstone/decisions';
import { checkPolicy, compilePolicy } from '@touchstone/decisions';
import type { AccountHistory } from './account-history.js';
import type { Figures } from './figures.js';
import { accountAt, figureNames } from './figures.js';
import { complained, day, exposed, lotId, nothing, now, recovered } from './history.spec-kit.js';
import { loyaltyPolicies } from './loyalty.policies.js';

const [first, second] = loyaltyPolicies as [PolicyDocument, PolicyDocument];
const compiled = [compilePolicy(first), compilePolicy(second)] as const;
const ranks = ['low', 'elevated', 'high'];

async function judged(history: Partial<AccountHistory>, version: 1 | 2 = 1) {
  const { figures } = accountAt({ ...nothing, ...history }, now);
  const { policy, decide } = compiled[version - 1] ?? compiled[0];
  const { fired, result } = await decide(Object.fromEntries(policy.inputs.map(({ field }) => [field, figures[field as keyof Figures]])));
  return { fired, ...(result as { churnRisk: string; openCase: boolean }) };
}

describe('the loyalty policies', () => {
  it('can be compiled, and ask only for what is known of accounts', () => {
    for (const policy of loyaltyPolicies) {
      expect(checkPolicy(policy)).toEqual([]);
      expect(policy.inputs.map(({ field }) => field).filter((field) => !(figureNames as readonly string[]).includes(field))).toEqual([]);
      expect(policy.rules.length).toBeGreaterThanOrEqual(6);
    }
    expect(loyaltyPolicies.map(({ id, version }) => [id, version])).toEqual([['loyalty', 1], ['loyalty', 2]]);
  });
  it('stand in the order of the risk they answer, and want somebody to look after every high one', () => {
    for (const { rules } of loyaltyPolicies) {
      const risks = rules.map(({ then }) => ranks.indexOf(String(then['churnRisk'])));
      expect(risks).toEqual(risks.toSorted((a, b) => b - a));
      expect(rules.map(({ then }) => then['openCase'])).toEqual(risks.map((risk) => risk === 2));
    }
  });
  it.each<[string, Partial<AccountHistory>, string, string]>([
    ['of which nothing is known', {}, 'otherwise', 'low'],
    ['with a critical exposure', { exposures: [exposed({ severity: 'critical' })] }, 'critical-exposure', 'high'],
    ['with two open major complaints', { complaints: [complained(), complained()] }, 'heavy-burden', 'high'],
    ['to whom promises were surely broken', { promises: { due: 20, kept: 10 } }, 'promises-broken', 'high'],
    ['that says it will not recommend us', { scores: [{ score: 3, at: now }] }, 'said-so', 'high'],
    ['that was exposed and has gone quiet', { exposures: [exposed({ severity: 'minor' })], purchases: { count: 2, first: day('2026-04-02'), last: day('2026-05-02') } }, 'otherwise', 'low'],
    ['that was exposed and stays quiet', { exposures: [exposed({ severity: 'minor' })], purchases: { count: 3, first: day('2026-04-02'), last: day('2026-05-02') } }, 'exposed-and-quiet', 'high'],
    ['with a major exposure', { exposures: [exposed()] }, 'exposed', 'elevated'],
    ['with a resolved complaint', { complaints: [complained(recovered)] }, 'burdened', 'elevated'],
    ['to whom promises may have been broken', { promises: { due: 20, kept: 16 } }, 'promises-in-doubt', 'elevated'],
    ['to whom two of two promises were broken: too few to say', { promises: { due: 2, kept: 0 } }, 'otherwise', 'low'],
    ['that is not content', { scores: [{ score: 6, at: now }] }, 'not-recommending', 'elevated'],
    ['that is quiet beyond its rhythm', { purchases: { count: 3, first: day('2026-02-01'), last: day('2026-04-02') } }, 'otherwise', 'low'],
    ['that is quiet far beyond its rhythm', { purchases: { count: 4, first: day('2026-02-01'), last: day('2026-04-02') } }, 'quiet', 'elevated'],
    ['that has bought nothing for a year', { purchases: { count: 1, first: day('2025-06-01'), last: day('2025-06-01') } }, 'long-gone', 'elevated'],
  ])('judge an account %s', async (_, history, fired, churnRisk) => {
    expect(await judged(history)).toEqual({ fired: [fired], churnRisk, openCase: churnRisk === 'high' });
  });
  it('differ on an account with one open and one resolved major complaint', async () => {
    const history = { complaints: [complained(), complained(recovered)] };
    expect(accountAt({ ...nothing, ...history }, now).figures.burden).toBe('1.5');
    expect(await judged(history, 1)).toEqual({ fired: ['burdened'], churnRisk: 'elevated', openCase: false });
    expect(await judged(history, 2)).toEqual({ fired: ['heavy-burden'], churnRisk: 'high', openCase: true });
  });
  it('never judge an exposed account worse because it complained', async () => {
    const severities = fc.constantFrom('minor', 'major', 'critical');
    await fc.assert(fc.asyncProperty(fc.array(severities, { minLength: 1, maxLength: 4 }), severities, fc.boolean(), fc.constantFrom<1 | 2>(1, 2), async (exposures, severity, helped, version) => {
      const history = { exposures: exposures.map((each) => exposed({ severity: each })) };
      const risk = async (rest: Partial<AccountHistory>) => ranks.indexOf((await judged({ ...history, ...rest }, version)).churnRisk);
      expect(await risk({ complaints: [complained({ lotId, severity, ...(helped && recovered) })] })).toBeLessThanOrEqual(await risk({}));
    }), { numRuns: 40 });
  });
});
