import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { d2 } from '../charts/constants.js';
import { chiSquareQuantile } from '../numerics/distributions.js';
import { gageAnova, gageNested, gageRange } from './index.js';
import { modifiedLargeSampleInterval } from './mean-squares.js';
import { columnsOf } from './references.js';
import type { PublishedStudies } from './references.js';

const studies = JSON.parse(
  readFileSync(new URL('../fixtures/measurement-systems-studies.json', import.meta.url), 'utf8'),
) as PublishedStudies;
const aiag = columnsOf(studies.aiagGage);
const refused = (code: string, message: RegExp): Error => expect.objectContaining({ code, message: expect.stringMatching(message) });
const without = (row: number): typeof aiag => ({
  parts: aiag.parts.filter((_, at) => at !== row),
  operators: aiag.operators.filter((_, at) => at !== row),
  measurements: aiag.measurements.filter((_, at) => at !== row),
});

describe('a crossed gage study by analysis of variance', () => {
  const auto = gageAnova(aiag);

  it('pools an interaction that is far from significant, and keeps it when asked', () => {
    expect(auto).toMatchObject({ interactionKept: false, interaction: null, ndc: 4, study: { parts: 10, operators: 3, trials: 3 } });
    const kept = gageAnova(aiag, { interaction: 'always' });
    expect(kept).toMatchObject({ interactionKept: true, reducedAnova: null, setToZero: ['interaction'] });
    expect(kept.interaction?.variance).toBe(0);
    expect(kept.repeatability.variance).toBeCloseTo(2.7589333 / 60, 8);
  });

  it('keeps an interaction whose p-value is not above the pooling level', () => {
    const pValue = auto.anova.interaction.pValue ?? 0;
    expect(gageAnova(aiag, { poolingAlpha: pValue }).interactionKept).toBe(true);
    expect(gageAnova(aiag, { poolingAlpha: pValue - 1e-9 }).interactionKept).toBe(false);
    expect(gageAnova(aiag, { poolingAlpha: 1, interaction: 'never' }).interactionKept).toBe(false);
  });

  it('tests parts and operators against the interaction, and against the pooled error without it', () => {
    expect(auto.anova.parts.f).toBeCloseTo(492.291, 3);
    expect(auto.anova.operators.f).toBeCloseTo(79.406, 3);
    expect(auto.reducedAnova?.parts.f).toBeCloseTo(245.614, 3);
    expect(auto.reducedAnova?.operators.f).toBeCloseTo(39.617, 3);
    expect(auto.reducedAnova?.repeatability.df).toBe(78);
  });

  it('divides the total among its sources: variances and contributions add up, study variations do not', () => {
    const { repeatability, reproducibility, gageRR, parts, total } = gageAnova(columnsOf(studies.suppliers), { interaction: 'always' });
    expect(repeatability.variance + reproducibility.variance).toBeCloseTo(gageRR.variance, 12);
    expect(gageRR.percentContribution + parts.percentContribution).toBeCloseTo(100, 10);
    expect(total).toMatchObject({ percentContribution: 100, percentStudyVariation: 100 });
    expect(gageRR.percentStudyVariation + parts.percentStudyVariation).toBeGreaterThan(100);
  });

  it('measures against six standard deviations, the tolerance and the process as asked', () => {
    const { gageRR } = gageAnova(aiag, { studyVariationSigmas: 5.15, tolerance: 8, processStandardDeviation: 2 });
    expect(gageRR.studyVariation).toBeCloseTo(5.15 * 0.3023715, 6);
    expect(gageRR.percentTolerance).toBeCloseTo((100 * 5.15 * 0.3023715) / 8, 5);
    expect(gageRR.percentProcess).toBeCloseTo(15.118575, 5);
    expect(auto.gageRR).toMatchObject({ percentTolerance: null, percentProcess: null });
    expect(() => gageAnova(aiag, { tolerance: 0 })).toThrow(refused('BAD_OPTION', /tolerance/));
  });

  it('names the cell that is short, and the one nobody measured', () => {
    expect(() => gageAnova(without(0))).toThrow(
      refused('BAD_DATA', /operator A measured part 1 2 times where others were measured 3 times/),
    );
    const never = aiag.parts.map((part, at) => part !== 7 || aiag.operators[at] !== 'B');
    const study = {
      parts: aiag.parts.filter((_, at) => never[at]),
      operators: aiag.operators.filter((_, at) => never[at]),
      measurements: aiag.measurements.filter((_, at) => never[at]),
    };
    expect(() => gageAnova(study)).toThrow(refused('BAD_DATA', /operator B measured part 7 never/));
  });

  it('refuses what has no answer', () => {
    const of = (measurements: number[]): Parameters<typeof gageAnova>[0] => ({
      parts: [1, 1, 2, 2, 1, 1, 2, 2],
      operators: [1, 1, 1, 1, 2, 2, 2, 2],
      measurements,
    });
    expect(() => gageAnova(of([5, 5, 5, 5, 5, 5, 5, 5]))).toThrow(refused('BAD_DATA', /nothing to divide/));
    expect(() => gageAnova(of([1, 2, 3]))).toThrow(refused('BAD_DATA', /measurements and parts have 3 and 8 rows/));
    expect(() => gageAnova(of([1, 2, 3, 4, 5, 6, 7, NaN]))).toThrow(refused('NOT_FINITE', /finite/));
    expect(() => gageAnova({ parts: [], operators: [], measurements: [] })).toThrow(refused('TOO_FEW_POINTS', /empty/));
    expect(() => gageAnova({ parts: [1, 2], operators: ['A', 'A'], measurements: [1, 2] })).toThrow(
      refused('TOO_FEW_POINTS', /two operators/),
    );
    expect(() => gageAnova({ parts: [1, 1], operators: ['A', 'B'], measurements: [1, 2] })).toThrow(refused('TOO_FEW_POINTS', /two parts/));
  });

  it('takes a single trial only without interaction', () => {
    const single = { parts: [1, 2, 3, 1, 2, 3], operators: ['A', 'A', 'A', 'B', 'B', 'B'], measurements: [1, 2, 4, 1.5, 2.25, 4.75] };
    expect(() => gageAnova(single)).toThrow(refused('TOO_FEW_POINTS', /one trial/));
    const { repeatability, anova } = gageAnova(single, { interaction: 'never' });
    expect(repeatability.variance).toBe(anova.interaction.meanSquare);
    expect(anova.repeatability).toBeNull();
  });

  it('has no number of categories for a gage without any variation', () => {
    const perfect = { parts: [1, 1, 2, 2, 1, 1, 2, 2], operators: [1, 1, 1, 1, 2, 2, 2, 2], measurements: [3, 3, 4, 4, 3, 3, 4, 4] };
    expect(gageAnova(perfect)).toMatchObject({
      ndc: null,
      ratio: null,
      interactionKept: false,
      anova: { parts: { f: null, pValue: null } },
    });
    expect(gageRange(perfect)).toMatchObject({ ndc: null, ratio: null });
  });

  it('does not depend on the order of the rows, the origin or, but for its scale, the unit', () => {
    const order = fc.shuffledSubarray(
      aiag.measurements.map((_, at) => at),
      { minLength: aiag.measurements.length },
    );
    fc.assert(
      fc.property(order, fc.integer({ min: -1000, max: 1000 }), fc.constantFrom(0.25, 8, 1024), (rows, shift, unit) => {
        const moved = gageAnova({
          parts: rows.map((at) => aiag.parts[at]),
          operators: rows.map((at) => aiag.operators[at]),
          measurements: rows.map((at) => unit * (aiag.measurements[at] + shift)),
        });
        expect(moved.gageRR.variance / unit ** 2).toBeCloseTo(auto.gageRR.variance, 9);
        expect(moved.parts.variance / unit ** 2).toBeCloseTo(auto.parts.variance, 9);
        expect(moved.ndc).toBe(auto.ndc);
      }),
      { numRuns: 30 },
    );
  });

  it('divides the total sum of squares exactly', () => {
    const cell = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(cell, (measurements) => {
        fc.pre(new Set(measurements).size > 1);
        const { anova } = gageAnova({
          parts: [1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3],
          operators: [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2],
          measurements,
        });
        const sum = measurements.reduce((total, value) => total + value, 0);
        const squares = measurements.reduce((total, value) => total + value * value, 0);
        expect(Math.abs(anova.total.sumOfSquares / (squares - sum ** 2 / 12) - 1)).toBeLessThan(1e-10);
        expect(anova.parts.df + anova.operators.df + anova.interaction.df + (anova.repeatability?.df ?? 0)).toBe(anova.total.df);
      }),
    );
  });
});

