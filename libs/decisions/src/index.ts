// Decision policies: tables a quality manager reads, signs and changes without a release, evaluated by zen-engine.
// Guards: the same policy and facts give the same decision, bit for bit, on any host and at any time. So numbers cross as
// strings and compare exactly, cells only compare (no clock, no random, no arithmetic that could round or fail),
// every set of facts gets an answer, and that answer is the literal its approver read, never a value the engine computed.
export { checkPolicy, MAX_EXPRESSION_BYTES, MAX_RULES } from './check-policy.js';
export type { PolicyProblem, PolicyProblemCode } from './check-policy.js';
export { compilePolicy, decisionEngine } from './compile-policy.js';
export type { Answer, CompiledPolicy, DecisionEngine, Facts, FactValue, PolicyDecision } from './compile-policy.js';
export { DecisionError } from './decision-error.js';
export type { DecisionErrorCode } from './decision-error.js';
export { inForce } from './in-force.js';
export type { ApprovedPolicy } from './in-force.js';
export { toJdm } from './jdm.js';
export type { JdmContent } from './jdm.js';
export { policyHash } from './policy.js';
export type { FactKind, Json, OutputKind, PolicyDocument, PolicyInput, PolicyOutput, PolicyRule } from './policy.js';
export { verifyDecision } from './verify-decision.js';
export type { Difference, Verification } from './verify-decision.js';
