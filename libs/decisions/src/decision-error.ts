import type { PolicyProblem } from './check-policy.js';

/**
 * - `POLICY_REFUSED`: the policy has problems, listed in `problems`
 * - `FACT_MISSING`: an input without a fact, or with null where it is not optional
 * - `FACT_UNKNOWN`: a fact no input asks for
 * - `FACT_KIND`: a fact of another kind than its input
 * - `EVALUATION_FAILED`: the engine gave no usable answer; nothing was decided
 * - `POLICY_MISMATCH`: a decision is to be verified against a policy it was not made by
 */
export type DecisionErrorCode =
  | 'POLICY_REFUSED'
  | 'FACT_MISSING'
  | 'FACT_UNKNOWN'
  | 'FACT_KIND'
  | 'EVALUATION_FAILED'
  | 'POLICY_MISMATCH';

/** Why there is no decision. The code is stable, the message is for people. */
export class DecisionError extends Error {
  override readonly name = 'DecisionError';

  constructor(
    readonly code: DecisionErrorCode,
    message: string,
    readonly problems: readonly PolicyProblem[] = [],
  ) {
    super(message);
  }
}
