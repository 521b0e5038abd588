import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, Count, DecimalText, OneOf, UuidText, eventMaker, publicEvent } from '../define-event.js';

const Hash = (description: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description });
const risks = ['low', 'elevated', 'high'] as const;

export const LoyaltyAssessedV1 = publicEvent('analytics.LoyaltyAssessed.v1', {
  stream: 'loyalty',
  meaning: 'What was known about an account was judged by the policy in force. Exposure, promise-keeping and satisfaction are told apart, each with what it rests on.',
  data: Body({
    accountId: UuidText('the account'),
    because: OneOf(['event', 'month', 'command'], 'what led to it: something new about the account, a new month, or somebody\'s wish'),
    exposure: Type.Object(
      { count: Count('deliveries of lots with a nonconformity, identified within 180 days', 'deliveries'), weight: DecimalText('of these, weighted by severity: critical 3, major 1, minor 0.25', 'weighted deliveries') },
      { additionalProperties: false, description: 'to nonconformities of delivered lots' },
    ),
    promiseKeeping: Type.Object(
      {
        kept: Count('of these: arrived on time and in full', 'deliveries'), due: Count('deliveries promised for a time within 365 days that has passed, or that arrived before it', 'deliveries'),
        rate: Type.Optional(DecimalText('kept ÷ due; left out below 3 due', 'ratio, 0 to 1')),
        lower: Type.Optional(DecimalText('lower end of the Wilson 95 % interval of the rate', 'ratio, 0 to 1')), upper: Type.Optional(DecimalText('upper end of it', 'ratio, 0 to 1')),
      },
      { additionalProperties: false, description: 'of confirmed delivery dates; a rescheduling that the customer asked for breaks no promise' },
    ),
    complaints: Type.Object(
      { received: Count('ever', 'complaints'), open: Count('neither resolved with the customer\'s consent nor closed', 'complaints'), burden: DecimalText('weight of what has gone wrong for the account, resolved or not, said or not', 'weighted cases') },
      { additionalProperties: false, description: 'and what they were about' },
    ),
    satisfaction: Type.Object(
      { latest: Type.Optional(Type.Integer({ minimum: 0, maximum: 10, description: 'score stated last, 0 to 10', unit: 'points, 0 to 10' })), mean: Type.Optional(DecimalText('of all scores', 'points, 0 to 10')), n: Count('scores stated', 'scores') },
      { additionalProperties: false, description: 'as stated; silence is no score' },
    ),
    repeatPurchase: Type.Object(
      { frequency: Count('purchases after the first', 'purchases'), recencyDays: Type.Optional(Count('whole days since the last purchase; left out without any', 'days')) },
      { additionalProperties: false, description: 'purchases, migrated ones included' },
    ),
    churnRisk: OneOf(risks, 'as the policy answers'),
    openCase: Type.Boolean({ description: 'whether the policy wants somebody to look after the account' }),
    policy: Type.Object(
      { id: Code('the policy'), version: Type.Integer({ minimum: 1, description: 'its version', unit: 'ordinal' }), sha256: Hash('of its document') },
      { additionalProperties: false, description: 'that decided' },
    ),
    fired: Type.Array(Code('id of a rule that fired'), { minItems: 1, description: 'the rules that fired' }),
    factsHash: Type.Optional(Hash('of the facts that were decided on; they are recorded with the command')),
    resultHash: Hash('of the policy\'s answer'),
    previousRisk: Type.Optional(OneOf(risks, 'of the assessment before; left out in the first')),
  }),
  samples: [
    {
      accountId: '2b7e1516-28ae-52a6-abf7-158809cf4f3c', because: 'event', exposure: { count: 1, weight: '1' },
      promiseKeeping: { kept: 9, due: 10, rate: '0.9', lower: '0.59585', upper: '0.982124' }, complaints: { received: 1, open: 0, burden: '0.5' },
      satisfaction: { latest: 6, mean: '7.5', n: 2 }, repeatPurchase: { frequency: 4, recencyDays: 12 }, churnRisk: 'elevated', openCase: false,
      policy: { id: 'loyalty', version: 1, sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9' }, fired: ['exposed'],
      factsHash: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
      resultHash: 'fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9', previousRisk: 'low',
    },
    {
      accountId: '2b7e1516-28ae-52a6-abf7-158809cf4f3c', because: 'command', exposure: { count: 0, weight: '0' }, promiseKeeping: { kept: 0, due: 0 },
      complaints: { received: 0, open: 0, burden: '0' }, satisfaction: { n: 0 }, repeatPurchase: { frequency: 0 }, churnRisk: 'low', openCase: false,
      policy: { id: 'loyalty', version: 1, sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9' }, fired: ['otherwise'],
      resultHash: 'fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9',
    },
  ],
});
export type LoyaltyAssessed = EventOf<typeof LoyaltyAssessedV1>;
export const loyaltyAssessed = eventMaker(LoyaltyAssessedV1);
