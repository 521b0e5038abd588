import { sha256Hex } from '@touchstone/ledger';
import fc from 'fast-check';
import type { Facts, PolicyDocument } from './index.js';
import { DecisionError, compilePolicy, decisionEngine, policyHash } from './index.js';
import { lotRelease, testOf } from './lot-release.sample.js';

const facts = { defectRate: '0.02', limit: '0.015', severity: null, customerConsent: false };

async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof DecisionError) return error.code;
    throw error;
  }
  throw new Error('decided what should have been refused');
}

async function holds(cell: string, x: Facts[string], input: Parameters<typeof testOf>[1] = {}, other: string | null = null) {
  const decision = await compilePolicy(testOf(cell, input)).decide({ x, other });
  return decision.fired[0] === 'yes';
}

describe('a decision by policy', () => {
  it('says what was decided, from what, by which rule of which policy, on which engine', async () => {
    const result = { disposition: 'hold', sampleShare: '1' };
    expect(await compilePolicy(lotRelease).decide(facts)).toEqual({
      policy: { id: 'lot-release', version: 3, sha256: policyHash(lotRelease) },
      facts,
      factsHash: sha256Hex('{"customerConsent":false,"defectRate":"0.02","limit":"0.015","severity":null}'),
      fired: ['over-limit'],
      result,
      resultHash: sha256Hex('{"disposition":"hold","sampleShare":"1"}'),
      engine: { name: 'zen-engine', version: '0.54.0' },
    });
    expect(decisionEngine.version).toBe('0.54.0');
  });

  it.each([
    ['the first rule that fires, though a later one would too', { severity: 'critical', customerConsent: true }, 'critical', 'hold'],
    ['the second when the first does not', { customerConsent: true }, 'over-limit-with-consent', 'concession'],
    ['the catch-all when nothing else fires', { defectRate: '0.015' }, 'otherwise', 'release'],
  ])('is made by %s', async (_, changed, rule, disposition) => {
    const decision = await compilePolicy(lotRelease).decide({ ...facts, ...changed });
    expect(decision.fired).toEqual([rule]);
    expect(decision.result).toMatchObject({ disposition });
  });

  it('collects every rule that fires, in the order of the policy', async () => {
    const decision = await compilePolicy({ ...lotRelease, hitPolicy: 'collect' }).decide({ ...facts, severity: 'critical' });
    expect(decision.fired).toEqual(['critical', 'over-limit', 'otherwise']);
    expect(decision.result).toEqual([lotRelease.rules[0], lotRelease.rules[2], lotRelease.rules[3]].map((rule) => rule?.then));
  });

  it('gives the answer as it was approved, with the zero of "0.10" that a float would lose', async () => {
    const decision = await compilePolicy(lotRelease).decide({ ...facts, defectRate: '0' });
    expect(decision.result).toEqual({ disposition: 'release', sampleShare: '0.10' });
  });

  it('is the same for the same facts, in whatever order they come', async () => {
    const compiled = compilePolicy(lotRelease);
    const rate = fc.integer({ min: 0, max: 40 }).map((thousandths) => `0.0${String(thousandths).padStart(2, '0')}`);
    const anyFacts = fc.record({
      defectRate: rate,
      limit: rate,
      severity: fc.constantFrom('critical', 'minor', null),
      customerConsent: fc.boolean(),
    });
    const permuted = anyFacts.chain((given) => fc.tuple(fc.constant(given), fc.shuffledSubarray(Object.entries(given), { minLength: 4 })));
    await fc.assert(
      fc.asyncProperty(permuted, async ([given, entries]) => {
        const decision = await compiled.decide(given);
        expect(await compiled.decide(given)).toEqual(decision);
        expect(await compiled.decide(Object.fromEntries(entries))).toEqual(decision);
      }),
    );
  });

  it('does not change when the document is edited after it was compiled', async () => {
    const document: PolicyDocument = structuredClone(lotRelease);
    const compiled = compilePolicy(document);
    Object.assign(document.rules[2]?.then ?? {}, { disposition: 'release' });
    expect((await compiled.decide(facts)).result).toMatchObject({ disposition: 'hold' });
    expect(compiled.sha256).toBe(policyHash(lotRelease));
  });

  it('is not made by a policy with problems', () => {
    expect(() => compilePolicy({ ...lotRelease, rules: [] })).toThrow(expect.objectContaining({ code: 'POLICY_REFUSED' }));
  });
});

