import { createRequire } from 'node:module';
import { ZenEngine } from '@gorules/zen-engine';
import type { ZenDecision } from '@gorules/zen-engine';
import { hashOf } from '@touchstone/ledger';
import { checkPolicy } from './check-policy.js';
import { DecisionError } from './decision-error.js';
import { isExactDecimal } from './exact-decimal.js';
import { firedRules, toJdm } from './jdm.js';
import type { FactKind, Json, PolicyDocument, PolicyInput } from './policy.js';
import { policyHash } from './policy.js';

export type FactValue = string | boolean | null;
export type Facts = Readonly<Record<string, FactValue>>;
export type Answer = Readonly<Record<string, Json>>;

/** What was decided, from what, by which rules: enough to decide it again. Hashes are SHA-256 over canonical JSON, hex. */
export interface PolicyDecision {
  readonly policy: { readonly id: string; readonly version: number; readonly sha256: string };
  readonly facts: Facts;
  readonly factsHash: string;
  /** Rule ids in the policy's order; one for hit policy `first`. Never empty. */
  readonly fired: readonly string[];
  /** The fired rule's answer, or for `collect` every fired rule's, in order. */
  readonly result: Answer | readonly Answer[];
  readonly resultHash: string;
  readonly engine: DecisionEngine;
}

export interface DecisionEngine {
  readonly name: string;
  readonly version: string;
}

export interface CompiledPolicy {
  readonly policy: PolicyDocument;
  readonly sha256: string;
  /**
   * @throws DecisionError `FACT_MISSING`, `FACT_UNKNOWN`, `FACT_KIND`, `EVALUATION_FAILED` (as a rejected promise)
   */
  decide(facts: Facts): Promise<PolicyDecision>;
}

// The package exports no version; what is installed is what decides.
const { version }: { version: string } = createRequire(import.meta.url)('@gorules/zen-engine/package.json');

/** Recorded in each decision: an upgrade of the engine is a change whose differences must be looked at. */
export const decisionEngine: DecisionEngine = Object.freeze({ name: 'zen-engine', version });

const engine = new ZenEngine();

/**
 * Checks and compiles a policy once, to decide many times. The document is copied: a later change to it changes nothing.
 *
 * @throws DecisionError `POLICY_REFUSED` with all problems
 */
export function compilePolicy(document: PolicyDocument): CompiledPolicy {
  const problems = checkPolicy(document);
  if (problems.length > 0) {
    const listed = problems.map(({ code, rule, message }) => `${rule === undefined ? '' : `${rule}: `}${code} ${message}`);
    throw new DecisionError('POLICY_REFUSED', `the policy cannot be used: ${listed.join('; ')}`, problems);
  }
  const policy = deepFrozen(structuredClone(document));
  const sha256 = policyHash(policy);
  const table = engine.createDecision(toJdm(policy));
  const answers = new Map(policy.rules.map((rule) => [rule.id, rule.then]));

  const decide = async (given: Facts): Promise<PolicyDecision> => {
    const facts = checkedFacts(policy.inputs, given);
    const fired = await evaluate(table, facts);
    const results = fired.map((id) => answers.get(id)).filter((answer) => answer !== undefined);
    const result = policy.hitPolicy === 'collect' ? results : results[0];
    if (result === undefined || results.length !== fired.length || fired.length === 0) {
      throw new DecisionError('EVALUATION_FAILED', `the engine fired no rule of ${policy.id} version ${policy.version}`);
    }
    return {
      policy: { id: policy.id, version: policy.version, sha256 },
      facts,
      factsHash: hashOf(facts),
      fired,
      result,
      resultHash: hashOf(result),
      engine: decisionEngine,
    };
  };
  return { policy, sha256, decide };
}

async function evaluate(table: ZenDecision, facts: Facts): Promise<string[]> {
  const evaluated = await table.safeEvaluate(facts);
  const fired = evaluated.success ? firedRules(evaluated.data.result) : undefined;
  if (fired !== undefined) return fired;
  const [reason = ''] = evaluated.success ? ['no rule ids in the answer'] : String(evaluated.error).split('\n');
  throw new DecisionError('EVALUATION_FAILED', `the engine could not decide: ${reason}`);
}

/** The facts in the inputs' order, whatever order they came in. The engine must never meet one it would stumble over. */
function checkedFacts(inputs: readonly PolicyInput[], given: Facts): Facts {
  for (const field of Object.keys(given)) {
    if (!inputs.some((input) => input.field === field)) throw new DecisionError('FACT_UNKNOWN', `no input is called ${field}`);
  }
  const facts: Record<string, FactValue> = {};
  for (const { field, kind, optional } of inputs) {
    const fact = Object.hasOwn(given, field) ? given[field] : undefined;
    if (fact === undefined) throw new DecisionError('FACT_MISSING', `no fact for ${field}; an optional one is given as null`);
    if (fact === null && optional !== true) throw new DecisionError('FACT_MISSING', `${field} is null and not optional`);
    if (fact !== null && !isOfKind(fact, kind)) {
      throw new DecisionError('FACT_KIND', `${field}: ${JSON.stringify(fact)} is not ${KINDS[kind]}`);
    }
    facts[field] = fact;
  }
  return facts;
}

const KINDS: Readonly<Record<FactKind, string>> = {
  decimal: 'a decimal in a text, as in "0.15", of at most 28 digits',
  text: 'a well-formed text',
  boolean: 'true or false',
};

function isOfKind(fact: string | boolean, kind: FactKind): boolean {
  if (kind === 'boolean') return typeof fact === 'boolean';
  // Half a surrogate pair would reach the engine as another character than the one recorded.
  return kind === 'decimal' ? isExactDecimal(fact) : typeof fact === 'string' && !/\p{Surrogate}/u.test(fact);
}

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFrozen);
    Object.freeze(value);
  }
  return value;
}
