import { deciderSpec } from '@touchstone/testing';
import { derivedId } from '@touchstone/kernel';
import { contracts, UNASSIGNED_ACCOUNT_ID } from '@touchstone/contracts';
import { loyaltyAssessed } from '@touchstone/contracts/analytics';
import type { AccountHistory } from './account-history.js';
import type { AssessAccount } from './commands.js';
import type { Decided, LoyaltyFacts } from './decider.js';
import { loyalty } from './decider.js';
import { accountAt } from './figures.js';
import { complained, day, exposed, nothing, now } from './history.spec-kit.js';

const accountId = derivedId('account', 'ada');
const hash = (digit: string) => digit.repeat(64);
const place = { refs: [], seq: 4 };
const history: AccountHistory = {
  ...nothing, exposures: [exposed()], complaints: [complained({ severity: 'minor' })], promises: { due: 10, kept: 9 },
  scores: [{ score: 6, at: day('2026-05-01') }, { score: 9, at: day('2026-04-01') }], purchases: { count: 5, first: day('2026-01-01'), last: day('2026-06-19') },
};
const decided: Decided = {
  policy: { id: 'loyalty', version: 1, sha256: hash('a') }, facts: { burden: '1.25' }, factsHash: hash('b'), fired: ['exposed'],
  result: { churnRisk: 'elevated', openCase: false }, resultHash: hash('c'), engine: { name: 'zen-engine', version: '0.54.0' },
};
const known = (decision: Partial<Decided> = {}, of = history): { facts: LoyaltyFacts } => ({
  facts: { account: { value: accountAt(of, now), ...place }, decision: { value: { ...decided, ...decision }, ...place } },
});
const assess = (because: AssessAccount['because'] = 'event', id = accountId): AssessAccount => ({ type: 'AssessAccount', accountId: id, because });
const event = loyaltyAssessed({
  accountId, because: 'event', exposure: { count: 1, weight: '1' }, promiseKeeping: { kept: 9, due: 10, rate: '0.9', lower: '0.59585', upper: '0.982124' },
  complaints: { received: 1, open: 1, burden: '1.25' }, satisfaction: { latest: 6, mean: '7.5', n: 2 }, repeatPurchase: { frequency: 4, recencyDays: 12 },
  churnRisk: 'elevated', openCase: false, policy: decided.policy, fired: ['exposed'], factsHash: hash('b'), resultHash: hash('c'),
});
const spec = deciderSpec(loyalty, { contracts });

describe('an assessment', () => {
  it('tells the figures apart, with what they rest on, and by which policy and rules it was judged', () => spec.when(assess(), known()).then(event));
  it('claims nothing that is not known', () =>
    spec.when(assess('command'), known({}, nothing)).then(loyaltyAssessed({
      ...event.data, because: 'command', exposure: { count: 0, weight: '0' }, promiseKeeping: { kept: 0, due: 0 }, complaints: { received: 0, open: 0, burden: '0' },
      satisfaction: { n: 0 }, repeatPurchase: { frequency: 0 },
    })));
  it('changes nothing when repeated', () => spec.repeating(assess(), known()));
  it.each(['event', 'month', 'command'] as const)('says nothing new of the same facts by the same policy, whatever leads to it: %s', (because) => spec.given(event).when(assess(because), known()).thenNothing());
  it.each<[string, Partial<Decided>]>([
    ['another version of the policy', { policy: { ...decided.policy, version: 2, sha256: hash('d') } }], ['other facts', { factsHash: hash('d') }], ['another answer', { resultHash: hash('d') }],
  ])('is told again for %s, with the risk before', (_, differs) => {
    const { policy, factsHash, resultHash } = { ...decided, ...differs };
    spec.given(event).when(assess('month'), known(differs)).then(loyaltyAssessed({ ...event.data, because: 'month', policy, factsHash, resultHash, previousRisk: 'elevated' }));
  });
  it('asks for a case when the policy does', () =>
    spec.when(assess(), known({ result: { churnRisk: 'high', openCase: true } })).then(loyaltyAssessed({ ...event.data, churnRisk: 'high', openCase: true })));
});

describe('an assessment is refused', () => {
  it('of an account that nobody registered', () => spec.when(assess(), { facts: { account: { value: null, ...place } } }).thenRefused('ACCOUNT_UNKNOWN', { accountId }));
  it('of the account for complaints without a customer', () => spec.when(assess('command', UNASSIGNED_ACCOUNT_ID)).thenRefused('ACCOUNT_UNASSIGNED', { accountId: UNASSIGNED_ACCOUNT_ID }));
  it('without a policy in force: nothing is judged by nobody\'s rules', () => {
    const { account } = known().facts;
    spec.when(assess(), { facts: { account } }).thenRefused('NO_POLICY_IN_FORCE', {});
  });
  it('by a policy that asks for what nobody knows', () => {
    const { account } = known().facts;
    spec.when(assess(), { facts: { account, notKnown: { value: ['horoscope'], ...place } } }).thenRefused('POLICY_ASKS_WHAT_IS_NOT_KNOWN', { inputs: ['horoscope'] });
  });
  it.each<[string, unknown]>([['another risk', { churnRisk: 'certain', openCase: true }], ['no word on a case', { churnRisk: 'low' }], ['several answers', [{ churnRisk: 'low', openCase: false }]]])(
    'by a policy that gives %s', (_, result) => spec.when(assess(), known({ result })).thenRefused('POLICY_ANSWERS_SOMETHING_ELSE', { expected: ['churnRisk', 'openCase'] }));
});
