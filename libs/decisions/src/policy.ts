import { hashOf } from '@touchstone/ledger';

/** `decimal` facts are exact numbers written as strings ("0.15"); they never become floats on this side of the engine. */
export type FactKind = 'decimal' | 'text' | 'boolean';
export type OutputKind = FactKind | 'integer' | 'list';
export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json };

export interface PolicyInput {
  readonly field: string;
  readonly label: string;
  readonly kind: FactKind;
  /** The fact may be null, which a cell tests by `null` or `!= null`; any other comparison with null is false. */
  readonly optional?: true;
}

export interface PolicyOutput {
  readonly field: string;
  readonly label: string;
  /** When given, every rule's literal must be of it. */
  readonly kind?: OutputKind;
  readonly optional?: true;
}

export interface PolicyRule {
  readonly id: string;
  readonly description: string;
  /** Cells by input field; a field left out, or an empty cell, asks nothing. No cells at all: the catch-all. */
  readonly when: Readonly<Record<string, string>>;
  /** The answer, literal by output field: what a decision says is what its approver read. */
  readonly then: Readonly<Record<string, Json>>;
}

/**
 * A decision table a quality manager can read and sign.
 *
 * Hit policies as in OMG DMN 1.5 §8.2.10: `first` answers with the first rule that fires, `collect` with all, in order.
 */
export interface PolicyDocument {
  readonly id: string;
  /** 1, 2, 3 …: a changed document is a new version. */
  readonly version: number;
  readonly title: string;
  readonly inputs: readonly PolicyInput[];
  readonly outputs: readonly PolicyOutput[];
  readonly hitPolicy: 'first' | 'collect';
  readonly rules: readonly PolicyRule[];
}

/**
 * SHA-256, lower-case hex, over the document's canonical JSON (RFC 8785): what an approver signs and a decision cites.
 *
 * @throws LedgerError when the document holds something that is not JSON
 */
export function policyHash(policy: PolicyDocument): string {
  return hashOf(policy);
}

export const isCatchAll = (rule: PolicyRule): boolean =>
  Object.values(rule.when).every((cell) => cell.trim() === '');
