import { derivedId } from '@touchstone/kernel';
import { decimalOf, integerOf, shown, type NumberStyle } from './cell-values.js';
import { dateReader } from './date-patterns.js';
import { ImportFault, RowProblem } from './import-fault.js';
import type { Row } from './rows.js';
import type { Occurrences } from './seen-keys.js';
import type { Overlap } from './time-zones.js';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

export interface RowScope {
  readonly row: Row;
  /** Counted from 1 over the rows of the file, blank lines left out. */
  readonly rowNumber: number;
  /** Values already worked out for this row, so that an ordinal is counted once however often it is used. */
  readonly worked: Map<string, JsonValue | undefined>;
}

/** What an expression may look at: one row, and the rows grouped with it. */
export interface Scope extends RowScope {
  readonly group: readonly RowScope[];
  readonly fileName: string;
  readonly occurrences: Occurrences;
}

export type Expression = (scope: Scope) => JsonValue | undefined;
export type Template = (scope: Scope) => string;

export interface ExpressionSettings {
  readonly numbers: NumberStyle;
  readonly timeZone: string | undefined;
  readonly overlap: Overlap;
  readonly derived: ReadonlyMap<string, Expression>;
  /** Filled while compiling: every column that a template names. */
  readonly columns: Set<string>;
}

interface CompiledTemplate {
  readonly text: Template;
  /** True where the template names columns and all of them are empty in this row. */
  readonly isEmpty: (scope: Scope) => boolean;
  readonly column: string | undefined;
}

const PLACEHOLDER = /\$\{([^}]*)\}/g;
const BUILT_IN: Readonly<Record<string, (scope: Scope) => string>> = {
  '#line': ({ row }) => String(row.line),
  '#row': ({ rowNumber }) => String(rowNumber),
  '#file': ({ fileName }) => fileName,
};

type Operands = Readonly<Record<string, unknown>>;
type Compile = (operands: Operands, settings: ExpressionSettings, pointer: string) => Expression;

/** Each operation, the key that names it, and the other keys it takes. */
const OPERATIONS: Readonly<Record<string, { readonly takes: readonly string[]; readonly compile: Compile }>> = {
  text: { takes: ['optional'], compile: compileText },
  decimal: { takes: ['optional'], compile: compileDecimal },
  integer: { takes: ['optional'], compile: compileInteger },
  date: { takes: ['optional', 'pattern', 'timeZone'], compile: compileDate },
  lookup: { takes: ['optional', 'in'], compile: compileLookup },
  uuidOf: { takes: [], compile: compileUuid },
  ordinalOf: { takes: [], compile: compileOrdinal },
  each: { takes: [], compile: compileEach },
  constant: {
    takes: [],
    compile:
      ({ constant }) =>
      () =>
        constant as JsonValue,
  },
};

/** Compiles a value of a mapping: text with placeholders, an operation such as `{ decimal: "${units}" }`, or JSON made of these. */
export function compileExpression(value: unknown, settings: ExpressionSettings, pointer: string): Expression {
  if (typeof value === 'string') return required(compileTemplate(value, settings, pointer));
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) => compileExpression(item, settings, `${pointer}/${index}`));
    return (scope) => items.map((item) => item(scope)).filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null) return () => value as JsonValue;
  const operands = value as Operands;
  const named = Object.keys(operands).filter((key) => Object.hasOwn(OPERATIONS, key));
  const [name] = named;
  const operation = name === undefined ? undefined : OPERATIONS[name];
  const isOperation = operation !== undefined && Object.keys(operands).every((key) => key === name || operation.takes.includes(key));
  return isOperation ? operation.compile(operands, settings, pointer) : compileObject(operands, settings, pointer);
}

/** A JSON object member by member, whatever its members are called. Members whose value is left out are absent. */
export function compileObject(members: Operands, settings: ExpressionSettings, pointer: string): Expression {
  const compiled = Object.entries(members).map(
    ([name, member]) => [name, compileExpression(member, settings, `${pointer}/${name}`)] as const,
  );
  return (scope) => {
    const object: Record<string, JsonValue> = {};
    for (const [name, member] of compiled) {
      const value = member(scope);
      if (value !== undefined) object[name] = value;
    }
    return object;
  };
}

export function compileTemplate(template: unknown, settings: ExpressionSettings, pointer: string): CompiledTemplate {
  if (typeof template !== 'string') throw invalid('expected text with placeholders such as ${column}', pointer);
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  for (const name of names) {
    if (name.startsWith('#') && !Object.hasOwn(BUILT_IN, name))
      throw invalid(`\${${name}} is unknown; known: ${Object.keys(BUILT_IN).join(' ')}`, pointer);
    if (!name.startsWith('#') && !settings.derived.has(name)) settings.columns.add(name);
  }
  const valueOf = (name: string, scope: Scope): string => placeholderValue(name, scope, settings.derived);
  return {
    text: (scope) => template.replace(PLACEHOLDER, (_whole, name: string) => valueOf(name, scope)),
    isEmpty: (scope) =>
      names.length > 0 &&
      names.every((name) => !settings.derived.has(name) && (scope.row.values.get(name) ?? '').trim() === '' && !name.startsWith('#')),
    column: names.find((name) => settings.columns.has(name)),
  };
}

