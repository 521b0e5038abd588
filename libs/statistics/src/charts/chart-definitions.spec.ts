import fc from 'fast-check';
import { attributesOf, chartEstimates, controlChart, rationalSubgroups } from './index.js';
import { d2 } from '../index.js';
import type { Attributes, ChartType, ControlChartOptions } from './index.js';

const refusal = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('Laney’s charts', () => {
  const sizes = [1000, 1500, 900, 2000, 1200, 1600];
  const counts = [40, 90, 30, 120, 30, 95];

  it.each([
    ['laney-p', (center: number): number => center * (1 - center)],
    ['laney-u', (center: number): number => center],
  ] as const)('%s widens the limits by how far neighbours lie apart', (type, variance) => {
    const { points, estimates } = controlChart(type, attributesOf(counts, sizes));
    const center = counts.reduce((a, b) => a + b) / sizes.reduce((a, b) => a + b);
    const z = counts.map((count, index) => (count / sizes[index] - center) / Math.sqrt(variance(center) / sizes[index]));
    const sigmaZ = z.slice(1).reduce((sum, one, index) => sum + Math.abs(one - z[index]), 0) / 5 / d2(2);
    expect(estimates.center).toBeCloseTo(center, 15);
    expect(estimates.sigmaZ).toBeCloseTo(sigmaZ, 12);
    points.forEach((point, index) => {
      expect(point.value).toBe(counts[index] / sizes[index]);
      expect(point.ucl).toBeCloseTo(center + 3 * sigmaZ * Math.sqrt(variance(center) / sizes[index]), 13);
      expect(point.lcl).toBe(Math.max(0, 2 * center - point.ucl));
      expect(point.sigma).toBeCloseTo((point.ucl - center) / 3, 14);
    });
  });

  it('are the plain charts where σz is 1', () => {
    const data = attributesOf(counts, sizes);
    expect(controlChart('laney-p', data, { given: { sigmaZ: 1 } }).points).toEqual(controlChart('p', data).points);
    expect(controlChart('laney-u', data, { given: { sigmaZ: 1 } }).points).toEqual(controlChart('u', data).points);
  });

  it('take no step across a missing or excluded point', () => {
    const cut: Attributes[] = attributesOf(counts, sizes).map((one, index) => (index === 2 ? { ...one, count: null } : one));
    const z = (): number => chartEstimates('laney-p', cut).sigmaZ ?? NaN;
    expect(z()).toBeCloseTo(chartEstimates('laney-p', attributesOf(counts, sizes), { excluded: [3] }).sigmaZ ?? NaN, 14);
    expect(z()).not.toBeCloseTo(
      chartEstimates(
        'laney-p',
        cut.filter(({ count }) => count !== null),
      ).sigmaZ ?? NaN,
      3,
    );
  });

  it('are refused where chance gives no spread to compare with, or there is no neighbour', () => {
    expect(() => controlChart('laney-p', attributesOf([0, 0, 0], 50))).toThrow(refusal('BAD_DATA'));
    expect(() => controlChart('laney-p', attributesOf([50, 50], 50))).toThrow(refusal('BAD_DATA'));
    expect(() => controlChart('laney-u', attributesOf([5], 50))).toThrow(refusal('TOO_FEW_POINTS'));
  });
});

