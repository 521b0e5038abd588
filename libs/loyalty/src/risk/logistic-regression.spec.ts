import fc from 'fast-check';
import { designMatrix, logisticRegression, specifyDesign } from './index.js';
import type { DesignMatrix, RiskColumn } from './index.js';

type Sign = -1 | 0 | 1;

const matrix = (rows: readonly (readonly number[])[], signs: readonly Sign[] = []): DesignMatrix => ({
  rows: rows.length,
  features: rows[0].map((_, index) => ({ name: `x${index + 1}`, sign: signs[index] ?? 0 })),
  values: Float64Array.from(rows.flat()),
});

// Overlapping outcomes over two correlated columns.
const rows = Array.from({ length: 60 }, (_, row) => [((row * 37) % 60) / 10, ((row * 37) % 60) / 10 + Math.sin(row * 7)]);
const outcomes = rows.map(([x], row) => (x + 3 * Math.cos(row * 5) > 3 ? 1 : 0));

/** Slopes of the log-likelihood at the estimates, by hand. */
function slopes(design: DesignMatrix, intercept: number, estimates: readonly number[]): number[] {
  const width = estimates.length;
  const all = Array<number>(width + 1).fill(0);
  for (let row = 0; row < design.rows; row += 1) {
    const x = [1, ...design.values.slice(row * width, (row + 1) * width)];
    const eta = [intercept, ...estimates].reduce((sum, value, index) => sum + value * x[index], 0);
    for (let index = 0; index <= width; index += 1) all[index] += x[index] * (outcomes[row] - 1 / (1 + Math.exp(-eta)));
  }
  return all;
}