function placeholderValue(name: string, scope: Scope, derived: ReadonlyMap<string, Expression>): string {
  const builtIn = BUILT_IN[name];
  if (builtIn && name.startsWith('#')) return builtIn(scope);
  const expression = derived.get(name);
  if (expression) return String(workedOnce(`derived ${name}`, scope, () => expression(scope)) ?? '');
  const value = scope.row.values.get(name);
  if (value === undefined) throw new RowProblem('COLUMN_MISSING', `the row has no ${shown(name)}`, name);
  return value.trim();
}

function workedOnce(key: string, { worked }: Scope, work: () => JsonValue | undefined): JsonValue | undefined {
  if (!worked.has(key)) worked.set(key, work());
  return worked.get(key);
}

const required =
  ({ text, isEmpty, column }: CompiledTemplate): Template =>
  (scope) => {
    const value = text(scope);
    if (isEmpty(scope)) throw new RowProblem('VALUE_MISSING', 'a value is required here and the cell is empty', column);
    return value;
  };

/** A template that may be empty where the operation says `optional: true`: the member is then left out. */
function operand(
  name: string,
  operands: Operands,
  settings: ExpressionSettings,
  pointer: string,
  read: (text: string, column: string | undefined) => JsonValue,
): Expression {
  const template = compileTemplate(operands[name], settings, `${pointer}/${name}`);
  const text = required(template);
  const optional = operands['optional'] ?? false;
  if (typeof optional !== 'boolean') throw invalid('optional is true or false', `${pointer}/optional`);
  return (scope) => (optional && template.isEmpty(scope) ? undefined : read(text(scope), template.column));
}

function compileText(operands: Operands, settings: ExpressionSettings, pointer: string): Expression {
  return operand('text', operands, settings, pointer, (text) => text);
}

function compileDecimal(operands: Operands, settings: ExpressionSettings, pointer: string): Expression {
  return operand('decimal', operands, settings, pointer, (text, column) => decimalOf(text, settings.numbers, column));
}

function compileInteger(operands: Operands, settings: ExpressionSettings, pointer: string): Expression {
  return operand('integer', operands, settings, pointer, (text, column) => integerOf(text, settings.numbers, column));
}

function compileDate(operands: Operands, settings: ExpressionSettings, pointer: string): Expression {
  const { pattern, timeZone = settings.timeZone } = operands;
  if (pattern !== undefined && typeof pattern !== 'string') throw invalid('a date pattern is text such as yyyyMMdd', `${pointer}/pattern`);
  if (timeZone !== undefined && typeof timeZone !== 'string')
    throw invalid('a time zone is text such as Europe/Zurich', `${pointer}/timeZone`);
  const read = dateReader({
    overlap: settings.overlap,
    pointer,
    ...(pattern !== undefined && { pattern }),
    ...(timeZone !== undefined && { timeZone }),
  });
  return operand('date', operands, settings, pointer, read);
}

function compileLookup(operands: Operands, settings: ExpressionSettings, pointer: string): Expression {
  const table = operands['in'];
  if (typeof table !== 'object' || table === null || Array.isArray(table))
    throw invalid('a lookup needs "in": an object from cell to value', `${pointer}/in`);
  const entries = new Map(Object.entries(table as Record<string, JsonValue>));
  return operand('lookup', operands, settings, pointer, (text, column) => {
    const found = entries.get(text);
    if (found === undefined) throw new RowProblem('NOT_IN_LOOKUP', `${shown(text)} is not among the values the mapping knows`, column);
    return found;
  });
}

/** Parts of an identity, as texts. Some may be empty, but not all: an empty key would make one record of many. */
export function compileParts(parts: unknown, settings: ExpressionSettings, pointer: string): (scope: Scope) => string[] {
  if (!Array.isArray(parts) || parts.length === 0) throw invalid('expected a list of parts', pointer);
  const compiled = parts.map((part: unknown, index) => {
    const at = `${pointer}/${index}`;
    return typeof part === 'string' ? compileTemplate(part, settings, at).text : compileExpression(part, settings, at);
  });
  return (scope) => {
    const texts = compiled.map((part) => String(part(scope) ?? ''));
    if (texts.every((text) => text === '')) throw new RowProblem('VALUE_MISSING', 'the cells that identify the record are empty');
    return texts;
  };
}

function compileUuid({ uuidOf }: Operands, settings: ExpressionSettings, pointer: string): Expression {
  const parts = compileParts(uuidOf, settings, `${pointer}/uuidOf`);
  return (scope) => derivedId(...parts(scope));
}

function compileOrdinal({ ordinalOf }: Operands, settings: ExpressionSettings, pointer: string): Expression {
  const parts = compileParts(ordinalOf, settings, `${pointer}/ordinalOf`);
  return (scope) => {
    const key = parts(scope);
    return workedOnce(`ordinal ${JSON.stringify(key)}`, scope, () => scope.occurrences.next(key));
  };
}

function compileEach({ each }: Operands, settings: ExpressionSettings, pointer: string): Expression {
  const item = compileExpression(each, settings, `${pointer}/each`);
  return (scope) => scope.group.map((member) => item({ ...scope, ...member })).filter((value) => value !== undefined);
}

export const invalid = (detail: string, pointer: string): ImportFault => new ImportFault('MAPPING_INVALID', detail, undefined, pointer);
