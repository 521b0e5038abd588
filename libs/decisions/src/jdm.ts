import { translateCell } from './expression.js';
import type { PolicyDocument } from './policy.js';

const RULE_COLUMN = 'rule';

interface JdmNode {
  readonly id: string;
  readonly name: string;
  readonly type: 'inputNode' | 'decisionTableNode' | 'outputNode';
  readonly position: { readonly x: number; readonly y: number };
  readonly content?: unknown;
}

/** The JSON Decision Model of GoRules (docs.gorules.io, "JDM standard"), as zen-engine and jdm-editor read it. */
export interface JdmContent {
  readonly contentType: 'application/vnd.gorules.decision';
  readonly nodes: readonly JdmNode[];
  readonly edges: readonly { id: string; sourceId: string; targetId: string; type: 'edge' }[];
}

/**
 * The policy as a decision table of the engine. Its only output is the fired rule's id: answers are read from the
 * policy itself, because the engine returns numbers as floats. Columns carry no field of their own, so that each cell
 * is a whole boolean expression and nothing is left to the engine's guess between a test and a value.
 *
 * @throws ExpressionError for a cell `checkPolicy` reports
 */
export function toJdm(policy: PolicyDocument): JdmContent {
  const rules = policy.rules.map((rule) => ({
    _id: rule.id,
    _description: rule.description,
    // Every column is written: the engine takes a missing cell for one that does not match.
    ...Object.fromEntries(
      policy.inputs.map((input, column) => {
        const cell = Object.hasOwn(rule.when, input.field) ? (rule.when[input.field] ?? '') : '';
        return [`in${column}`, cell.trim() === '' ? '' : translateCell(cell, input, policy.inputs)];
      }),
    ),
    [RULE_COLUMN]: `'${rule.id}'`,
  }));
  const table = {
    hitPolicy: policy.hitPolicy,
    inputs: policy.inputs.map((input, column) => ({ id: `in${column}`, name: input.label })),
    outputs: [{ id: RULE_COLUMN, name: 'Rule', field: RULE_COLUMN }],
    rules,
    passThrough: false,
    inputField: null,
    outputPath: null,
    executionMode: 'single',
  };
  return {
    contentType: 'application/vnd.gorules.decision',
    nodes: [
      { id: 'facts', name: 'Facts', type: 'inputNode', position: { x: 0, y: 0 } },
      { id: 'table', name: policy.title, type: 'decisionTableNode', position: { x: 300, y: 0 }, content: table },
      { id: 'answer', name: 'Answer', type: 'outputNode', position: { x: 600, y: 0 } },
    ],
    edges: [
      { id: 'facts-table', sourceId: 'facts', targetId: 'table', type: 'edge' },
      { id: 'table-answer', sourceId: 'table', targetId: 'answer', type: 'edge' },
    ],
  };
}

/** The ids of the rules that fired, out of what the engine returned for {@link toJdm}; undefined when it is anything else. */
export function firedRules(result: unknown): string[] | undefined {
  const rows: unknown[] = Array.isArray(result) ? result : [result];
  const ids = rows.map((row) => (typeof row === 'object' && row !== null && RULE_COLUMN in row ? row[RULE_COLUMN] : undefined));
  return ids.every((id) => typeof id === 'string') ? ids : undefined;
}
