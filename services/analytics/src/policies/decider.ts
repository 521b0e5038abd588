import type { By, Decider, Fact, Refusal } from '@touchstone/kernel';
import { isSystem, refuse, unreachable } from '@touchstone/kernel';
import { canonicalize, hashOf } from '@touchstone/ledger';
import { policyApproved, policyProposed } from '@touchstone/contracts/analytics';
import type { ApprovePolicy, PolicyCommand, ProposePolicy } from './commands.js';
import type { PolicyEvent } from './events.js';

/** One thing to repair before the document can be proposed. */
export interface Problem {
  readonly code: string;
  readonly rule?: string;
  readonly field?: string;
  readonly message: string;
}

export interface PolicyFacts {
  /** What is wrong with the proposed document, in its own order. */
  readonly problems?: Fact<readonly Problem[]>;
}

export interface Version {
  readonly version: number;
  readonly sha256: string;
  readonly author: string;
  readonly inForceFrom?: string;
}

export interface Policy {
  readonly policyId: string;
  readonly versions: readonly Version[];
}

type Decision = readonly PolicyEvent[] | Refusal;

const LONGEST_DOCUMENT = 200_000;

export const policy: Decider<Policy | undefined, PolicyCommand, PolicyEvent, PolicyFacts> = {
  name: 'analytics.policy',
  version: 1,
  initialState: () => undefined,
  evolve(state, { type, data }) {
    const versions = state?.versions ?? [];
    switch (type) {
      case 'analytics.PolicyProposed.v1': {
        const { policyId, version, sha256, author } = data;
        return { policyId, versions: [...versions, { version, sha256, author }] };
      }
      case 'analytics.PolicyApproved.v1':
        return { policyId: data.policyId, versions: versions.map((each) => (each.version === data.version ? { ...each, inForceFrom: data.inForceFrom } : each)) };
      default: return unreachable(type);
    }
  },
  decide(state, command, facts, by) {
    switch (command.type) {
      case 'ProposePolicy': return propose(state, command, facts, by);
      case 'ApprovePolicy': return approve(state, command, by);
      default: return unreachable(command);
    }
  },
};

/** Versions follow one another without a gap; the same document again says nothing new. */
function propose(state: Policy | undefined, { policyId, document }: ProposePolicy, { problems }: PolicyFacts, { actor }: By): Decision {
  if (!problems || problems.value.length > 0) return refuse('POLICY_INVALID', { problems: problems?.value ?? [] });
  const { id, version } = document as { id: string; version: number };
  if (id !== policyId) return refuse('POLICY_ID_DIFFERS', { policyId, documentId: id });
  const text = canonicalize(document);
  if (text.length > LONGEST_DOCUMENT) return refuse('POLICY_TOO_LONG', { characters: text.length, atMost: LONGEST_DOCUMENT });
  const sha256 = hashOf(document);
  const versions = state?.versions ?? [];
  const taken = versions.find((each) => each.version === version);
  if (taken) return taken.sha256 === sha256 ? [] : refuse('VERSION_TAKEN', { version, sha256: taken.sha256 });
  if (version !== versions.length + 1) return refuse('VERSION_NOT_NEXT', { version, next: versions.length + 1 });
  return [policyProposed({ policyId, version, document: text, sha256, author: actor.id })];
}

/** By a person, who is not its author, and never for a time that has passed: what was decided then stays decided. */
function approve(state: Policy | undefined, { policyId, version, inForceFrom }: ApprovePolicy, { actor, at }: By): Decision {
  const proposed = state?.versions.find((each) => each.version === version);
  if (!proposed) return refuse('VERSION_UNKNOWN', { policyId, version });
  if (isSystem(actor)) return refuse('PERSON_REQUIRED', { actor: actor.id });
  if (actor.id === proposed.author) return refuse('AUTHOR_CANNOT_APPROVE', { author: proposed.author });
  if (proposed.inForceFrom !== undefined) return proposed.inForceFrom === inForceFrom ? [] : refuse('VERSION_APPROVED', { version, inForceFrom: proposed.inForceFrom });
  if (inForceFrom < at) return refuse('IN_FORCE_IN_THE_PAST', { inForceFrom, now: at });
  return [policyApproved({ policyId, version, sha256: proposed.sha256, approvedBy: actor.id, inForceFrom })];
}
