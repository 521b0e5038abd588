/**
 * A decision policy: versions of a table that people read. Guards: nothing decides before somebody else than its author has
 * approved it, and a version never changes. Stream: policy-<policyId>. All its events are public.
 */
import type { PolicyApproved, PolicyProposed } from '@touchstone/contracts/analytics';

export const policyStream = (policyId: string): string => `policy-${policyId}`;

export type PolicyEvent = PolicyProposed | PolicyApproved;