describe('logistic regression', () => {
  it('stands where the penalised slope is zero', () => {
    const design = matrix(rows);
    for (const l2 of [0, 0.5, 20]) {
      const { intercept, coefficients } = logisticRegression(design, outcomes, { l2 });
      const estimates = coefficients.map(({ estimate }) => estimate);
      const [free, ...rest] = slopes(design, intercept.estimate, estimates);
      expect(Math.abs(free)).toBeLessThan(1e-8);
      for (const [index, slope] of rest.entries()) expect(slope).toBeCloseTo(l2 * estimates[index], 7);
    }
  });

  it('satisfies with l1 the conditions of a subgradient: slope ±l1 where a coefficient is not zero, within it where it is', () => {
    const design = matrix(rows);
    const sizes = [0.1, 2, 10, 1000].map((l1) => {
      const { intercept, coefficients } = logisticRegression(design, outcomes, { l1 });
      const estimates = coefficients.map(({ estimate }) => estimate);
      const [free, ...rest] = slopes(design, intercept.estimate, estimates);
      expect(Math.abs(free)).toBeLessThan(1e-6);
      for (const [index, slope] of rest.entries()) {
        if (estimates[index] === 0) expect(Math.abs(slope)).toBeLessThanOrEqual(l1 + 1e-6);
        else expect(slope).toBeCloseTo(l1 * Math.sign(estimates[index]), 5);
        expect(coefficients[index].atBound).toBe(estimates[index] === 0);
      }
      return estimates.filter((estimate) => estimate !== 0).length;
    });
    expect(sizes[0]).toBe(2);
    expect(sizes[3]).toBe(0);
  });

  it('keeps the sign it is held to, at zero where the data pull the other way', () => {
    const signs: readonly Sign[][] = [
      [1, -1],
      [-1, 1],
      [-1, -1],
      [1, 1],
    ];
    for (const held of signs) {
      const design = matrix(rows, held);
      const { intercept, coefficients } = logisticRegression(design, outcomes);
      const estimates = coefficients.map(({ estimate }) => estimate);
      const [, ...rest] = slopes(design, intercept.estimate, estimates);
      for (const [index, slope] of rest.entries()) {
        expect(estimates[index] * held[index]).toBeGreaterThanOrEqual(0);
        if (estimates[index] === 0) expect(slope * held[index]).toBeLessThanOrEqual(1e-6);
        else expect(Math.abs(slope)).toBeLessThan(1e-6);
      }
    }
    expect(logisticRegression(matrix(rows, [-1, -1]), outcomes).coefficients[0]).toMatchObject({
      estimate: 0,
      atBound: true,
      standardError: null,
    });
  });

  it('is the unconstrained fit, with its errors, where no constraint holds anything back', () => {
    const single = rows.map(([x]) => [x]);
    const free = logisticRegression(matrix(single), outcomes);
    const held = logisticRegression(matrix(single, [1]), outcomes);
    expect(held.coefficients[0].estimate).toBeCloseTo(free.coefficients[0].estimate, 10);
    expect(held.coefficients[0].standardError).toBeCloseTo(free.coefficients[0].standardError ?? NaN, 10);
  });

  it('does not change with the unit of a column, however far from zero its values lie', () => {
    const plain = logisticRegression(matrix(rows), outcomes);
    const moved = logisticRegression(matrix(rows.map(([x, y]) => [1e9 + 1e3 * x, y])), outcomes);
    expect(moved.coefficients[0].estimate * 1e3).toBeCloseTo(plain.coefficients[0].estimate, 5);
    expect(moved.deviance).toBeCloseTo(plain.deviance, 6);
  });

  it('counts a row of weight two like the row given twice', () => {
    const twice = logisticRegression(matrix([...rows, ...rows.slice(0, 9)]), [...outcomes, ...outcomes.slice(0, 9)]);
    const weighted = logisticRegression(matrix(rows), outcomes, { weights: rows.map((_, row) => (row < 9 ? 2 : 1)) });
    expect(weighted.intercept.estimate).toBeCloseTo(twice.intercept.estimate, 10);
    expect(weighted.coefficients[1].standardError).toBeCloseTo(twice.coefficients[1].standardError ?? NaN, 10);
  });

  it('shrinks every way towards the overall rate as the penalty grows', () => {
    const { intercept, coefficients } = logisticRegression(matrix(rows), outcomes, { l2: 1e9 });
    const rate = outcomes.filter((outcome) => outcome === 1).length / outcomes.length;
    expect(intercept.estimate).toBeCloseTo(Math.log(rate / (1 - rate)), 5);
    expect(Math.abs(coefficients[0].estimate)).toBeLessThan(1e-6);
    expect(coefficients[0].standardError).toBeNull();
  });

  it('refuses columns that separate the outcomes or repeat each other, unless penalised', () => {
    const separating = matrix(Array.from({ length: 10 }, (_, row) => [row]));
    const split = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
    expect(() => logisticRegression(separating, split)).toThrow(expect.objectContaining({ code: 'NO_CONVERGENCE' }));
    expect(logisticRegression(separating, split, { l2: 1 }).coefficients[0].estimate).toBeGreaterThan(0);
    const repeated = matrix(rows.map(([x]) => [x, 2 * x]));
    expect(() => logisticRegression(repeated, outcomes)).toThrow(expect.objectContaining({ code: 'NO_CONVERGENCE' }));
    expect(logisticRegression(repeated, outcomes, { l2: 1 }).coefficients[1].estimate).toBeGreaterThan(0);
  });

  it('refuses outcomes of one kind, outcomes that are none, constant columns and bad options', () => {
    const design = matrix(rows);
    expect(() =>
      logisticRegression(
        design,
        outcomes.map(() => 1),
      ),
    ).toThrow('all 60 outcomes are 1');
    expect(() =>
      logisticRegression(
        design,
        outcomes.map((outcome, row) => (row === 4 ? 2 : outcome)),
      ),
    ).toThrow('outcome of row 5 is 2');
    expect(() => logisticRegression(design, outcomes.slice(1))).toThrow('60 rows but 59 outcomes');
    expect(() => logisticRegression(matrix(rows.map(([x]) => [x, 3])), outcomes)).toThrow('feature "x2" has one value only');
    expect(() => logisticRegression(matrix(rows.map(([x], row) => [row === 3 ? NaN : x])), outcomes)).toThrow('feature "x1"');
    expect(() => logisticRegression(design, outcomes, { l2: -1 })).toThrow('a penalty');
    expect(() => logisticRegression(design, outcomes, { weights: [1] })).toThrow('60 rows but 1 weights');
    expect(() => logisticRegression(design, outcomes, { weights: rows.map(() => -1) })).toThrow('weight of row 1');
  });
});

