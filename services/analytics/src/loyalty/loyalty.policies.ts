import type { PolicyDocument } from '@touchstone/decisions';

/**
 * Policies to begin with, in the order of their versions; each has to be proposed and approved before it decides. Their rules stand
 * in the order of the risk they answer, so that a figure that grows worse never answers with a lower one.
 */
const first: PolicyDocument = {
  id: 'loyalty',
  version: 1,
  title: 'Churn risk of an account',
  hitPolicy: 'first',
  inputs: [
    { field: 'worstExposure', label: 'Worst nonconformity delivered to the account within 180 days', kind: 'text', optional: true },
    { field: 'exposureWeight', label: 'Weight of the nonconformities delivered within 180 days: critical 3, major 1, minor 0.25', kind: 'decimal' },
    { field: 'burden', label: 'Weight of what has gone wrong, halved every 90 days and by recovery, never nothing', kind: 'decimal' },
    { field: 'promiseUpper', label: 'Upper end of the 95 % interval of promises kept within 365 days; nothing below 3 promises', kind: 'decimal', optional: true },
    { field: 'satisfactionLatest', label: 'Satisfaction stated last, 0 to 10', kind: 'decimal', optional: true },
    { field: 'recencyDays', label: 'Days since the last purchase', kind: 'decimal', optional: true },
    { field: 'quietRatio', label: "Days since the last purchase, in multiples of the account's own rhythm", kind: 'decimal', optional: true },
  ],
  outputs: [
    { field: 'churnRisk', label: 'Churn risk', kind: 'text' },
    { field: 'openCase', label: 'Somebody looks after the account', kind: 'boolean' },
  ],
  rules: [
    {
      id: 'critical-exposure', description: 'A critical nonconformity was delivered to the account within 180 days',
      when: { worstExposure: "'critical'" }, then: { churnRisk: 'high', openCase: true },
    },
    {
      id: 'heavy-burden', description: 'More has gone wrong than one recovery makes good: a burden of 2 or more',
      when: { burden: '>= 2' }, then: { churnRisk: 'high', openCase: true },
    },
    {
      id: 'promises-broken', description: 'Even in the best case fewer than 8 of 10 promised dates are kept',
      when: { promiseUpper: '< 0.8' }, then: { churnRisk: 'high', openCase: true },
    },
    {
      id: 'said-so', description: 'The account says that it would not recommend us: 0 to 3 of 10',
      when: { satisfactionLatest: '<= 3' }, then: { churnRisk: 'high', openCase: true },
    },
    {
      id: 'exposed-and-quiet', description: 'A nonconformity was delivered to the account, and it has been quiet for twice its own rhythm',
      when: { exposureWeight: '> 0', quietRatio: '> 2' }, then: { churnRisk: 'high', openCase: true },
    },
    {
      id: 'exposed', description: 'A major nonconformity, or several minor ones, were delivered to the account within 180 days',
      when: { exposureWeight: '>= 1' }, then: { churnRisk: 'elevated', openCase: false },
    },
    {
      id: 'burdened', description: 'Something has gone wrong and is not forgotten: a burden of 0.5 or more',
      when: { burden: '>= 0.5' }, then: { churnRisk: 'elevated', openCase: false },
    },
    {
      id: 'promises-in-doubt', description: 'Even in the best case fewer than 95 of 100 promised dates are kept',
      when: { promiseUpper: '< 0.95' }, then: { churnRisk: 'elevated', openCase: false },
    },
    {
      id: 'not-recommending', description: 'The account states a satisfaction of 6 or less',
      when: { satisfactionLatest: '<= 6' }, then: { churnRisk: 'elevated', openCase: false },
    },
    {
      id: 'quiet', description: 'The account has been quiet for three times its own rhythm',
      when: { quietRatio: '> 3' }, then: { churnRisk: 'elevated', openCase: false },
    },
    {
      id: 'long-gone', description: 'The account has bought nothing for more than a year',
      when: { recencyDays: '> 365' }, then: { churnRisk: 'elevated', openCase: false },
    },
    {
      id: 'otherwise', description: "Nothing speaks against the account's staying",
      when: {}, then: { churnRisk: 'low', openCase: false },
    },
  ],
};

/** Stricter: somebody looks after an account from a burden of 1.5 on, not of 2. */
const second: PolicyDocument = {
  ...first,
  version: 2,
  rules: first.rules.map((rule) => (rule.id === 'heavy-burden'
    ? { ...rule, description: 'More has gone wrong than one recovery makes good: a burden of 1.5 or more', when: { burden: '>= 1.5' } }
    : rule)),
};

export const loyaltyPolicies: readonly PolicyDocument[] = [first, second];
