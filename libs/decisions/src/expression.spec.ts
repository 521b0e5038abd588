import { evaluateExpressionSync } from '@gorules/zen-engine';
import fc from 'fast-check';
import { translateCell } from './expression.js';
import type { PolicyInput } from './index.js';
import { ExpressionError } from './tokens.js';

const inputs: PolicyInput[] = [
  { field: 'x', label: 'X', kind: 'decimal', optional: true },
  { field: 'limit', label: 'Limit', kind: 'decimal' },
  { field: 'colour', label: 'Colour', kind: 'text', optional: true },
  { field: 'agreed', label: 'Agreed', kind: 'boolean', optional: true },
];
// Half of them nearly sentences of the language, so that many are accepted; half of them any words in any order.
const operand = fc.constantFrom(...'$ x limit colour agreed 0 -1 1.50 \'red\' "now" true false null number($)'.split(' '));
const comparison = fc.constantFrom('', '>', '>=', '==', '!=', '<', '<=');
const test = fc.oneof(
  fc.tuple(comparison, operand),
  fc.tuple(operand, comparison, operand),
  fc.tuple(fc.constantFrom('in [', 'not in ('), operand, fc.constantFrom(',', '..'), operand, fc.constantFrom(']', ')')),
);
const sentence = fc.tuple(test, fc.constantFrom('and', 'or', ','), test, fc.constantFrom('and', 'or'), test).map((parts) => parts.flat());
const anyWords = fc.array(fc.constantFrom(...'$ x 1 > == , and or not in ( ) [ ] .. number d rand + % / null'.split(' ')), { maxLength: 9 });
const cells = fc.oneof(test, sentence, anyWords).map((parts) => parts.join(' '));
const facts = fc.record({
  x: fc.constantFrom('0', '-1', '1.5', '9999999999999999999999999999', null),
  limit: fc.constantFrom('0', '1.50', '0.000000000001'),
  colour: fc.constantFrom('red', 'now', '', null),
  agreed: fc.constantFrom(true, false, null),
});

function translated(cell: string, self: PolicyInput): string | undefined {
  try {
    return translateCell(cell, self, inputs);
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

describe('a translated cell', () => {
  it('is true or false on any facts, and never an error, which the engine would take for false', () => {
    let accepted = 0;
    fc.assert(
      fc.property(cells, fc.constantFrom(...inputs), facts, (cell, self, given) => {
        const expression = translated(cell, self);
        if (expression === undefined) return;
        accepted++;
        expect(typeof evaluateExpressionSync(expression, given)).toBe('boolean');
      }),
      { numRuns: 20_000, seed: 1 },
    );
    expect(accepted).toBeGreaterThan(1000);
  });

  it.each([
    ['> 0.15', '(x != null and number(x) > 0.15)'],
    ['>= limit', '(x != null and number(x) >= number(limit))'],
    ['null', 'x == null'],
    ['[1..limit)', '((x != null and number(x) >= 1) and (x != null and number(x) < number(limit)))'],
    ['1, > 5', '((x != null and number(x) == 1) or (x != null and number(x) > 5))'],
    ["colour == 'red' and $ < 1", "((colour != null and colour == 'red') and (x != null and number(x) < 1))"],
  ])('of %s reads %s', (cell, expression) => {
    expect(translateCell(cell, inputs[0] as PolicyInput, inputs)).toBe(expression);
  });
});