describe('the design of columns', () => {
  const age: RiskColumn = { name: 'age', kind: 'numeric', values: [20, 30, null, 40], missing: 'indicator' };
  const plan: RiskColumn = { name: 'plan', kind: 'categorical', values: ['b', 'a', 'c', 'b'] };

  it('standardises numbers by mean and population deviation, and lets what is missing count for itself', () => {
    const design = designMatrix(specifyDesign([age]), [age]);
    expect(design.features.map(({ name }) => name)).toEqual(['age', 'age missing']);
    const deviation = Math.sqrt(200 / 3);
    const expected = [-10 / deviation, 0, 0, 0, 0, 1, 10 / deviation, 0];
    for (const [index, value] of expected.entries()) expect(design.values[index]).toBeCloseTo(value, 14);
  });

  it('has an indicator for each level but the first in code unit order, or all of them', () => {
    const specification = specifyDesign([plan]);
    expect(specification.features.map(({ name }) => name)).toEqual(['plan=b', 'plan=c']);
    expect([...designMatrix(specification, [plan]).values]).toEqual([1, 0, 0, 0, 0, 1, 1, 0]);
    expect(specifyDesign([{ ...plan, coding: 'full' }]).features).toHaveLength(3);
    expect(specifyDesign([{ ...plan, reference: 'c' }]).features.map(({ name }) => name)).toEqual(['plan=a', 'plan=b']);
  });

  it('has steps for cut points and for ordered levels', () => {
    const stepped: RiskColumn = { name: 'age', kind: 'numeric', values: [10, 20, 30], cuts: [10, 20], monotone: 'decreasing' };
    const specification = specifyDesign([stepped]);
    expect(specification.features).toMatchObject([
      { name: 'age>10', sign: -1 },
      { name: 'age>20', sign: -1 },
    ]);
    expect([...designMatrix(specification, [stepped]).values]).toEqual([0, 0, 1, 0, 1, 1]);
    const ordered: RiskColumn = { ...plan, order: ['a', 'b', 'c'], monotone: 'increasing' };
    expect([...designMatrix(specifyDesign([ordered]), [ordered]).values]).toEqual([1, 0, 0, 0, 1, 1, 1, 0]);
  });

  it('takes an unknown level for average where asked, and refuses it otherwise', () => {
    const lenient = specifyDesign([{ ...plan, unknown: 'average' }]);
    expect([...designMatrix(lenient, [{ ...plan, values: ['z'] }]).values]).toEqual([0.5, 0.25]);
    expect(() => designMatrix(specifyDesign([plan]), [{ ...plan, values: ['a', 'z'] }])).toThrow(
      'column "plan", row 2: "z" is not among the known levels "a", "b", "c"',
    );
  });

  it('lets missing be a level of its own where asked', () => {
    const holes: RiskColumn = { ...plan, values: ['a', null, 'b'] };
    expect(() => specifyDesign([holes])).toThrow('column "plan", row 2: the value is missing');
    expect(specifyDesign([{ ...holes, missing: 'category' }]).features.map(({ name }) => name)).toEqual(['plan=a', 'plan=b']);
  });

  it.each<[string, RiskColumn[], string]>([
    ['missing numbers', [{ ...age, missing: 'refuse' }], 'row 3: the value is missing'],
    ['numbers that are none', [{ ...age, values: [1, NaN] }], 'row 2: not a finite number'],
    ['numbers too large for a spread', [{ ...age, values: [1e300, -1e300] }], 'too large or too close'],
    ['numbers too close for a spread', [{ ...age, values: [1e-200, 2e-200] }], 'too large or too close'],
    ['a constant number', [{ ...age, values: [7, 7] }], 'the one value 7'],
    ['a constant category', [{ ...plan, values: ['a', 'a'] }], 'the one level "a"'],
    ['a name given twice', [age, { ...plan, name: 'age' }], '"age" is given twice'],
    ['lengths that differ', [age, { ...plan, values: ['a', 'b'] }], '"plan" has 2 rows, "age" has 4'],
    ['an unordered monotone category', [{ ...plan, monotone: 'increasing' }], 'only be monotone along an order'],
    ['an order that lacks a level', [{ ...plan, order: ['a', 'b'] }], 'level "c" of column "plan" is not in its order'],
    ['a reference that does not occur', [{ ...plan, reference: 'z' }], 'reference "z"'],
    ['cuts that fall', [{ ...age, cuts: [2, 1] }], 'cuts of column "age"'],
    ['no columns', [], 'no columns'],
  ])('refuses %s', (_, columns, message) => {
    expect(() => specifyDesign(columns)).toThrow(message);
  });

  it('takes a value missing later for the mean where missing values are allowed, and refuses it otherwise', () => {
    const whole: RiskColumn = { ...age, values: [1, 2, 6] };
    const holes: RiskColumn = { ...whole, values: [null] };
    expect([...designMatrix(specifyDesign([whole]), [holes]).values]).toEqual([0]);
    expect(() => designMatrix(specifyDesign([{ ...whole, missing: 'refuse' }]), [holes])).toThrow(
      'missing, which the model does not allow for',
    );
  });

  it('has standardised columns of mean zero whatever the numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 30 }), (values) => {
        fc.pre(values.some((value) => Math.abs(value - values[0]) > 1e-3));
        const column: RiskColumn = { name: 'x', kind: 'numeric', values };
        expect(Math.abs(specifyDesign([column]).features[0].mean)).toBeLessThan(1e-6);
      }),
    );
  });
});
