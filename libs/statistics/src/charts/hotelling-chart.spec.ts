import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { controlChart } from './index.js';
import type { ControlChart, Vector } from './index.js';

interface Published {
  readonly statistics: readonly number[];
  readonly mean: readonly number[];
  readonly phase1Ucl: number;
  readonly phase2Ucl: number;
}
const published = JSON.parse(readFileSync(new URL('../fixtures/charts-published.json', import.meta.url), 'utf8')) as {
  readonly ryan: Published & {
    subgroups: Vector[][];
    covariance: number[][];
    known: { mean: number[]; covariance: number[][]; statistics: number[] };
  };
  readonly boiler: Published & { vectors: Vector[] };
  readonly montgomery: {
    textileFibre: { n: number; samples: number[][]; mean: number[]; covariance: number[][]; alpha: number; phase1Ucl: number };
  };
};
const { ryan, boiler } = published;
const compare = (chart: ControlChart, statistics: readonly number[]): void =>
  chart.points.forEach(({ value }, index) =>
    expect(Math.abs((value ?? NaN) - statistics[index])).toBeLessThan(5.1e-7 * Math.max(1, statistics[index] / 10)),
  );

describe('Hotelling’s T² of subgroups', () => {
  const alpha = 1 - (1 - 0.0027) ** 2;

  it('is that of qcc for the data of Ryan, with its limits in phase 1 and 2', () => {
    const chart = controlChart('t2', ryan.subgroups, { alpha });
    compare(chart, ryan.statistics);
    expect(chart.estimates.mean).toEqual(ryan.mean);
    chart.estimates.covariance?.flat().forEach((value, index) => expect(value).toBeCloseTo(ryan.covariance.flat()[index], 4));
    expect(chart.points[0].ucl).toBeCloseTo(ryan.phase1Ucl, 5);
    expect(chart.beyond).toEqual([10, 20]);
    const longer = controlChart('t2', [...ryan.subgroups, ryan.subgroups[0]], { alpha, phase1: 20 });
    expect(longer.points[20]).toMatchObject({ phase: 2, value: chart.points[0].value });
    expect(longer.points[20].ucl).toBeCloseTo(ryan.phase2Ucl, 5);
  });

  it('is that of qcc from a known mean and covariance, with the limit of chi-square', () => {
    const { mean, covariance, statistics } = ryan.known;
    const chart = controlChart('t2', ryan.subgroups, { given: { mean, covariance } });
    compare(chart, statistics);
    // P(χ² > x) = exp(−x/2) for two degrees of freedom.
    expect(chart.points[0].ucl).toBeCloseTo(-2 * Math.log(0.0027), 10);
    expect(chart.points[0].center).toBeCloseTo(2 * Math.LN2, 10);
  });

  it('is that of Montgomery for the textile fibre', () => {
    const { n, samples, mean, covariance, alpha: probability, phase1Ucl } = published.montgomery.textileFibre;
    const given = { mean, covariance, degreesOfFreedom: samples.length * (n - 1), values: samples.length * n };
    const subgroups = samples.map(([strength, diameter]) => Array.from({ length: n }, () => [strength, diameter]));
    const chart = controlChart('t2', subgroups, { given, alpha: probability });
    chart.points.forEach(({ value }, index) => expect(Math.abs((value ?? NaN) - samples[index][5])).toBeLessThan(0.0051));
    // Given estimates are judged as phase 2, (m + 1)/(m − 1) times as wide as phase 1. The book rounds F.
    expect(Math.abs((chart.points[0].ucl * 19) / 21 - phase1Ucl)).toBeLessThan(0.01);
  });

  it('has narrower limits for a larger subgroup in phase 1, and wider ones in phase 2', () => {
    const uneven = [ryan.subgroups[0].slice(0, 2), ...ryan.subgroups.slice(1), ryan.subgroups[3].slice(0, 2), ryan.subgroups[4]];
    const { points } = controlChart('t2', uneven, { phase1: 20 });
    expect(points[0].ucl).toBeGreaterThan(points[1].ucl);
    expect(points[20].ucl).toBeLessThan(points[21].ucl);
  });
});