describe('the intervals of variance components', () => {
  it('are exact for a single mean square', () => {
    const { lower, upper } = modifiedLargeSampleInterval([{ weight: 2, meanSquare: 3, df: 10 }], 0.9);
    expect(lower).toBeCloseTo(60 / chiSquareQuantile(0.95, 10), 12);
    expect(upper).toBeCloseTo(60 / chiSquareQuantile(0.05, 10), 12);
  });

  it('of a difference end at 0 exactly where the F test stops to see one', () => {
    // F with 8 and 12 degrees of freedom: 2.8486 above, 1/3.2839 below, at 5 % each.
    const at = (ratio: number): { lower: number; upper: number } =>
      modifiedLargeSampleInterval(
        [
          { weight: 1, meanSquare: ratio, df: 8 },
          { weight: -1, meanSquare: 1, df: 12 },
        ],
        0.9,
      );
    expect(at(2.84).lower).toBe(0);
    expect(at(2.86).lower).toBeGreaterThan(0);
    expect(at(1 / 3.3).upper).toBeLessThan(1e-12);
    expect(at(1 / 3.25).upper).toBeGreaterThan(0);
  });

  // A linear congruential generator with a fixed seed; sums of twelve of its numbers are normal enough here.
  it('hold the true variance about as often as they say', () => {
    let seed = 20240607;
    const uniform = (): number => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
    const normal = (): number => Array.from({ length: 12 }, uniform).reduce((sum, value) => sum + value, -6);
    const truth = { parts: 4, operators: 0.5, interaction: 0.25, error: 1 };
    const held = { gageRR: 0, parts: 0, total: 0 };
    const runs = 400;
    for (let run = 0; run < runs; run += 1) {
      const ofPart = Array.from({ length: 8 }, () => normal() * Math.sqrt(truth.parts));
      const ofOperator = Array.from({ length: 4 }, () => normal() * Math.sqrt(truth.operators));
      const rows = ofOperator.flatMap((effect, operator) =>
        ofPart.flatMap((size, part) => {
          const cell = effect + size + normal() * Math.sqrt(truth.interaction);
          return [0, 1].map(() => ({ operator, part, value: cell + normal() * Math.sqrt(truth.error) }));
        }),
      );
      const study = {
        parts: rows.map(({ part }) => part),
        operators: rows.map(({ operator }) => operator),
        measurements: rows.map(({ value }) => value),
      };
      const { intervals } = gageAnova(study, { interaction: 'always', level: 0.9 });
      const inside = ({ lower, upper }: { lower: number; upper: number }, variance: number): number =>
        lower <= variance && variance <= upper ? 1 : 0;
      held.gageRR += inside(intervals.gageRR, 1.75);
      held.parts += inside(intervals.parts, 4);
      held.total += inside(intervals.total, 5.75);
    }
    // 90 % ± 3 standard errors of 1.5 %; the method is known to err on the safe side.
    for (const count of Object.values(held)) {
      expect(count / runs).toBeGreaterThan(0.855);
      expect(count / runs).toBeLessThan(0.975);
    }
  });
});

