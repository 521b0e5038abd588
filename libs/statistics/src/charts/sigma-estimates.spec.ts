import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { chartEstimates, controlChart } from './index.js';
import { c4, d2, d3, d4, standardDeviation } from '../index.js';
import { c4Pooled } from './constants.js';
import type { ControlChartOptions, SigmaMethod } from './index.js';

const nist = JSON.parse(readFileSync(new URL('../fixtures/nist-univariate.json', import.meta.url), 'utf8')) as Record<
  string,
  { values: number[]; certified: { mean: number; sd: number } }
>;

const UNEQUAL = [
  [74.03, 74.002, 74.019, 73.992, 74.008],
  [73.995, 73.992, 74.001],
  [73.988, 74.024, 74.021, 74.005, 74.002],
  [74.002, 73.996, 73.993, 74.015],
  [73.99, 74.01],
];
const range = (of: readonly number[]): number => Math.max(...of) - Math.min(...of);
const sum = (of: readonly number[]): number => of.reduce((total, one) => total + one, 0);
const weighted = (estimate: (of: number[]) => number, weight: (n: number) => number): number =>
  sum(UNEQUAL.map((of) => weight(of.length) * estimate(of))) / sum(UNEQUAL.map((of) => weight(of.length)));

describe('σ of unequal subgroups', () => {
  const byRange = (of: number[]): number => range(of) / d2(of.length);
  const byS = (of: number[]): number => standardDeviation(of) / c4(of.length);
  const degrees = sum(UNEQUAL.map((of) => of.length - 1));
  const pooled = Math.sqrt(sum(UNEQUAL.map((of) => (of.length - 1) * standardDeviation(of) ** 2)) / degrees);
  it.each<[SigmaMethod, number]>([
    ['UWAVE-R', weighted(byRange, () => 1)],
    ['UWAVE-SD', weighted(byS, () => 1)],
    ['MVLUE-R', weighted(byRange, (n) => (d2(n) / d3(n)) ** 2)],
    ['MVLUE-SD', weighted(byS, (n) => c4(n) ** 2 / (1 - c4(n) ** 2))],
    ['RMSDF', pooled / c4(degrees + 1)],
  ])('by %s is what its formula says', (sigmaMethod, expected) => {
    const { sigma, method, center } = chartEstimates('xbar-r', UNEQUAL, { sigmaMethod });
    expect(sigma).toBeCloseTo(expected, 14);
    expect(method).toBe(sigmaMethod);
    expect(center).toBeCloseTo(sum(UNEQUAL.flat()) / 19, 12);
    expect(chartEstimates('xbar-s', UNEQUAL, { sigmaMethod }).sigma).toBe(sigma);
    expect(chartEstimates('ewma', UNEQUAL, { sigmaMethod }).sigma).toBe(sigma);
  });

  it('is by default the mean of R/d2, and of s/c4 on a chart with s', () => {
    expect(chartEstimates('xbar-r', UNEQUAL).method).toBe('UWAVE-R');
    expect(chartEstimates('xbar-s', UNEQUAL).method).toBe('UWAVE-SD');
    expect(chartEstimates('cusum', UNEQUAL).method).toBe('UWAVE-R');
  });

  it('has limits for the size of each subgroup, and centers of R and s to match', () => {
    for (const type of ['xbar-r', 'xbar-s'] as const) {
      const { points, companion, estimates } = controlChart(type, UNEQUAL);
      const sigma = estimates.sigma ?? NaN;
      UNEQUAL.forEach(({ length: n }, index) => {
        expect(points[index]).toMatchObject({ n, sigma: sigma / Math.sqrt(n) });
        expect(points[index].ucl).toBeCloseTo((estimates.center ?? NaN) + (3 * sigma) / Math.sqrt(n), 12);
        const [center, deviation] = type === 'xbar-r' ? [d2(n), d3(n)] : [c4(n), Math.sqrt(1 - c4(n) ** 2)];
        expect(companion?.points[index].center).toBeCloseTo(center * sigma, 14);
        expect(companion?.points[index].ucl).toBeCloseTo((center + 3 * deviation) * sigma, 14);
        expect(companion?.points[index].lcl).toBe(0);
        expect(companion?.points[index].sigma).toBeCloseTo(deviation * sigma, 14);
      });
    }
  });

  it('does not change with the origin and grows with the unit', () => {
    const methods = fc.constantFrom<SigmaMethod>('UWAVE-R', 'UWAVE-SD', 'MVLUE-R', 'MVLUE-SD', 'RMSDF');
    fc.assert(
      fc.property(methods, fc.integer({ min: -500, max: 500 }), fc.integer({ min: 1, max: 64 }), (sigmaMethod, origin, unit) => {
        const plain = chartEstimates('xbar-s', UNEQUAL, { sigmaMethod }).sigma ?? NaN;
        const moved =
          chartEstimates(
            'xbar-s',
            UNEQUAL.map((of) => of.map((value) => origin + unit * value)),
            { sigmaMethod },
          ).sigma ?? NaN;
        expect(Math.abs(moved / (unit * plain) - 1)).toBeLessThan(1e-9);
      }),
    );
  });

  it('takes subgroups of more than a hundred by s, not by range', () => {
    const large = [0, 1].map((shift) => Array.from({ length: 400 }, (_, index) => Math.sin(index + shift)));
    expect(chartEstimates('xbar-s', large).sigma).toBeCloseTo(sum(large.map(standardDeviation)) / 2 / (1 - 1 / (4 * 399.5)), 6);
    expect(() => chartEstimates('xbar-r', large)).toThrow(expect.objectContaining({ code: 'SIZE_OUT_OF_RANGE' }));
  });
});

