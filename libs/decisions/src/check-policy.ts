import { evaluateExpressionSync } from '@gorules/zen-engine';
import { LedgerError } from '@touchstone/ledger';
import { isExactDecimal } from './exact-decimal.js';
import { translateCell } from './expression.js';
import type { Json, PolicyDocument, PolicyInput, PolicyOutput, PolicyRule } from './policy.js';
import { isCatchAll, policyHash } from './policy.js';
import { ExpressionError, isReserved } from './tokens.js';
import type { ExpressionCode } from './tokens.js';

export type PolicyProblemCode =
  | ExpressionCode
  | 'POLICY_MALFORMED'
  | 'NO_RULES'
  | 'TOO_MANY_RULES'
  | 'EXPRESSION_TOO_LONG'
  | 'FIELD_NAME'
  | 'DUPLICATE_FIELD'
  | 'RULE_ID'
  | 'DUPLICATE_RULE'
  | 'UNKNOWN_INPUT'
  | 'UNKNOWN_OUTPUT'
  | 'MISSING_OUTPUT'
  | 'OUTPUT_KIND'
  | 'OUTPUT_NUMBER_NOT_EXACT'
  | 'CATCH_ALL_MISSING'
  | 'CATCH_ALL_NOT_LAST';

/** One thing to repair before the policy can be approved. The code is stable, the message is for people. */
export interface PolicyProblem {
  readonly code: PolicyProblemCode;
  readonly rule?: string;
  readonly field?: string;
  readonly message: string;
}

export const MAX_RULES = 200;
/** Of one cell, in UTF-8. */
export const MAX_EXPRESSION_BYTES = 2048;

/** Everything that keeps the policy from being compiled, in document order; empty when it can be. Never throws. */
export function checkPolicy(policy: PolicyDocument): PolicyProblem[] {
  const malformed = shapeProblems(policy);
  if (malformed.length > 0) return malformed;
  return [
    ...fieldProblems(policy),
    ...sizeProblems(policy),
    ...policy.rules.slice(0, MAX_RULES).flatMap((rule, index) => [
      ...identityProblems(rule, policy.rules.slice(0, index)),
      ...conditionProblems(rule, policy.inputs),
      ...answerProblems(rule, policy.outputs),
    ]),
    ...catchAllProblems(policy),
  ];
}

/** A document may come from a request body, so its types are claims. */
function shapeProblems(policy: PolicyDocument): PolicyProblem[] {
  const wrong = (message: string): PolicyProblem[] => [{ code: 'POLICY_MALFORMED', message }];
  if (!isRecord(policy)) return wrong('a policy is a JSON object');
  if (!isText(policy.id) || !isText(policy.title)) return wrong('id and title are texts that say something');
  if (!Number.isSafeInteger(policy.version) || policy.version < 1) return wrong('version is a whole number from 1');
  if (policy.hitPolicy !== 'first' && policy.hitPolicy !== 'collect') return wrong('hitPolicy is first or collect');
  if (![policy.inputs, policy.outputs, policy.rules].every(Array.isArray)) return wrong('inputs, outputs and rules are lists');
  if (![...policy.inputs, ...policy.outputs].every((column) => isRecord(column) && isText(column.field) && isText(column.label))) {
    return wrong('inputs and outputs have a field and a label');
  }
  if (!policy.inputs.every(({ kind }) => ['decimal', 'text', 'boolean'].includes(kind))) {
    return wrong('an input is of kind decimal, text or boolean');
  }
  if (!policy.outputs.every(({ kind }) => kind === undefined || ['decimal', 'text', 'boolean', 'integer', 'list'].includes(kind))) {
    return wrong('an output is of kind decimal, text, boolean, integer or list');
  }
  if (policy.outputs.length === 0) return wrong('a policy has at least one output');
  const rulesRead = policy.rules.every(
    (rule) =>
      isRecord(rule) &&
      typeof rule.id === 'string' &&
      typeof rule.description === 'string' &&
      isRecord(rule.then) &&
      isRecord(rule.when) &&
      Object.values(rule.when).every((cell) => typeof cell === 'string'),
  );
  if (!rulesRead) return wrong('a rule has id, description, when (texts) and then');
  try {
    policyHash(policy);
    return [];
  } catch (error) {
    if (error instanceof LedgerError) return wrong(`it has no hash: ${error.message}`);
    throw error;
  }
}

function fieldProblems({ inputs, outputs }: PolicyDocument): PolicyProblem[] {
  return [inputs, outputs].flatMap((columns) =>
    columns.flatMap(({ field }, index): PolicyProblem[] => {
      if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(field) || (columns === inputs && isReserved(field))) {
        const message = `\`${field}\` cannot name a field: letters, digits and _; no word of the expressions for an input`;
        return [{ code: 'FIELD_NAME', field, message }];
      }
      const earlier = columns.slice(0, index).some((column) => column.field === field);
      return earlier ? [{ code: 'DUPLICATE_FIELD', field, message: `\`${field}\` is there twice` }] : [];
    }),
  );
}

