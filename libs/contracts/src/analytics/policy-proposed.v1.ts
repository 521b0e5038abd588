import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, Text, eventMaker, publicEvent } from '../define-event.js';

export const PolicyProposedV1 = publicEvent('analytics.PolicyProposed.v1', {
  stream: 'policy',
  meaning: 'Somebody proposed a version of a decision policy. It decides nothing before somebody else has approved it.',
  data: Body({
    policyId: Code('the policy'),
    version: Type.Integer({ minimum: 1, description: 'of the document; 1, 2, 3 …', unit: 'ordinal' }),
    document: Text('the decision table, as canonical JSON (RFC 8785)', 200_000),
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'of the canonical JSON, in hexadecimal: what is approved, and what a decision cites' }),
    author: Code('who proposed it'),
  }),
  samples: [
    {
      policyId: 'loyalty', version: 1, author: 'analyst-1', sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
      document: '{"hitPolicy":"first","id":"loyalty","inputs":[],"outputs":[],"rules":[],"title":"Churn risk","version":1}',
    },
  ],
});
export type PolicyProposed = EventOf<typeof PolicyProposedV1>;
export const policyProposed = eventMaker(PolicyProposedV1);
