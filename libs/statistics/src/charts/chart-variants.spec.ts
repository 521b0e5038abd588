import { fQuantile } from '../numerics/distributions.js';
import { attributesOf, chartEstimates, controlChart } from './index.js';
import type { ControlChartOptions } from './index.js';

const GIVEN = { center: 0, sigma: 1 };

describe('constants as printed in textbooks', () => {
  const tabulated: ControlChartOptions = { factors: 'tabulated' };

  it('have three decimals for ranges and four for standard deviations', () => {
    // s of 1, 3, 5 is 2, and c4(3) is printed 0.8862; the median moving range of 1, 2, 4 is 1.5, and d4(2) is printed 0.954.
    expect(chartEstimates('xbar-s', [[1, 3, 5]], tabulated).sigma).toBeCloseTo(2 / 0.8862, 14);
    expect(chartEstimates('i-mr', [1, 2, 4], { ...tabulated, sigmaMethod: 'MEDIAN-MR' }).sigma).toBeCloseTo(1.5 / 0.954, 14);
    expect(chartEstimates('xbar-r', [[1, 3, 5]], tabulated).sigma).toBeCloseTo(4 / 1.693, 14);
  });

  it('are behind the limits of s and R, and the sigma z of Laney', () => {
    const [s] = controlChart('xbar-s', [[1, 3, 5, 7, 9, 11]], tabulated).companion?.points ?? [];
    const c4 = 0.9515;
    expect(s.ucl / s.center).toBeCloseTo(1 + (3 * Math.sqrt(1 - c4 ** 2)) / c4, 12);
    const [r] = controlChart('xbar-r', [[1, 3, 5]], tabulated).companion?.points ?? [];
    expect(r.ucl / r.center).toBeCloseTo((1.693 + 3 * 0.888) / 1.693, 12);
    const counts = attributesOf([40, 90, 30], [1000, 1500, 900]);
    const [printed, exact] = [tabulated, {}].map((options) => chartEstimates('laney-p', counts, options).sigmaZ ?? NaN);
    expect(printed / exact).toBeCloseTo(2 / Math.sqrt(Math.PI) / 1.128, 12);
  });
});

describe('a chart of Laney', () => {
  it('draws no limit above all items, but any above one defect a unit', () => {
    const data = attributesOf([98, 97, 99], 100);
    expect(controlChart('laney-p', data, { given: { sigmaZ: 4 } }).points[0].ucl).toBe(1);
    expect(controlChart('laney-u', data, { given: { sigmaZ: 4 } }).points[0].ucl).toBeCloseTo(0.98 + 12 * Math.sqrt(0.0098), 12);
  });
});

describe('an EWMA chart', () => {
  it('has steady limits for the size of each subgroup', () => {
    const groups = [[1, 2, 3, 4], [5], [1, 1]];
    const { points } = controlChart('ewma', groups, { given: GIVEN, lambda: 0.5, limits: 'steady' });
    expect(points.map(({ sigma }) => sigma)).toEqual([4, 1, 2].map((n) => Math.sqrt(0.5 / 1.5 / n)));
    expect(points[1].ucl).toBeCloseTo(3 * Math.sqrt(1 / 3), 14);
  });

  it('starts at the center line, or where it is told to', () => {
    const value = (start?: number): number | null =>
      controlChart('ewma', [4], { given: { center: 2, sigma: 1 }, lambda: 0.25, ...(start === undefined ? {} : { start }) }).points[0]
        .value;
    expect(value()).toBe(2.5);
    expect(value(0)).toBe(1);
    expect(value(8)).toBe(7);
  });
});

describe('the limit of Hotelling’s T²', () => {
  // A square and its middle, four times: mean 0 and a covariance that is a multiple of the identity.
  const vectors = [0, 1, 2, 3].flatMap((): [number, number][] => [
    [1, 1],
    [-1, 1],
    [1, -1],
    [-1, -1],
    [0, 0],
  ]);
  const [m, p, alpha] = [20, 2, 0.01];

  it('is that of a new vector for one that took no part in the estimates', () => {
    const { points, estimates } = controlChart('t2', [...vectors, [30, -30]], { alpha, excluded: [21] });
    expect(estimates).toMatchObject({ values: m, degreesOfFreedom: m - 1 });
    const ofNew = ((p * (m + 1) * (m - 1)) / (m * (m - p))) * fQuantile(1 - alpha, p, m - p);
    expect(points[20]).toMatchObject({ phase: 1, excluded: true, beyond: 'above', ucl: expect.closeTo(ofNew, 10) as number });
    // For two variables P(Beta(1, b) > x) = (1 − x)^b, with b = (20 − 2 − 1)/2.
    expect(points[0].ucl).toBeCloseTo(((m - 1) ** 2 / m) * (1 - alpha ** (2 / (m - p - 1))), 10);
  });

  it('is that of a new vector for all, where the estimates are those of another sample', () => {
    const given = chartEstimates('t2', vectors);
    const again = controlChart('t2', vectors, { given, alpha });
    const later = controlChart('t2', [...vectors, [0.5, 0.5]], { phase1: m, alpha }).points[m];
    expect(again.points.map(({ ucl }) => ucl)).toEqual(vectors.map(() => later.ucl));
    expect(again.estimates.method).toBe('given');
  });
});

describe('phase 1', () => {
  const values = [10, 11, 9, 10, 40, 10];

  it('ends before the first point of phase 2, and leaves out what is excluded, and nothing else', () => {
    const { points, estimates } = controlChart('i-mr', values, { phase1: 4 });
    expect(estimates).toMatchObject({ center: 10, points: 4, omitted: 0 });
    expect(points.map(({ phase }) => phase)).toEqual([1, 1, 1, 1, 2, 2]);
    const without = controlChart('cusum', values, { excluded: [5] });
    expect(without.estimates).toMatchObject({ center: 10, points: 5, omitted: 1 });
    expect(without.points.map(({ excluded }) => excluded)).toEqual([false, false, false, false, true, false]);
    const attributes = controlChart('p', attributesOf([1, 2, 3, 40], 50), { excluded: [4], phase1: 4 });
    expect(attributes.estimates).toMatchObject({ center: 0.04, points: 3, omitted: 1 });
    expect(attributes.points[3]).toMatchObject({ excluded: true, phase: 1, beyond: 'above' });
  });

  it('may be all points, and has no point 0 to exclude', () => {
    expect(chartEstimates('p', attributesOf([1, 2], 10), { phase1: 2 }).points).toBe(2);
    for (const options of [{ phase1: 3 }, { phase1: 1.5 }, { excluded: [0] }, { excluded: [3] }])
      expect(() => controlChart('p', attributesOf([1, 2], 10), options)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});