function sizeProblems({ rules }: PolicyDocument): PolicyProblem[] {
  if (rules.length === 0) return [{ code: 'NO_RULES', message: 'a policy without rules decides nothing' }];
  if (rules.length <= MAX_RULES) return [];
  return [{ code: 'TOO_MANY_RULES', message: `${rules.length} rules; at most ${MAX_RULES} can be read and approved as one table` }];
}

function identityProblems({ id }: PolicyRule, earlier: readonly PolicyRule[]): PolicyProblem[] {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id)) {
    return [{ code: 'RULE_ID', rule: id, message: 'a rule id is 1 to 64 letters, digits, dots, dashes and _' }];
  }
  if (!earlier.some((rule) => rule.id === id)) return [];
  return [{ code: 'DUPLICATE_RULE', rule: id, message: `two rules are called ${id}: a decision could not say which fired` }];
}

function conditionProblems(rule: PolicyRule, inputs: readonly PolicyInput[]): PolicyProblem[] {
  return Object.entries(rule.when).flatMap(([field, cell]): PolicyProblem[] => {
    const where = { rule: rule.id, field };
    const input = inputs.find((column) => column.field === field);
    if (input === undefined) return [{ code: 'UNKNOWN_INPUT', ...where, message: `\`${field}\` is not an input` }];
    const bytes = Buffer.byteLength(cell);
    if (bytes > MAX_EXPRESSION_BYTES) {
      return [{ code: 'EXPRESSION_TOO_LONG', ...where, message: `${bytes} bytes, at most ${MAX_EXPRESSION_BYTES}` }];
    }
    if (cell.trim() === '') return [];
    try {
      engineAccepts(translateCell(cell, input, inputs), inputs);
      return [];
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return [{ code: error.code, ...where, message: error.message }];
    }
  });
}

const SAMPLES = { decimal: '1', text: 'a', boolean: true };

/** Compiled by the engine itself, which at decision time would step over a rule it cannot read. */
function engineAccepts(expression: string, inputs: readonly PolicyInput[]): void {
  const facts = Object.fromEntries(inputs.map(({ field, kind }) => [field, SAMPLES[kind]]));
  try {
    evaluateExpressionSync(expression, facts);
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new ExpressionError('EXPRESSION_SYNTAX', `the engine refuses it: ${reason}`);
  }
}

function answerProblems(rule: PolicyRule, outputs: readonly PolicyOutput[]): PolicyProblem[] {
  const unknown = Object.keys(rule.then)
    .filter((field) => !outputs.some((output) => output.field === field))
    .map((field): PolicyProblem => ({ code: 'UNKNOWN_OUTPUT', rule: rule.id, field, message: `\`${field}\` is not an output` }));
  const wrong = outputs.flatMap((output): PolicyProblem[] => {
    const where = { rule: rule.id, field: output.field };
    const answer = Object.hasOwn(rule.then, output.field) ? rule.then[output.field] : undefined;
    if (answer === undefined || (answer === null && output.optional !== true)) {
      return [{ code: 'MISSING_OUTPUT', ...where, message: `the rule says nothing about \`${output.field}\`` }];
    }
    if (!isExactJson(answer)) {
      return [{ code: 'OUTPUT_NUMBER_NOT_EXACT', ...where, message: 'numbers are whole; write any other as a text, as in "0.15"' }];
    }
    if (answer !== null && !isOfKind(answer, output.kind)) {
      return [{ code: 'OUTPUT_KIND', ...where, message: `${JSON.stringify(answer)} is not of kind ${output.kind}` }];
    }
    return [];
  });
  return [...unknown, ...wrong];
}

function catchAllProblems({ rules, hitPolicy }: PolicyDocument): PolicyProblem[] {
  if (rules.length === 0) return [];
  const at = rules.findIndex(isCatchAll);
  if (at === -1) {
    return [{ code: 'CATCH_ALL_MISSING', message: 'no rule without conditions: some facts would get no answer' }];
  }
  if (hitPolicy === 'collect' || at === rules.length - 1) return [];
  const rule = rules[at]?.id ?? '';
  return [{ code: 'CATCH_ALL_NOT_LAST', rule, message: `no rule after ${rule} can ever fire` }];
}

function isOfKind(answer: Json, kind: PolicyOutput['kind']): boolean {
  if (kind === undefined) return true;
  if (kind === 'decimal') return isExactDecimal(answer);
  if (kind === 'integer') return typeof answer === 'number';
  if (kind === 'list') return Array.isArray(answer);
  return typeof answer === (kind === 'text' ? 'string' : 'boolean');
}

function isExactJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isExactJson);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';
