import type { RecordedEvent } from '@touchstone/kernel';
import type { PolicyApproved, PolicyProposed } from '@touchstone/contracts/analytics';
import type { ApprovedPolicy, CompiledPolicy, PolicyDocument } from '@touchstone/decisions';
import { compilePolicy, inForce } from '@touchstone/decisions';

/** Compiled once a process. The hash names the document, so what was compiled can never be outdated. */
const compiled = new Map<string, CompiledPolicy>();

function compiledOnce({ document, sha256 }: PolicyProposed['data']): CompiledPolicy {
  const known = compiled.get(sha256) ?? compilePolicy(JSON.parse(document) as PolicyDocument);
  compiled.set(sha256, known);
  return known;
}

export interface PolicyInForce {
  readonly policy: CompiledPolicy;
  readonly approval: RecordedEvent;
}

/** The version of a policy that decides at an instant, out of the policy's own events; undefined before the first is approved. */
export function policyInForce(events: readonly RecordedEvent[], at: string): PolicyInForce | undefined {
  const proposed = new Map(events.filter(({ type }) => type === 'analytics.PolicyProposed.v1').map(({ data }) => {
    const proposal = data as PolicyProposed['data'];
    return [proposal.version, proposal];
  }));
  const approved = events.filter(({ type }) => type === 'analytics.PolicyApproved.v1').flatMap((approval): (ApprovedPolicy & Candidate)[] => {
    const { version, approvedBy, inForceFrom } = approval.data as PolicyApproved['data'];
    const proposal = proposed.get(version);
    if (!proposal) return [];
    const own = compiledOnce(proposal);
    return [{ policy: own.policy, author: proposal.author, approvedBy, inForceFrom, own, approval }];
  });
  const found = inForce(approved, at);
  return found && { policy: found.own, approval: found.approval };
}

interface Candidate {
  readonly own: CompiledPolicy;
  readonly approval: RecordedEvent;
}
