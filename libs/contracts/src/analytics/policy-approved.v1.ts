import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, InstantText, eventMaker, publicEvent } from '../define-event.js';

export const PolicyApprovedV1 = publicEvent('analytics.PolicyApproved.v1', {
  stream: 'policy',
  meaning: 'A version of a decision policy was approved by somebody else than its author, and decides from an instant on.',
  data: Body({
    policyId: Code('the policy'),
    version: Type.Integer({ minimum: 1, description: 'the version approved', unit: 'ordinal' }),
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'of the document that was approved, in hexadecimal' }),
    approvedBy: Code('who approved it'),
    inForceFrom: InstantText('from when on it decides, inclusive'),
  }),
  samples: [
    {
      policyId: 'loyalty', version: 1, sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9', approvedBy: 'quality-manager-1',
      inForceFrom: '2026-03-02T08:00:00.000Z',
    },
  ],
});
export type PolicyApproved = EventOf<typeof PolicyApprovedV1>;
export const policyApproved = eventMaker(PolicyApprovedV1);