describe('a crossed gage study by averages and ranges', () => {
  it('counts a negative variance of operators as 0 and says so', () => {
    const alike = { parts: [1, 1, 2, 2, 1, 1, 2, 2], operators: [1, 1, 1, 1, 2, 2, 2, 2], measurements: [1, 3, 4, 6, 3, 1, 6, 4] };
    expect(gageRange(alike)).toMatchObject({ operatorRange: 0, setToZero: ['operators'], reproducibility: { variance: 0 } });
    expect(gageRange(aiag).setToZero).toEqual([]);
  });

  it('has the mean range by d2, or by d2* where asked', () => {
    expect(gageRange(aiag).factors.k1).toBe(1 / d2(3));
    expect(gageRange(aiag, { repeatabilityFactor: 'd2-star' }).factors.k1).toBeLessThan(1 / d2(3));
    expect(gageRange(aiag).byOperator.map(({ operator, meanRange }) => [operator, Number(meanRange.toFixed(3))])).toEqual([
      ['A', 0.184],
      ['B', 0.513],
      ['C', 0.328],
    ]);
  });

  it('truncates the number of categories', () => {
    const { ratio, ndc } = gageRange(aiag);
    expect(ratio).toBeCloseTo(5.093, 3);
    expect(ndc).toBe(5);
    expect(gageAnova(aiag)).toMatchObject({ ratio: expect.closeTo(4.8605, 4), ndc: 4 });
  });

  it('needs a second trial', () => {
    expect(() => gageRange({ parts: [1, 2, 1, 2], operators: [1, 1, 2, 2], measurements: [1, 2, 3, 4] })).toThrow(
      refused('TOO_FEW_POINTS', /two trials/),
    );
  });
});

describe('a nested gage study', () => {
  const suppliers = columnsOf(studies.suppliers);

  it('counts a negative variance of operators as 0 and says so', () => {
    expect(gageNested(suppliers)).toMatchObject({
      setToZero: ['operators'],
      reproducibility: { variance: 0 },
      study: { operators: 3, partsEach: 4, trials: 3 },
    });
  });

  it('takes the same part name under two operators for two parts, whatever they are called', () => {
    const renamed = { ...suppliers, parts: suppliers.parts.map((part, row) => `${String(suppliers.operators[row])}-${String(part)}`) };
    expect(gageNested(renamed)).toEqual(gageNested(suppliers));
  });

  it('names what is uneven', () => {
    const drop = (rows: (row: number) => boolean): typeof suppliers => ({
      parts: suppliers.parts.filter((_, row) => !rows(row)),
      operators: suppliers.operators.filter((_, row) => !rows(row)),
      measurements: suppliers.measurements.filter((_, row) => !rows(row)),
    });
    expect(() => gageNested(drop((row) => row === 0))).toThrow(refused('BAD_DATA', /operator 1 measured part 1 2 times/));
    expect(() => gageNested(drop((row) => suppliers.operators[row] === '2' && suppliers.parts[row] === 3))).toThrow(
      refused('BAD_DATA', /operator 2 measured 3 parts where others measured 4/),
    );
  });

  it('needs repeated specimens, two operators and two parts each', () => {
    expect(() => gageNested({ parts: [1, 2, 3, 4], operators: [1, 1, 2, 2], measurements: [1, 2, 3, 4] })).toThrow(
      refused('TOO_FEW_POINTS', /two specimens/),
    );
    expect(() => gageNested({ parts: [1, 1, 2, 2], operators: [1, 1, 2, 2], measurements: [1, 2, 3, 4] })).toThrow(
      refused('TOO_FEW_POINTS', /two parts/),
    );
  });
});