describe('Hotelling’s T² of single vectors', () => {
  it('is that of qcc for the boiler, with the beta limit of phase 1 and the F limit of phase 2', () => {
    const chart = controlChart('t2', boiler.vectors, { alpha: 0.001 });
    compare(chart, boiler.statistics);
    chart.estimates.mean?.forEach((value, index) => expect(value).toBeCloseTo(boiler.mean[index], 10));
    expect(chart.points[0].ucl).toBeCloseTo(boiler.phase1Ucl, 5);
    expect(chart.beyond).toEqual([9]);
    const longer = controlChart('t2', [...boiler.vectors, boiler.vectors[0]], { alpha: 0.001, phase1: 25 });
    expect(longer.points[25].ucl).toBeCloseTo(boiler.phase2Ucl, 5);
  });

  it('sees a shift by successive differences that the ordinary covariance swallows', () => {
    const shifted = boiler.vectors.map((vector, index) => vector.slice(0, 2).map((value) => (value ?? 0) + (index < 12 ? 0 : 40)));
    const ordinary = controlChart('t2', shifted);
    const differences = controlChart('t2', shifted, { covariance: 'successive-differences' });
    expect(differences.estimates.method).toBe('successive-differences');
    expect(differences.estimates.degreesOfFreedom).toBeCloseTo((2 * 24 ** 2) / (3 * 25 - 4), 12);
    expect(differences.points[0].value).toBeGreaterThan(ordinary.points[0].value ?? NaN);
    const [first, second] = [differences.estimates.covariance ?? [], shifted];
    const byHand = second.slice(1).reduce((sum, vector, index) => sum + (vector[0] - second[index][0]) ** 2, 0) / (2 * 24);
    expect(first[0][0]).toBeCloseTo(byHand, 9);
  });

  it('by successive differences has the beta limit of their degrees of freedom, and no difference across a gap', () => {
    const pairs: Vector[] = boiler.vectors.map((vector) => vector.slice(0, 2));
    const { points, estimates } = controlChart('t2', pairs, { covariance: 'successive-differences', alpha: 0.01 });
    // For two variables P(Beta(1, b) > x) = (1 − x)^b.
    const b = ((estimates.degreesOfFreedom ?? NaN) - 3) / 2;
    expect(points[0].ucl).toBeCloseTo((24 ** 2 / 25) * (1 - 0.01 ** (1 / b)), 9);
    const gap = pairs.map((vector, index) => (index === 10 ? [null, null] : vector));
    const cut = controlChart('t2', gap, { covariance: 'successive-differences' }).estimates;
    expect(cut.degreesOfFreedom).toBeCloseTo((2 * 22 ** 2) / (3 * 22 - 1), 12);
  });

  it('does not change when the variables are measured in other units', () => {
    const factors = [1e-3, 2.54, 1000, 1, 7, 0.1, 33, 1e5];
    const scaled = boiler.vectors.map((vector) => vector.map((value, index) => (value ?? 0) * factors[index] + index));
    compare(controlChart('t2', scaled), boiler.statistics);
  });

  it('sums to p(m − 1)²/m·m/(m − 1) over phase 1, whatever the data', () => {
    const vector = fc.tuple(fc.double({ noNaN: true, min: -100, max: 100 }), fc.double({ noNaN: true, min: -100, max: 100 }));
    fc.assert(
      fc.property(fc.array(vector, { minLength: 6, maxLength: 30 }), (vectors) => {
        const spread = [0, 1].map(
          (column) => Math.max(...vectors.map((one) => one[column])) - Math.min(...vectors.map((one) => one[column])),
        );
        fc.pre(spread.every((width) => width > 1e-3));
        let chart: ControlChart;
        try {
          chart = controlChart('t2', vectors);
        } catch (error) {
          expect(error).toMatchObject({ code: 'BAD_DATA' });
          return;
        }
        const total = chart.points.reduce((sum, { value }) => sum + (value ?? NaN), 0);
        expect(Math.abs(total / (2 * (vectors.length - 1)) - 1)).toBeLessThan(1e-4);
      }),
    );
  });

  it('leaves out a vector with a missing component', () => {
    const gap = boiler.vectors.map((vector, index) =>
      index === 4 ? vector.map((value, column) => (column === 2 ? null : value)) : vector,
    );
    const chart = controlChart('t2', gap);
    expect(chart.points[4]).toMatchObject({ n: 0, value: null, beyond: null });
    expect(chart.estimates).toMatchObject({ points: 24, omitted: 1 });
    expect(chart.estimates.mean).toEqual(controlChart('t2', boiler.vectors, { excluded: [5] }).estimates.mean);
  });

  it('is refused where a variable follows from the others, or there are too few vectors', () => {
    const double = boiler.vectors.map(([first]) => [first, (first ?? 0) * 2]);
    expect(() => controlChart('t2', double)).toThrow(expect.objectContaining({ code: 'BAD_DATA' }));
    expect(() => controlChart('t2', boiler.vectors.slice(0, 9))).toThrow(expect.objectContaining({ code: 'TOO_FEW_POINTS' }));
    expect(() => controlChart('t2', [])).toThrow(expect.objectContaining({ code: 'TOO_FEW_POINTS' }));
    expect(() =>
      controlChart('t2', [
        [1, 2],
        [1, 2, 3],
      ]),
    ).toThrow(expect.objectContaining({ code: 'BAD_DATA' }));
    expect(() => controlChart('t2', [[1, 2], [[1, 2]]])).toThrow(expect.objectContaining({ code: 'BAD_DATA' }));
    expect(() => controlChart('t2', boiler.vectors, { given: { mean: [1] } })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
    expect(() => controlChart('t2', [[1, NaN]])).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }));
  });
});