describe('charts of attributes', () => {
  it('stay within what is possible', () => {
    const points = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 30 }), fc.nat(30)).map(([size, count]) => ({ size, count: Math.min(size, count) })),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(points, (data) => {
        for (const { value, lcl, ucl, center } of controlChart('p', data).points) {
          expect(lcl >= 0 && lcl <= center && center <= ucl && ucl <= 1).toBe(true);
          expect(value !== null && value >= 0 && value <= 1).toBe(true);
        }
        for (const { n, ucl } of controlChart('np', data).points) expect(ucl).toBeLessThanOrEqual(n);
        for (const { lcl } of controlChart('u', data).points) expect(lcl).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('draw a line without width where every item or no item counts', () => {
    expect(controlChart('p', attributesOf([0, 0], 10)).points[0]).toMatchObject({ center: 0, lcl: 0, ucl: 0, beyond: null });
    expect(controlChart('p', attributesOf([10, 10], 10)).points[1]).toMatchObject({ center: 1, lcl: 1, ucl: 1, beyond: null });
    expect(controlChart('c', attributesOf([0, 0])).points[1]).toMatchObject({ center: 0, ucl: 0, beyond: null });
  });

  it('judge a later phase by limits frozen before, or by a given center', () => {
    const data = attributesOf([5, 6, 4, 5, 25], 50);
    const frozen = controlChart('p', data, { phase1: 4 });
    expect(frozen.estimates).toMatchObject({ center: 0.1, points: 4, values: 200, method: 'binomial' });
    expect(frozen.beyond).toEqual([5]);
    expect(frozen.points.map(({ phase }) => phase)).toEqual([1, 1, 1, 1, 2]);
    const again = controlChart('p', data, { given: frozen.estimates, phase1: 0 });
    expect(again.points.map(({ ucl }) => ucl)).toEqual(frozen.points.map(({ ucl }) => ucl));
    expect(again.estimates.method).toBe('given');
  });

  it('refuse counts that cannot be', () => {
    expect(() => controlChart('p', attributesOf([11], 10))).toThrow(refusal('BAD_DATA'));
    expect(() => controlChart('u', attributesOf([-1], 10))).toThrow(refusal('BAD_DATA'));
    expect(() => controlChart('u', attributesOf([1], 0))).toThrow(refusal('BAD_DATA'));
    expect(() => controlChart('c', attributesOf([1], 2))).toThrow(refusal('BAD_DATA'));
    expect(() => controlChart('p', attributesOf([NaN], 2))).toThrow(refusal('NOT_FINITE'));
    expect(() => attributesOf([1, 2], [3])).toThrow(refusal('BAD_DATA'));
    expect(() => controlChart('p', [])).toThrow(refusal('TOO_FEW_POINTS'));
    expect(() => controlChart('p', [], { given: { center: 1.5 } })).toThrow(refusal('BAD_OPTION'));
  });
});

describe('EWMA and CUSUM', () => {
  const given = { center: 0, sigma: 1 };

  it('draw the EWMA of λ = 1 as the chart of individuals', () => {
    const ewma = controlChart('ewma', [1, -2, 3.5], { given, lambda: 1 });
    const individuals = controlChart('i-mr', [1, -2, 3.5], { given });
    expect(ewma.points).toEqual(individuals.points);
  });

  it('let the exact variance of an EWMA follow unequal subgroups', () => {
    const { points } = controlChart('ewma', [[1, 2, 3, 4], [5], [1, 1]], { given, lambda: 0.5 });
    expect(points.map(({ sigma }) => sigma)).toEqual([1 / 16, 1 / 64 + 1 / 4, 1 / 256 + 1 / 16 + 1 / 8].map(Math.sqrt));
  });

  it('pass over missing and excluded points', () => {
    for (const type of ['ewma', 'cusum'] as const) {
      const gap = controlChart(type, [1, null, 2, 90, 3], { given, excluded: [4] });
      const short = controlChart(type, [1, 2, 3], { given });
      expect([0, 2, 4].map((at) => gap.points[at].value)).toEqual(short.points.map(({ value }) => value));
      expect([0, 2, 4].map((at) => gap.points[at].ucl)).toEqual(short.points.map(({ ucl }) => ucl));
      expect(gap.points[1]).toMatchObject({ value: null, beyond: null, excluded: false });
      expect(gap.points[3]).toMatchObject({ value: null, beyond: null, excluded: true });
    }
  });

  it('mirror the CUSUM when the data are mirrored', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -5, max: 5 }), { minLength: 1 }), fc.boolean(), (data, reset) => {
        const chart = controlChart('cusum', data, { given, reset, headStart: 1 });
        const mirrored = controlChart(
          'cusum',
          data.map((value) => -value),
          { given, reset, headStart: 1 },
        );
        expect(mirrored.points.map(({ value }) => value)).toEqual(chart.companion?.points.map(({ value }) => Math.abs(value ?? NaN)));
        expect(mirrored.beyond).toEqual(chart.companion?.beyond);
      }),
    );
  });

  it('start both sides of a CUSUM anew after a signal where asked', () => {
    const data = [3, 3, 3, 3, 3, 3];
    expect(controlChart('cusum', data, { given }).points.map(({ value }) => value)).toEqual([2.5, 5, 7.5, 10, 12.5, 15]);
    const anew = controlChart('cusum', data, { given, reset: true });
    expect(anew.points.map(({ value }) => value)).toEqual([2.5, 5, 7.5, 2.5, 5, 7.5]);
    expect(anew.beyond).toEqual([3, 6]);
    expect(anew.points.map(({ since }) => since)).toEqual([1, 1, 1, 4, 4, 4]);
    expect(anew.points[2].estimatedMean).toBe(3);
    expect(controlChart('cusum', data, { given, reset: true, headStart: 2.5 }).beyond).toEqual([2, 4, 6]);
  });

  it('estimate the mean of a run on either side, without the head start, for means of subgroups too', () => {
    const down = controlChart('cusum', [-3, -3, -3], { given, headStart: 2 });
    expect(down.companion?.points[2]).toMatchObject({ value: -9.5, since: 1, estimatedMean: -3, beyond: 'below' });
    expect(down.points[2].since).toBeUndefined();
    const groups = controlChart(
      'cusum',
      [
        [12, 14],
        [13, 13],
      ],
      { given: { center: 10, sigma: 2 } },
    );
    expect(groups.points[1].estimatedMean).toBeCloseTo(13, 12);
    expect(groups.points[1].value).toBeCloseTo(2 * ((3 * Math.SQRT2) / 2 - 0.5), 12);
  });

  it('are refused for values that are all equal (CUSUM) or of both kinds', () => {
    expect(() => controlChart('cusum', [5, 5, 5])).toThrow(refusal('BAD_DATA'));
    expect(controlChart('ewma', [5, 5, 5]).points[2]).toMatchObject({ value: 5, lcl: 5, ucl: 5, beyond: null });
    expect(() => controlChart('ewma', [5, [5, 6]])).toThrow(refusal('BAD_DATA'));
    expect(() => controlChart('ewma', [[5, 6], 5])).toThrow(refusal('BAD_DATA'));
  });
});