describe('σ of individuals', () => {
  const values = [3, 5, 4, 9, 8, 8, 2];
  it.each<[string, ControlChartOptions, number]>([
    ['MR', {}, (2 + 1 + 5 + 1 + 0 + 6) / 6 / d2(2)],
    ['MR of three', { span: 3 }, (2 + 5 + 5 + 1 + 6) / 5 / d2(3)],
    ['MEDIAN-MR', { sigmaMethod: 'MEDIAN-MR' }, 1.5 / d4(2)],
    ['MEDIAN-MR of three', { sigmaMethod: 'MEDIAN-MR', span: 3 }, 5 / d4(3)],
    ['SD', { sigmaMethod: 'SD' }, standardDeviation(values) / c4(7)],
    ['MR with a d2 from a table', { factors: 'tabulated' }, 2.5 / 1.128],
  ])('by %s is what its formula says', (_, options, expected) => {
    expect(chartEstimates('i-mr', values, options).sigma).toBeCloseTo(expected, 13);
  });

  it('by the median has 3.865 medians as upper limit of the moving range, and 3.145 to the limits of individuals', () => {
    const { points, companion, estimates } = controlChart('i-mr', values, { sigmaMethod: 'MEDIAN-MR', factors: 'tabulated' });
    expect((companion?.points[1].ucl ?? NaN) / 1.5).toBeCloseTo(3.865, 3);
    expect((points[0].ucl - (estimates.center ?? NaN)) / 1.5).toBeCloseTo(3.145, 3);
  });

  it.each(['NUMACC3', 'NUMACC4', 'LEW', 'MAVRO'])('by SD keeps the digits of %s one value at a time', (name) => {
    const { values: series } = nist[name];
    const s = (chartEstimates('i-mr', series, { sigmaMethod: 'SD' }).sigma ?? NaN) * c4Pooled(series.length);
    expect(Math.abs(s / standardDeviation(series) - 1)).toBeLessThan(1e-13);
    const first = chartEstimates('i-mr', series, { sigmaMethod: 'SD' }).sigma ?? NaN;
    const reversed = chartEstimates('i-mr', series.toReversed(), { sigmaMethod: 'SD' }).sigma ?? NaN;
    expect(Math.abs(first / reversed - 1)).toBeLessThan(1e-13);
  });

  it('by SD does not lose the spread behind an outlier that comes first', () => {
    const around = Array.from({ length: 99 }, (_, index) => (index % 2 === 0 ? 1 : -1));
    const { sigma } = chartEstimates('i-mr', [1e9, ...around, -1e9, 1e-3], { sigmaMethod: 'SD' });
    expect(Math.abs((sigma ?? NaN) / (standardDeviation([1e9, ...around, -1e9, 1e-3]) / c4Pooled(102)) - 1)).toBeLessThan(1e-13);
    const two = chartEstimates('i-mr', [1e8, 1e8 + 1, 1e8], { sigmaMethod: 'SD' }).sigma ?? NaN;
    expect(two).toBeCloseTo(Math.sqrt(1 / 3) / c4(3), 14);
  });

  it('leaves no range across a gap, and marks the ranges an excluded value is part of', () => {
    const chart = controlChart('i-mr', [1, 2, null, 4, 50, 6, 7], { excluded: [5] });
    expect(chart.estimates).toMatchObject({ center: 4, points: 5, omitted: 2 });
    expect(chart.estimates.sigma).toBeCloseTo(1 / d2(2), 14);
    expect(chart.companion?.points.map(({ value }) => value)).toEqual([null, 1, null, null, 46, 44, 1]);
    expect(chart.companion?.points.map(({ excluded }) => excluded)).toEqual([false, false, false, false, true, true, false]);
    expect(chart.points[4]).toMatchObject({ excluded: true, beyond: 'above', value: 50 });
  });

  it('on EWMA and CUSUM is that of the individuals chart', () => {
    const expected = chartEstimates('i-mr', values).sigma;
    expect([chartEstimates('ewma', values).sigma, chartEstimates('cusum', Float64Array.from(values)).sigma]).toEqual([expected, expected]);
  });
});
