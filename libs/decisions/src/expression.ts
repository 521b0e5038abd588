import { isExactDecimal } from './exact-decimal.js';
import type { FactKind, PolicyInput } from './policy.js';
import { ExpressionError, tokenize } from './tokens.js';
import type { Token } from './tokens.js';

interface Operand {
  readonly kind: FactKind | 'null';
  /** As the engine reads it; a decimal fact goes through `number()`, which parses the string exactly. */
  readonly text: string;
  /** The input it is, if it is one. */
  readonly input?: PolicyInput;
}

const COMPARISONS = new Set(['==', '!=', '>', '>=', '<', '<=']);

/**
 * A cell (a unary test of one input) as a boolean expression of the engine that cannot fail on facts of the inputs'
 * kinds. That matters because the engine takes a failing cell for one that does not match: a "hold if" rule would be
 * stepped over in silence. So cells compare, and that is all:
 *
 *     > 0.15      >= limit      'red', 'amber'      [1..5)      not in ['a', 'b']      > 1 and <= 3      null      != null
 *
 * `$` is the cell's own input, other inputs go by name, `,` is a weak `or`. Arithmetic and functions are refused:
 * division by zero and overflow abort the whole process in zen-engine 0.54, and a derived number is better a named
 * fact. A comparison with an optional input that is null is false, except `null` and `!= null`.
 *
 * @throws ExpressionError with a stable code
 */
export function translateCell(cell: string, self: PolicyInput, inputs: readonly PolicyInput[]): string {
  return new CellParser(tokenize(cell), self, inputs).cell();
}

class CellParser {
  private at = 0;
  private depth = 0;
  private readonly self: Operand;

  constructor(
    private readonly tokens: readonly Token[],
    self: PolicyInput,
    private readonly inputs: readonly PolicyInput[],
  ) {
    this.self = operandOf(self);
  }

  cell(): string {
    const alternatives = [this.either()];
    while (this.take(',')) alternatives.push(this.either());
    if (this.peek().type !== 'end') this.refuse();
    return joined(alternatives, 'or');
  }

  private either(): string {
    const parts = [this.both()];
    while (this.take('or')) parts.push(this.both());
    return joined(parts, 'or');
  }

  private both(): string {
    const parts = [this.test()];
    while (this.take('and')) parts.push(this.test());
    return joined(parts, 'and');
  }

  private test(): string {
    if (this.peek().text === '(' && !this.isInterval()) {
      if (++this.depth > 20) throw new ExpressionError('EXPRESSION_SYNTAX', 'parentheses more than 20 deep');
      this.take('(');
      const inner = this.either();
      this.expect(')');
      this.depth--;
      return inner;
    }
    if (this.isRange() || this.isMembership()) return this.membership(this.self);
    const comparison = this.comparison();
    if (comparison !== undefined) return compare(this.self, comparison, this.operand());
    const left = this.operand();
    if (this.isMembership()) return this.membership(left);
    const operator = this.comparison();
    return operator === undefined ? compare(this.self, '==', left) : compare(left, operator, this.operand());
  }

  private membership(left: Operand): string {
    const negated = this.take('not');
    if (negated) this.expect('in');
    else this.take('in');
    if (this.isInterval()) return this.interval(left, negated);
    this.expect('[');
    const tests: string[] = [];
    do tests.push(compare(left, negated ? '!=' : '==', this.operand()));
    while (this.take(','));
    this.expect(']');
    return joined(tests, negated ? 'and' : 'or');
  }

  private interval(left: Operand, negated: boolean): string {
    const open = this.next().text === '(';
    const low = this.operand();
    this.expect('..');
    const high = this.operand();
    const close = this.next().text;
    if (close !== ')' && close !== ']') this.refuse();
    const below = negated ? (open ? '<=' : '<') : open ? '>' : '>=';
    const above = negated ? (close === ')' ? '>=' : '>') : close === ')' ? '<' : '<=';
    return joined([compare(left, below, low), compare(left, above, high)], negated ? 'or' : 'and');
  }

  private operand(): Operand {
    const token = this.next();
    if (token.type === 'number') return decimalLiteral(token.text);
    if (token.text === '-' && this.peek().type === 'number') return decimalLiteral(`-${this.next().text}`);
    if (token.type === 'string') return { kind: 'text', text: token.text };
    if (token.text === 'true' || token.text === 'false') return { kind: 'boolean', text: token.text };
    if (token.text === 'null') return { kind: 'null', text: 'null' };
    if (token.text === '$') return this.self;
    if (token.text === 'number' && this.take('(')) return this.explicitNumber();
    const input = this.inputs.find(({ field }) => field === token.text);
    if (input !== undefined) return operandOf(input);
    this.at--;
    return this.refuse();
  }

