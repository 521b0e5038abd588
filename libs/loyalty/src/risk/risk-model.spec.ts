import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  crossValidateRisk,
  designMatrix,
  fitRisk,
  isotonicCalibration,
  plattCalibration,
  riskScores,
  scoreRisk,
  stratifiedFolds,
} from './index.js';
import type { RiskColumn, Row } from './index.js';

interface Telco {
  readonly tenure: readonly number[];
  readonly monthlyCharges: readonly number[];
  readonly categories: Readonly<Record<string, { readonly levels: readonly string[]; readonly codes: string }>>;
  readonly totalCharges: readonly (number | null)[];
  readonly churn: string;
}
const telco = JSON.parse(readFileSync(new URL('../fixtures/risk-telco-churn.json', import.meta.url), 'utf8')) as Telco;
// Every fourteenth customer is enough here; the references use all of them.
const some = <Value>(values: ArrayLike<Value>): Value[] => Array.from(values).filter((_, row) => row % 14 === 12);
const outcomes = some(telco.churn).map(Number);
const category = (name: string): string[] => some(telco.categories[name].codes).map((code) => telco.categories[name].levels[Number(code)]);
const columns: RiskColumn[] = [
  { name: 'tenure', kind: 'numeric', values: some(telco.tenure), cuts: [3, 12, 24, 48], monotone: 'decreasing' },
  { name: 'charges', kind: 'numeric', values: some(telco.monthlyCharges) },
  { name: 'total', kind: 'numeric', values: some(telco.totalCharges), missing: 'indicator' },
  {
    name: 'contract',
    kind: 'categorical',
    values: category('Contract'),
    order: ['Month-to-month', 'One year', 'Two year'],
    monotone: 'decreasing',
  },
  { name: 'internet', kind: 'categorical', values: category('InternetService'), unknown: 'average' },
];
const model = fitRisk(columns, outcomes);
const rowOf = (row: number): Row => Object.fromEntries(columns.map(({ name, values }) => [name, values[row]]));
const anyRow = fc.record({
  tenure: fc.integer({ min: 0, max: 80 }),
  charges: fc.double({ min: 0, max: 150, noNaN: true }),
  total: fc.option(fc.double({ min: 0, max: 9000, noNaN: true })),
  contract: fc.constantFrom('Month-to-month', 'One year', 'Two year'),
  internet: fc.constantFrom('DSL', 'Fiber optic', 'No', 'Satellite'),
});
const missingKnown = telco.totalCharges.some((charge, row) => charge === null && row % 14 === 12);

describe('a risk score', () => {
  it('is the sum of base and contributions to the last bit', () => {
    expect(missingKnown).toBe(true);
    fc.assert(
      fc.property(anyRow, (row) => {
        const { score, base, contributions, probability } = scoreRisk(model, row);
        expect(contributions.reduce((sum, { contribution }) => sum + contribution, base)).toBe(score);
        expect(probability).toBeCloseTo(1 / (1 + Math.exp(-score)), 14);
        expect(contributions.map(({ column }) => column)).toEqual(['tenure', 'charges', 'total', 'contract', 'internet']);
      }),
    );
  });

  it('is intercept and coefficients times features, and its base the score of the mean profile', () => {
    const { scores } = riskScores(model, columns);
    const { features, values } = designMatrix(model.design, columns);
    for (const row of [0, 5, 77]) {
      const direct = model.coefficients.reduce(
        (sum, coefficient, index) => sum + coefficient * values[row * features.length + index],
        model.fit.intercept.estimate,
      );
      expect(scores[row]).toBeCloseTo(direct, 10);
    }
    // The mean of linear scores is the score of the means.
    expect(scores.reduce((sum, score) => sum + score) / scores.length).toBeCloseTo(model.base, 10);
    const step = (tenure: number): number => scoreRisk(model, { ...rowOf(0), tenure }).score;
    const byName = new Map(model.fit.coefficients.map(({ feature, estimate }) => [feature, estimate]));
    expect(step(13) - step(12)).toBeCloseTo(byName.get('tenure>12') ?? NaN, 12);
  });

  it('is the same for one customer and for many', () => {
    const { scores, probabilities } = riskScores(model, columns);
    for (let row = 0; row < 200; row += 1) {
      const one = scoreRisk(model, rowOf(row));
      expect([one.score, one.probability]).toEqual([scores[row], probabilities[row]]);
    }
  });

  it('never rises with what it was promised to fall with', () => {
    fc.assert(
      fc.property(anyRow, fc.integer({ min: 0, max: 80 }), (row, more) => {
        expect(scoreRisk(model, { ...row, tenure: row.tenure + more }).score).toBeLessThanOrEqual(scoreRisk(model, row).score + 1e-12);
        expect(scoreRisk(model, { ...row, contract: 'Two year' }).score).toBeLessThanOrEqual(scoreRisk(model, row).score + 1e-12);
      }),
    );
  });

  it('gives a level it has never seen no weight', () => {
    const unseen = scoreRisk(model, { ...rowOf(0), internet: 'Satellite' });
    expect(unseen.contributions.at(-1)).toEqual({ column: 'internet', value: 'Satellite', contribution: 0 });
    expect(() => scoreRisk(model, { ...rowOf(0), contract: 'Weekly' })).toThrow('column "contract": "Weekly" is not among');
    expect(() => scoreRisk(model, { tenure: 3 })).toThrow('column "charges" is missing');
  });

  it('survives a journey through JSON', () => {
    const returned = JSON.parse(JSON.stringify(model)) as typeof model;
    expect(scoreRisk(returned, rowOf(3))).toEqual(scoreRisk(model, rowOf(3)));
  });

  it.each(['platt', 'isotonic'] as const)('is calibrated by %s on held-out folds without changing its order', (method) => {
    const adjusted = fitRisk(columns, outcomes, { calibration: { method, seed: 4 } });
    const { scores, probabilities } = riskScores(adjusted, columns);
    expect([...scores]).toEqual([...riskScores(model, columns).scores]);
    const order = Array.from(scores.keys()).sort((one, other) => scores[one] - scores[other]);
    expect(order.every((row, at) => at === 0 || probabilities[row] >= probabilities[order[at - 1]])).toBe(true);
    expect(probabilities).not.toEqual(riskScores(model, columns).probabilities);
    const expected = probabilities.reduce((sum, p) => sum + p);
    const happened = outcomes.reduce((sum, outcome) => sum + outcome);
    expect(Math.abs(expected / happened - 1)).toBeLessThan(0.05);
    const assignment = stratifiedFolds(outcomes, 5, 4);
    const heldOut = new Float64Array(outcomes.length);
    for (let fold = 0; fold < 5; fold += 1) {
      const held = Array.from(assignment.keys()).filter((row) => assignment[row] === fold);
      const others = Array.from(assignment.keys()).filter((row) => assignment[row] !== fold);
      const result = riskScores(fitRisk(columns, outcomes, {}, others), columns, held);
      for (const [index, row] of held.entries()) heldOut[row] = result.scores[index];
    }
    expect(adjusted.calibrator).toEqual(method === 'platt' ? plattCalibration(heldOut, outcomes) : isotonicCalibration(heldOut, outcomes));
  });
});

