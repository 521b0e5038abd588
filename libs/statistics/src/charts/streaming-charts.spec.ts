import fc from 'fast-check';
import { CHART_TYPES, addObservation, attributesOf, beginEstimation, chartEstimates, compactChart, controlChart, estimatesOf, observe, startMonitoring } from './index.js';
import { StatisticsError, individualsLimits } from '../index.js';
import type { Attributes, ChartData, ChartPoint, ChartType, CompactChart, ControlChart, ControlChartOptions, Measurements, Vector } from './index.js';

const value = fc.double({ noNaN: true, min: -1000, max: 1000 });
const individual = fc.option(value, { freq: 9 });
const subgroup: fc.Arbitrary<Measurements> = fc.array(fc.option(value, { freq: 9 }), { minLength: 2, maxLength: 6 });
const attribute = (ofItems: boolean): fc.Arbitrary<Attributes> =>
  fc
    .tuple(fc.integer({ min: 1, max: 200 }), fc.nat(50), fc.boolean())
    .map(([size, count, missing]) => ({ count: missing && count > 45 ? null : ofItems ? Math.min(count, size) : count, size }));
const sameSize = (ofItems: boolean): fc.Arbitrary<Attributes> => attribute(ofItems).map(({ count }) => ({ count, size: 50 }));
const unit = fc.option(fc.nat(50), { freq: 9 }).map((count) => ({ count, size: 1 }));
const vector: fc.Arbitrary<Vector> = fc.tuple(fc.option(value, { freq: 19 }), value).map((components): Vector => components);
const vectors = fc.array(fc.tuple(value, value), { minLength: 2, maxLength: 4 });

const series = <Datum>(datum: fc.Arbitrary<Datum>): fc.Arbitrary<Datum[]> => fc.array(datum, { minLength: 3, maxLength: 40 });
const cases: readonly [string, ChartType, fc.Arbitrary<unknown[]>, ControlChartOptions][] = [
  ['X̄ and R', 'xbar-r', series(subgroup), {}],
  ['X̄ and R, weighted', 'xbar-r', series(subgroup), { sigmaMethod: 'MVLUE-R', factors: 'tabulated' }],
  ['X̄ and s', 'xbar-s', series(subgroup), {}],
  ['X̄ and s, weighted', 'xbar-s', series(subgroup), { sigmaMethod: 'MVLUE-SD' }],
  ['X̄ and s, pooled', 'xbar-s', series(subgroup), { sigmaMethod: 'RMSDF' }],
  ['individuals', 'i-mr', series(individual), {}],
  ['individuals, moving ranges of three', 'i-mr', series(individual), { span: 3 }],
  ['individuals by s', 'i-mr', series(individual), { sigmaMethod: 'SD' }],
  ['p', 'p', series(attribute(true)), {}],
  ['np', 'np', series(attribute(true)), {}],
  ['c', 'c', series(unit), {}],
  ['u', 'u', series(attribute(false)), {}],
  ['Laney p′, equal sizes', 'laney-p', series(sameSize(true)), {}],
  ['Laney p′, center given', 'laney-p', series(attribute(true)), { given: { center: 0.3 } }],
  ['Laney u′, equal sizes', 'laney-u', series(sameSize(false)), {}],
  ['EWMA of individuals', 'ewma', series(individual), { lambda: 0.3 }],
  ['EWMA of subgroups', 'ewma', series(subgroup), { limits: 'steady' }],
  ['CUSUM of individuals', 'cusum', series(individual), { headStart: 2, reset: true, h: 3 }],
  ['CUSUM of subgroups', 'cusum', series(subgroup), {}],
  ['T² of vectors', 't2', series(vector), {}],
  ['T² by successive differences', 't2', series(vector), { covariance: 'successive-differences' }],
  ['T² of subgroups', 't2', series(vectors), {}],
];

const stored = <State>(state: State): State => JSON.parse(JSON.stringify(state)) as State;

/** What the batch says, or why it refuses. */
function attempt<Result>(calculate: () => Result): Result | string {
  try {
    return calculate();
  } catch (error) {
    if (error instanceof StatisticsError) return error.code;
    throw error;
  }
}

function streamed(
  type: ChartType,
  data: readonly unknown[],
  options: ControlChartOptions,
  excluded: ReadonlySet<number>,
  phase1: number,
): { points: ChartPoint[]; companions: ChartPoint[] } {
  const points = data as ChartData<ChartType>;
  let estimation = beginEstimation(type, options);
  for (let index = 0; index < phase1; index += 1)
    estimation = stored(addObservation(estimation, excluded.has(index + 1) ? null : points[index]));
  let state = startMonitoring(type, estimatesOf(estimation), options);
  const result: { points: ChartPoint[]; companions: ChartPoint[] } = { points: [], companions: [] };
  for (let index = 0; index < data.length; index += 1) {
    const step = observe(state, points[index], { phase: index < phase1 ? 1 : 2, excluded: excluded.has(index + 1) });
    state = stored(step.state);
    result.points.push(step.point);
    if (step.companion !== null) result.companions.push(step.companion);
  }
  return result;
}