  /** `number($)`: what a reader of the engine's manual would write; inputs of kind decimal are numbers already. */
  private explicitNumber(): Operand {
    const operand = this.operand();
    this.expect(')');
    if (operand.kind !== 'decimal') throw new ExpressionError('EXPRESSION_KIND', 'number() takes a decimal');
    return operand;
  }

  private comparison(): string | undefined {
    return COMPARISONS.has(this.peek().text) && this.peek().type === 'symbol' ? this.next().text : undefined;
  }

  private isMembership(): boolean {
    return this.isWord('in') || this.isWord('not');
  }

  private isRange(): boolean {
    return this.peek().text === '[' || this.isInterval();
  }

  /** `(1..5)` and `[low..high]`, but neither `($ > 1)` nor `[1, 2]`: after one operand comes `..`. */
  private isInterval(): boolean {
    if (this.peek().text !== '[' && this.peek().text !== '(') return false;
    const ahead = this.tokens.slice(this.at + 1, this.at + 6).map(({ text }) => text);
    const operandLength = ahead[0] === '-' ? 2 : ahead[0] === 'number' ? 4 : 1;
    return ahead[operandLength] === '..';
  }

  private isWord(text: string): boolean {
    return this.peek().type === 'word' && this.peek().text === text;
  }

  private peek(): Token {
    return this.tokens[this.at] ?? { type: 'end', text: 'the end' };
  }

  private next(): Token {
    const token = this.peek();
    this.at++;
    return token;
  }

  private take(text: string): boolean {
    const token = this.peek();
    if (token.text !== text || token.type === 'string' || token.type === 'end') return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text)) this.refuse();
  }

  private refuse(): never {
    const { type, text } = this.peek();
    if (type === 'word' && this.tokens[this.at + 1]?.text === '(') {
      throw new ExpressionError('EXPRESSION_NOT_ALLOWED', `the function \`${text}\`: a cell only compares`);
    }
    if (type === 'symbol' && /^[-+*/%^`#?|&.{}]$/.test(text)) {
      throw new ExpressionError('EXPRESSION_NOT_ALLOWED', `\`${text}\`: a cell only compares; derive the number as a fact`);
    }
    if (type === 'word' && !['and', 'or', 'not', 'in'].includes(text)) {
      throw new ExpressionError('UNKNOWN_FIELD', `no input is called \`${text}\``);
    }
    throw new ExpressionError('EXPRESSION_SYNTAX', `\`${text}\` is not expected here`);
  }
}

function operandOf(input: PolicyInput): Operand {
  return { kind: input.kind, text: input.kind === 'decimal' ? `number(${input.field})` : input.field, input };
}

function decimalLiteral(text: string): Operand {
  if (isExactDecimal(text)) return { kind: 'decimal', text };
  throw new ExpressionError('EXPRESSION_SYNTAX', `${text} is not a plain decimal of at most 28 digits`);
}

function compare(left: Operand, operator: string, right: Operand): string {
  if (left.kind === 'null' || right.kind === 'null') return compareWithNull(left, operator, right);
  if (left.kind !== right.kind) {
    throw new ExpressionError('EXPRESSION_KIND', `a ${left.kind} is not comparable with a ${right.kind}`);
  }
  if (left.kind !== 'decimal' && operator !== '==' && operator !== '!=') {
    throw new ExpressionError('EXPRESSION_KIND', `\`${operator}\` orders decimals only`);
  }
  const guards = [left.input, right.input].filter((input) => input?.optional === true).map((input) => `${input?.field} != null`);
  return joined([...new Set(guards), `${left.text} ${operator} ${right.text}`], 'and');
}

function compareWithNull(left: Operand, operator: string, right: Operand): string {
  const field = (left.kind === 'null' ? right : left).input?.field;
  if (field === undefined || (operator !== '==' && operator !== '!=')) {
    throw new ExpressionError('EXPRESSION_KIND', 'only an input can be tested for null, by `null` or `!= null`');
  }
  return `${field} ${operator} null`;
}

const joined = (parts: readonly string[], word: 'and' | 'or'): string =>
  parts.length === 1 ? parts.join('') : `(${parts.join(` ${word} `)})`;
