import { hashOf } from '@touchstone/ledger';
import { compilePolicy } from './compile-policy.js';
import type { CompiledPolicy, PolicyDecision } from './compile-policy.js';
import { DecisionError } from './decision-error.js';
import type { PolicyDocument } from './policy.js';

export interface Difference {
  readonly what: 'factsHash' | 'fired' | 'resultHash' | 'result' | 'engine';
  readonly recorded: unknown;
  readonly recomputed: unknown;
}

export interface Verification {
  /** The recorded decision is intact and comes out again. A difference in `engine` alone does not spoil it. */
  readonly equal: boolean;
  readonly differences: readonly Difference[];
}

/**
 * Decides again from the recorded facts and compares (replay mode *verify*): anything but `equal` is an incident.
 * Recorded hashes are also recomputed from the recorded values, so that an edited result shows whichever part was edited.
 * A compiled policy is taken as well: replaying a history should compile each version once.
 *
 * @throws DecisionError `POLICY_MISMATCH` when the policy is not, by hash, the one that decided; `POLICY_REFUSED` and the
 * fact codes when policy or facts can no longer be used at all
 */
export async function verifyDecision(
  decision: PolicyDecision,
  policy: PolicyDocument | CompiledPolicy,
): Promise<Verification> {
  const compiled = 'decide' in policy ? policy : compilePolicy(policy);
  const { id, version } = compiled.policy;
  const cited = decision.policy;
  if (cited.sha256 !== compiled.sha256 || cited.id !== id || cited.version !== version) {
    throw new DecisionError(
      'POLICY_MISMATCH',
      `decided by ${cited.id} version ${cited.version} (${cited.sha256}), not by ${id} version ${version} (${compiled.sha256})`,
    );
  }
  const again = await compiled.decide(decision.facts);
  const differences: Difference[] = [];
  const compare = (what: Difference['what'], recorded: unknown, recomputed: unknown): void => {
    if (hashOf(recorded) !== hashOf(recomputed)) differences.push({ what, recorded, recomputed });
  };
  compare('factsHash', decision.factsHash, again.factsHash);
  compare('fired', decision.fired, again.fired);
  compare('result', decision.result, again.result);
  compare('resultHash', decision.resultHash, again.resultHash);
  const equal = differences.length === 0;
  compare('engine', decision.engine, again.engine);
  return { equal, differences };
}
