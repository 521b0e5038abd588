import type { PolicyDocument, PolicyRule } from './index.js';
import { checkPolicy, compilePolicy, toJdm } from './index.js';
import { lotRelease, testOf } from './lot-release.sample.js';

const codes = (policy: PolicyDocument) => checkPolicy(policy).map(({ code }) => code);
const withRules = (change: (rules: PolicyRule[]) => PolicyRule[]): PolicyDocument => ({
  ...lotRelease,
  rules: change(structuredClone([...lotRelease.rules])),
});
const withFirstRule = (change: Partial<PolicyRule>) => withRules(([first, ...others]) => [{ ...(first as PolicyRule), ...change }, ...others]);

describe('a policy', () => {
  it('without problems has none', () => {
    expect(checkPolicy(lotRelease)).toEqual([]);
  });

  it.each<[string, PolicyDocument, string[]]>([
    ['without rules', withRules(() => []), ['NO_RULES']],
    ['with 201 rules', withRules((rules) => [...Array.from({ length: 197 }, (_, n) => ({ ...(rules[0] as PolicyRule), id: `r${n}` })), ...rules]), ['TOO_MANY_RULES']],
    ['with a condition on what is no input', withFirstRule({ when: { colour: "'red'" } }), ['UNKNOWN_INPUT']],
    ['with an answer to what is no output', withFirstRule({ then: { disposition: 'hold', sampleShare: '1', colour: 'red' } }), ['UNKNOWN_OUTPUT']],
    ['with a rule that leaves an output open', withFirstRule({ then: { disposition: 'hold' } }), ['MISSING_OUTPUT']],
    ['with a null where an output is not optional', withFirstRule({ then: { disposition: 'hold', sampleShare: null } }), ['MISSING_OUTPUT']],
    ['with a float in an answer', withFirstRule({ then: { disposition: 'hold', sampleShare: 0.15 } }), ['OUTPUT_NUMBER_NOT_EXACT']],
    ['with an answer of another kind', withFirstRule({ then: { disposition: 'hold', sampleShare: 'all' } }), ['OUTPUT_KIND']],
    ['with two rules of one id', withRules((rules) => [rules[0] as PolicyRule, ...rules]), ['DUPLICATE_RULE']],
    ['with a rule id that could leave its quotes', withFirstRule({ id: "x' + 'y" }), ['RULE_ID']],
    ['without a catch-all', withRules((rules) => rules.slice(0, -1)), ['CATCH_ALL_MISSING']],
    ['with rules behind the catch-all', withRules((rules) => [...rules].reverse()), ['CATCH_ALL_NOT_LAST']],
    ['with a catch-all of blank cells before others', withFirstRule({ when: { severity: '  ' } }), ['CATCH_ALL_NOT_LAST']],
    ['with an input twice', { ...lotRelease, inputs: [...lotRelease.inputs, ...lotRelease.inputs.slice(0, 1)] }, ['DUPLICATE_FIELD']],
    ['with an input called like a function', { ...lotRelease, inputs: [...lotRelease.inputs, { field: 'Rand', label: 'R', kind: 'text' }] }, ['FIELD_NAME']],
    ['with a version that is no whole number', { ...lotRelease, version: 1.5 }, ['POLICY_MALFORMED']],
    ['with half a surrogate pair in its title', { ...lotRelease, title: 'Release \ud800' }, ['POLICY_MALFORMED']],
  ])('%s is refused', (_, policy, expected) => {
    expect(codes(policy)).toEqual(expected);
  });

  it('may have its catch-all anywhere when all rules that fire are collected', () => {
    expect(codes({ ...withRules((rules) => [...rules].reverse()), hitPolicy: 'collect' })).toEqual([]);
  });

  it('may have 200 rules, and a cell of 2048 bytes, not of 2049', () => {
    const many = Array.from({ length: 196 }, (_, n) => ({ ...(lotRelease.rules[0] as PolicyRule), id: `r${n}` }));
    expect(codes(withRules((rules) => [...many, ...rules]))).toEqual([]);
    expect(codes(testOf(`'${'a'.repeat(2046)}'`, { kind: 'text' }))).toEqual([]);
    expect(codes(testOf(`'${'ä'.repeat(1023)}a'`, { kind: 'text' }))).toEqual(['EXPRESSION_TOO_LONG']);
  });

  it('is told all its problems at once, with the place of each', () => {
    const policy = withFirstRule({ when: { severity: 'rand(2)', defectRate: '>> 1' }, then: {} });
    expect(checkPolicy(policy).map(({ code, rule, field }) => [code, rule, field])).toEqual([
      ['NONDETERMINISTIC_EXPRESSION', 'critical', 'severity'],
      ['EXPRESSION_SYNTAX', 'critical', 'defectRate'],
      ['MISSING_OUTPUT', 'critical', 'disposition'],
      ['MISSING_OUTPUT', 'critical', 'sampleShare'],
    ]);
  });

  it.each([null, 7, [], {}, { ...lotRelease, rules: [null] }, { ...lotRelease, inputs: 'x' }])('is refused, not crashed on, when it is %j', (policy) => {
    expect(codes(policy as PolicyDocument)).toEqual(['POLICY_MALFORMED']);
  });
});