describe('one point at a time, through stored state', () => {
  it.each(cases)('%s is the chart of all points at once, to the last bit', (_, type, data, options) => {
    let compared = 0;
    fc.assert(
      fc.property(data, fc.array(fc.nat(39)), fc.double({ min: 0.5, max: 1, noNaN: true }), (all, chosen, share) => {
        const excluded = [...new Set(chosen.map((one) => (one % all.length) + 1))].slice(0, 2);
        const phase1 = Math.ceil(all.length * share);
        const batch = attempt(() => controlChart(type, all as ChartData<ChartType>, { ...options, excluded, phase1 }));
        const stream = attempt(() => streamed(type, all, options, new Set(excluded), phase1));
        if (typeof batch === 'string' || typeof stream === 'string') {
          expect(stream).toBe(batch);
          return;
        }
        compared += 1;
        expect(stream.points).toEqual(batch.points);
        expect(stream.companions).toEqual(batch.companion?.points ?? []);
      }),
      { numRuns: 50 },
    );
    expect(compared).toBeGreaterThan(0);
  });

  it('takes a memory that does not grow with the points', () => {
    const data = Array.from({ length: 3000 }, (_, index) => Math.sin(index) + (index % 7));
    const size = (count: number): number => {
      let estimation = beginEstimation('i-mr', { sigmaMethod: 'SD' });
      let state = startMonitoring('i-mr', chartEstimates('i-mr', data));
      for (const one of data.slice(0, count)) {
        estimation = addObservation(estimation, one);
        ({ state } = observe(state, one));
      }
      return JSON.stringify([estimation, state]).length;
    };
    expect(size(3000)).toBeLessThan(size(100) + 60);
  });

  it('refuses what constant memory cannot hold', () => {
    expect(() => addObservation(beginEstimation('i-mr', { sigmaMethod: 'MEDIAN-MR' }), 1)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    );
    const [first, second] = attributesOf([3, 4], [50, 60]);
    const state = addObservation(beginEstimation('laney-p'), first);
    expect(() => addObservation(state, second)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});

describe('the compact form', () => {
  const line = (of: number | Float64Array | null, index: number): number | null => (of === null || typeof of === 'number' ? of : of[index]);
  const same = (compact: CompactChart, chart: ControlChart): void => {
    expect(compact.plotted).toBe(chart.plotted);
    expect(compact.beyond).toEqual(chart.beyond);
    expect(compact.estimates).toEqual(chart.estimates);
    for (const [index, point] of chart.points.entries()) {
      const plotted = compact.values[index];
      expect(plotted === null || Number.isNaN(plotted) ? null : plotted).toBe(point.value);
      expect([line(compact.center, index), line(compact.lcl, index), line(compact.ucl, index)]).toEqual([
        point.center,
        point.lcl,
        point.ucl,
      ]);
      expect(line(compact.sigma, index)).toBe(point.sigma ?? NaN);
    }
  };

  it.each(cases)('of %s has the same numbers as the points', (_, type, data, options) => {
    fc.assert(
      fc.property(data, (all) => {
        const chart = attempt(() => controlChart(type, all as ChartData<ChartType>, options));
        if (typeof chart === 'string') return;
        const compact = compactChart(type, all as ChartData<ChartType>, options);
        same(compact, chart);
        expect(compact.companion === null).toBe(chart.companion === null);
        if (compact.companion !== null && chart.companion !== null) same(compact.companion, chart.companion);
      }),
      { numRuns: 30 },
    );
  });

  it('of a column keeps the column, and agrees with the list of the same numbers to the last bit', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 60 }), (all) => {
        const column = Float64Array.from(all);
        const compact = compactChart('i-mr', column);
        expect(compact.values).toBe(column);
        same(compact, controlChart('i-mr', all));
        expect(individualsLimits(column)).toEqual(individualsLimits(all));
      }),
    );
  });

  it('refuses a column with a gap, as there is no telling a missing value from a failed calculation', () => {
    for (const column of [Float64Array.of(1, NaN, 2), Float64Array.of(NaN, 1, 2), Float64Array.of(1, 2, Infinity)]) {
      expect(() => compactChart('i-mr', column)).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }));
      expect(() => compactChart('i-mr', column, { given: { center: 0, sigma: 1 }, phase1: 0 })).toThrow(
        expect.objectContaining({ code: 'NOT_FINITE' }),
      );
    }
  });
});

it('every type of chart is covered here', () => {
  expect(new Set(cases.map(([, type]) => type))).toEqual(new Set(CHART_TYPES));
});