describe('a fact', () => {
  const decide = (given: object) => compilePolicy(lotRelease).decide(given as Facts);
  const { limit: _limit, ...withoutLimit } = facts;

  it.each([
    ['missing', withoutLimit, 'FACT_MISSING'],
    ['inherited, not given', Object.assign(Object.create({ limit: '1' }), withoutLimit), 'FACT_MISSING'],
    ['null though its input is not optional', { ...facts, limit: null }, 'FACT_MISSING'],
    ['nobody asked for', { ...facts, colour: 'red' }, 'FACT_UNKNOWN'],
    ['a JavaScript number', { ...facts, limit: 0.15 }, 'FACT_KIND'],
    ['a number with an exponent', { ...facts, limit: '1e3' }, 'FACT_KIND'],
    ['a number with a space', { ...facts, limit: ' 1' }, 'FACT_KIND'],
    ['a number with a digit separator', { ...facts, limit: '1_000' }, 'FACT_KIND'],
    ['a word where a number belongs', { ...facts, limit: 'much' }, 'FACT_KIND'],
    ['a number of more digits than the engine holds', { ...facts, limit: '123456789012345678.12345678901' }, 'FACT_KIND'],
    ['"true" in a text', { ...facts, customerConsent: 'true' }, 'FACT_KIND'],
    ['a number where a text belongs', { ...facts, severity: 3 }, 'FACT_KIND'],
    ['half a surrogate pair', { ...facts, severity: '\ud800' }, 'FACT_KIND'],
  ])('that is %s is refused', async (_, given, code) => {
    expect(await refusal(decide(given))).toBe(code);
  });

  it('may be null when optional, and a cell can ask for that', async () => {
    const optional = { optional: true } as const;
    expect(await holds('null', null, optional)).toBe(true);
    expect(await holds('null', '0', optional)).toBe(false);
    expect(await holds('!= null', null, optional)).toBe(false);
    expect(await holds('!= null', '0', optional)).toBe(true);
  });

  it.each(['> 0', '<= 0', '!= 5', 'not in [1..5]', 'not in [5, 6]', '== other', '$ > 0 and != null'])(
    'that is null makes %s false',
    async (cell) => expect(await holds(cell, null, { optional: true })).toBe(false),
  );

  it('that is null leaves the other side of an `or` standing', async () => {
    expect(await holds('> 0.15 or null', null, { optional: true })).toBe(true);
    expect(await holds('> 0.15, null', null, { optional: true })).toBe(true);
  });
});

describe('decimals compare exactly', () => {
  it.each([
    ['0.15', '== 0.150', true],
    ['0.150', '0.15', true],
    ['0.150', '> 0.15', false],
    ['0.30', '0.3', true],
    ['0.300000000001', '> 0.3', true],
    ['9007199254740993', '> 9007199254740992', true],
    ['9007199254740993', '9007199254740992', false],
    ['123456789012345678.0123456789', '> 123456789012345678.0123456788', true],
    ['-0', '0', true],
    ['-1.5', '< -1.25', true],
    ['007', '7', true],
  ])('%s against the cell %s: %s', async (x, cell, expected) => {
    expect(await holds(cell, x)).toBe(expected);
  });
});

describe('a cell', () => {
  it.each([
    ['[1..5]', '5', true],
    ['[1..5)', '5', false],
    ['(1..5]', '1', false],
    ['($ > 1)', '2', true],
    ['($ in [1..5])', '5', true],
    ['not in [1..5]', '5', false],
    ['not in [1..5)', '5', true],
    ['not in (1..5]', '1', true],
    ['in [1, 3, 5]', '3', true],
    ['in [1, 3, 5]', '4', false],
    ['not in [1, 3]', '4', true],
    ['not in [1, 3]', '3', false],
    ['1, 3', '3', true],
    ['> 1 and < 3', '3', false],
    ['< 1 or > 3', '4', true],
    ['1 or 2 and > 5', '1', true],
    ['(1 or 2) and > 5', '1', false],
    ['number($) > 1', '2', true],
    ['2 < $', '3', true],
    ['other == 7', '1', true],
    ['[other..9]', '7', true],
    ['(number(other)..9]', '7', false],
  ])('%s on %s: %s', async (cell, x, expected) => {
    expect(await holds(cell, x, {}, '7')).toBe(expected);
  });

  it.each([
    ["'now'", 'now', true],
    ["'rand(100)', \"d('now')\"", "d('now')", true],
    ["!= 'hold'", 'hold', false],
    ["in ['red', 'amber']", 'amber', true],
    ["'(1..2)'", '(1..2)', true],
    ["'a\\'", 'a\\', true],
    ["'Maß'", 'MASS', false],
  ])('%s on the text %s: %s', async (cell, x, expected) => {
    expect(await holds(cell, x, { kind: 'text' })).toBe(expected);
  });

  it.each([
    ['true', true, true],
    ['true', false, false],
    ['false', false, true],
    ['!= false', false, false],
  ])('%s on %s: %s', async (cell, x, expected) => {
    expect(await holds(cell, x, { kind: 'boolean' })).toBe(expected);
  });
});