describe('an expression that would not give the same answer tomorrow is refused', () => {
  it.each([
    "$ > d()",
    "> d('2026-01-01').add(1, 'd')",
    "> d ('now')",
    "d\n(\t'now'\n) < $",
    '> D()',
    "> date('now')",
    '> date ( "now" )',
    "> DATE('NOW')",
    "> date('no' + 'w')",
    '> date(x)',
    "> time('now')",
    "> year('now')",
    "> startOf('now', 'day')",
    '> now',
    '> now()',
    '> NOW',
    '> rand(100)',
    '> rand\u00a0( 100 )',
    '> Rand(100)',
    "`${rand(100)}` == 'x1'",
    "'rand' == 'rand' and rand(2) > 1",
    "map([1], rand(1000)) == [1]",
    "1, 2, rand(3)",
    '> x.now',
  ])('%s', (cell) => {
    expect(codes(testOf(cell))).toEqual(['NONDETERMINISTIC_EXPRESSION']);
  });
});

describe('an expression', () => {
  it.each([
    ['% 0', 'EXPRESSION_NOT_ALLOWED'],
    ['> 5 % 0', 'EXPRESSION_NOT_ALLOWED'],
    ['> 1 / other', 'EXPRESSION_NOT_ALLOWED'],
    ['> other * 2', 'EXPRESSION_NOT_ALLOWED'],
    ['> abs(other)', 'EXPRESSION_NOT_ALLOWED'],
    ['`1`', 'EXPRESSION_NOT_ALLOWED'],
    ['> lmit', 'UNKNOWN_FIELD'],
    ['> $root', 'UNKNOWN_FIELD'],
    ["> 'a'", 'EXPRESSION_KIND'],
    ['true', 'EXPRESSION_KIND'],
    ['> null', 'EXPRESSION_KIND'],
    ['1 == null', 'EXPRESSION_KIND'],
    ["number('5') == $", 'EXPRESSION_KIND'],
    ['>', 'EXPRESSION_SYNTAX'],
    ['> 1 and', 'EXPRESSION_SYNTAX'],
    ['[1..5', 'EXPRESSION_SYNTAX'],
    ['(> 1', 'EXPRESSION_SYNTAX'],
    ['not 1', 'EXPRESSION_SYNTAX'],
    ["'open", 'EXPRESSION_SYNTAX'],
    ['> 1e3', 'EXPRESSION_SYNTAX'],
    ['> 1 ; 2', 'EXPRESSION_SYNTAX'],
    ['1..5', 'EXPRESSION_SYNTAX'],
    [`${'('.repeat(21)}1${')'.repeat(21)}`, 'EXPRESSION_SYNTAX'],
  ])('%s is refused as %s', (cell, code) => {
    expect(codes(testOf(cell))).toEqual([code]);
  });

  it('of the full 2048 bytes is compiled and evaluated, whatever it is built of', async () => {
    for (const [part, glue] of [['1', ','], ['>1', ' or '], ['<9', ' and '], ['$>other', ' or ']] as const) {
      const cell = Array.from({ length: Math.floor(2048 / (part.length + glue.length)) }, () => part).join(glue);
      const compiled = compilePolicy(testOf(cell, { optional: true }));
      expect((await compiled.decide({ x: '3', other: '2' })).fired).toEqual([part === '1' ? 'no' : 'yes']);
    }
  });

  it('may name an input like a function of the engine that reads no clock', async () => {
    const [yes, no] = testOf('').rules as [PolicyRule, PolicyRule];
    const inputs = [{ field: 'len', label: 'Length in mm', kind: 'decimal' as const }];
    const policy = { ...testOf(''), inputs, rules: [{ ...yes, when: { len: '> 1' } }, no] };
    expect((await compilePolicy(policy).decide({ len: '2' })).fired).toEqual(['yes']);
  });

  it('orders decimals only', () => {
    expect(codes(testOf("> 'a'", { kind: 'text' }))).toEqual(['EXPRESSION_KIND']);
    expect(codes(testOf('> false', { kind: 'boolean' }))).toEqual(['EXPRESSION_KIND']);
  });
});

describe('the table handed to the engine', () => {
  it('asks exactly what the policy asks, and answers with rule ids', () => {
    expect(toJdm(lotRelease).nodes[1]?.content).toMatchObject({
      hitPolicy: 'first',
      rules: [
        { _id: 'critical', in0: '', in1: '', in2: "(severity != null and severity == 'critical')", in3: '', rule: "'critical'" },
        { in0: 'number(defectRate) > number(limit)', in3: 'customerConsent == true' },
        { in0: 'number(defectRate) > number(limit)', in3: '' },
        { in0: '', in1: '', in2: '', in3: '', rule: "'otherwise'" },
      ],
    });
  });
});