describe('cross-validation of a risk', () => {
  it('judges each row by a model that has not seen it', () => {
    const assignment = stratifiedFolds(outcomes, 4, 11);
    const result = crossValidateRisk(columns, outcomes, { assignment });
    const held = Array.from(assignment.keys()).filter((row) => assignment[row] === 2);
    const others = Array.from(assignment.keys()).filter((row) => assignment[row] !== 2);
    const { probabilities } = riskScores(fitRisk(columns, outcomes, {}, others), columns, held);
    expect(held.map((row) => result.probabilities[row])).toEqual([...probabilities]);
    expect(result.folds).toHaveLength(4);
    expect(result.auc.estimate).toBeGreaterThan(0.8);
    expect(crossValidateRisk(columns, outcomes, { folds: 4, seed: 11 })).toEqual(result);
    expect(crossValidateRisk(columns, outcomes, { folds: 4, seed: 12 }).aucMean).not.toBe(result.aucMean);
  });

  it('refuses folds that leave gaps or are none', () => {
    const refused = (assignment: number[]) => () => crossValidateRisk(columns, outcomes, { assignment });
    expect(refused(outcomes.map((_, row) => (row % 2) * 2))).toThrow('fold 1 has no rows');
    expect(refused(outcomes.map(() => 0.5))).toThrow('fold of row 1 is 0.5');
    expect(refused([0, 1])).toThrow('2 fold numbers');
  });

  it('spreads events evenly over folds of equal size', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 1), { minLength: 20, maxLength: 200 }),
        fc.integer({ min: 2, max: 5 }),
        fc.nat(2 ** 31),
        (marks, folds, seed) => {
          const events = marks.filter((mark) => mark === 1).length;
          fc.pre(events >= folds && marks.length - events >= folds);
          const assignment = stratifiedFolds(marks, folds, seed);
          const sizes = Array.from({ length: folds }, (_, fold) => assignment.filter((one) => one === fold).length);
          const each = Array.from(
            { length: folds },
            (_, fold) => marks.filter((mark, row) => mark === 1 && assignment[row] === fold).length,
          );
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
          expect(stratifiedFolds(marks, folds, seed)).toEqual(assignment);
        },
      ),
    );
    expect(() => stratifiedFolds([0, 0, 1, 1], 3, 1)).toThrow('cannot be spread over 3 folds');
    expect(() => stratifiedFolds(outcomes, 5, -1)).toThrow('a seed is a whole number from 0');
  });

  it('draws folds that chance would: every row is as likely in each', () => {
    const even = Array.from({ length: 40 }, (_, row) => row % 2);
    const tally = Array<number>(5).fill(0);
    for (let seed = 0; seed < 2000; seed += 1) tally[stratifiedFolds(even, 5, seed)[7]] += 1;
    for (const count of tally) expect(Math.abs(count - 400)).toBeLessThan(4 * Math.sqrt(320));
  });
});