describe('any chart', () => {
  it('plots a subgroup with one value left, and estimates nothing from it', () => {
    const chart = controlChart('xbar-r', [
      [1, 3],
      [9, null],
      [null, null],
      [2, 4],
    ]);
    expect(chart.estimates).toMatchObject({ center: 2.5, points: 2, values: 4, omitted: 2 });
    expect(chart.points.map(({ n, value }) => [n, value])).toEqual([
      [2, 2],
      [1, 9],
      [0, null],
      [2, 3],
    ]);
    expect(chart.companion?.points.map(({ value }) => value)).toEqual([2, null, null, 2]);
    expect(chart.points[2].ucl).toBe(chart.points[0].ucl);
    expect(chart.points[1].ucl - 2.5).toBeCloseTo((chart.points[0].ucl - 2.5) * Math.SQRT2, 12);
  });

  it('estimates what is not given', () => {
    const data = [1, 2, 3, 2, 1];
    expect(chartEstimates('i-mr', data, { given: { center: 10 } })).toMatchObject({
      center: 10,
      sigma: chartEstimates('i-mr', data).sigma,
      method: 'MR',
    });
    expect(chartEstimates('i-mr', data, { given: { sigma: 2 } })).toMatchObject({ center: 1.8, sigma: 2, method: 'given' });
    expect(chartEstimates('xbar-r', [], { given: { center: 1, sigma: 2 } })).toMatchObject({ center: 1, sigma: 2, points: 0 });
    expect(() => chartEstimates('i-mr', data, { phase1: 0 })).toThrow(refusal('TOO_FEW_POINTS'));
    expect(() => chartEstimates('i-mr', [], { given: { sigma: 1 } })).toThrow(refusal('TOO_FEW_POINTS'));
  });

  it('is plain JSON', () => {
    const chart = controlChart('xbar-s', [
      [1, 2],
      [2, 4],
    ]);
    expect(JSON.parse(JSON.stringify(chart))).toEqual(chart);
  });

  it('counts a point on a limit as within', () => {
    const { points } = controlChart('i-mr', [3, 3.001, -3, -3.001], { given: { center: 0, sigma: 1 } });
    expect(points.map(({ beyond }) => beyond)).toEqual([null, 'above', null, 'below']);
    expect(controlChart('i-mr', [1, 2.5], { given: { center: 0, sigma: 1 }, widthSigmas: 2 }).beyond).toEqual([2]);
  });

  it.each<[string, ChartType, ControlChartOptions]>([
    ['a width of zero', 'i-mr', { widthSigmas: 0 }],
    ['a method of another chart', 'i-mr', { sigmaMethod: 'UWAVE-R' }],
    ['a method on a chart of attributes', 'p', { sigmaMethod: 'MR' }],
    ['a moving range of one', 'i-mr', { span: 1 }],
    ['λ of zero', 'ewma', { lambda: 0 }],
    ['λ above one', 'ewma', { lambda: 1.1 }],
    ['an infinite start', 'ewma', { start: Infinity }],
    ['a negative k', 'cusum', { k: -1 }],
    ['an h of zero', 'cusum', { h: 0 }],
    ['a head start beyond h', 'cusum', { headStart: 6 }],
    ['an α of one', 't2', { alpha: 1 }],
    ['a negative sigma', 'i-mr', { given: { sigma: -1 } }],
    ['a center that is no number', 'i-mr', { given: { center: NaN } }],
    ['a negative sigma z', 'laney-p', { given: { sigmaZ: -1 } }],
    ['more points in phase 1 than there are', 'i-mr', { phase1: 1 }],
    ['an excluded point that does not exist', 'i-mr', { excluded: [1] }],
    ['a type that does not exist', 'pre-control' as ChartType, {}],
  ])('refuses %s', (_, type, options) => {
    expect(() => controlChart(type, [], options)).toThrow(refusal('BAD_OPTION'));
  });

  it('refuses numbers whose sums or ranges run over, instead of drawing nothing', () => {
    expect(() => controlChart('i-mr', [1e308, 1e308, -1e308])).toThrow(refusal('NOT_FINITE'));
    expect(() => controlChart('i-mr', Float64Array.of(1e308, 1e308, -1e308))).toThrow(refusal('NOT_FINITE'));
    expect(() => controlChart('xbar-r', [[1e308, -1e308]])).toThrow(refusal('NOT_FINITE'));
    expect(() => controlChart('i-mr', [1, 2, NaN])).toThrow(refusal('NOT_FINITE'));
    expect(() => controlChart('u', attributesOf([1e308, 1e308], 1))).toThrow(refusal('NOT_FINITE'));
  });
});

describe('rational subgroups', () => {
  it('are so many values each, or neighbours with one label', () => {
    expect(rationalSubgroups([1, null, 3, 4], 2)).toEqual([
      [1, null],
      [3, 4],
    ]);
    expect(rationalSubgroups([1, 2, 3, 4], ['a', 'a', 'b', 'a'])).toEqual([[1, 2], [3], [4]]);
    expect(rationalSubgroups([], 5)).toEqual([]);
  });

  it('are refused with a rest, or columns that differ in length', () => {
    expect(() => rationalSubgroups([1, 2, 3], 2)).toThrow(refusal('BAD_OPTION'));
    expect(() => rationalSubgroups([1, 2, 3], 0)).toThrow(refusal('BAD_OPTION'));
    expect(() => rationalSubgroups([1, 2, 3], ['a'])).toThrow(refusal('BAD_DATA'));
  });
});
