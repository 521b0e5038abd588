import { readFileSync } from 'node:fs';
import {
  ALL_NELSON_TESTS,
  NELSON_1984,
  createRuleWatcher,
  initialRuleState,
  mean,
  nelsonTests,
  standardDeviation,
  stepRules,
} from '../index.js';
import type { NelsonTest, NelsonVariant } from '../index.js';

interface Vector {
  readonly rule: NelsonTest;
  readonly series: readonly number[];
  readonly this_reference_fires_at: readonly number[];
  readonly third_party_windows_end_at: readonly number[];
}
interface PistonRings {
  readonly center: number;
  readonly sigma_of_plotted: number;
  readonly values: readonly number[];
  readonly nelson: Record<string, number[]>;
  readonly western_electric: Record<string, number[]>;
}
const { vectors, pistonRings } = JSON.parse(readFileSync(new URL('../fixtures/nelson-tests.json', import.meta.url), 'utf8')) as {
  readonly vectors: readonly Vector[];
  readonly pistonRings: PistonRings;
};

const unit = { center: 0, sigma: 1 };
const OTHER_SOFTWARE: NelsonVariant = { runLength: 9, lastPointBeyond: false, bothSides: false };

function firesAt(test: NelsonTest, points: readonly (number | null)[], limits = unit, variant: NelsonVariant = NELSON_1984): number[] {
  return nelsonTests(points, limits, { tests: [test], variant }).map(({ at }) => at);
}

describe('the Nelson tests on published series', () => {
  it.each(vectors.map((vector, index) => [index + 1, vector.rule, vector] as const))('agree on series %d, test %d', (_, rule, vector) => {
    const limits = { center: mean(vector.series), sigma: standardDeviation(vector.series) };
    expect(firesAt(rule, vector.series, limits)).toEqual(vector.this_reference_fires_at);
    expect(firesAt(rule, vector.series, limits, OTHER_SOFTWARE)).toEqual(vector.third_party_windows_end_at);
  });

  const limits = { center: pistonRings.center, sigma: pistonRings.sigma_of_plotted };
  it.each(ALL_NELSON_TESTS)('agree on the piston rings, test %d', (test) => {
    expect(firesAt(test, pistonRings.values, limits)).toEqual(pistonRings.nelson[test]);
  });

  it('give the Western Electric rules with a run of eight', () => {
    const westernElectric = { ...NELSON_1984, runLength: 8 };
    const rules: NelsonTest[] = [1, 5, 6, 2];
    for (const [index, test] of rules.entries()) {
      expect(firesAt(test, pistonRings.values, limits, westernElectric)).toEqual(pistonRings.western_electric[index + 1]);
    }
  });
});

const repeat = (count: number, ...pattern: number[]): number[] =>
  Array.from({ length: count }, (_, index) => pattern[index % pattern.length]);
const upTo = (last: number, count: number): number[] => Array.from({ length: count }, (_, index) => last - count + 1 + index);

describe('each Nelson test fires at the first point that completes its pattern, and not one point earlier:', () => {
  it.each<[string, NelsonTest, number[], number]>([
    ['further than 3σ', 1, [3.001], 1],
    ['nine above the center line', 2, repeat(9, 0.5), 9],
    ['nine below the center line', 2, repeat(9, -0.5), 9],
    ['six rising', 3, [-2, -1, 0, 0.1, 0.2, 0.3], 6],
    ['six falling', 3, [2, 1, 0, -0.1, -0.2, -0.3], 6],
    ['fourteen alternating', 4, repeat(14, 0.1, 0.2), 14],
    ['fifteen within 1σ', 7, repeat(15, 0.9, -0.9, 0.1), 15],
    ['eight on both sides, none within 1σ', 8, [1.5, 1.5, -1.5, 1.5, 1.5, 1.5, 1.5, 1.5], 8],
  ])('%s', (_, test, points, at) => {
    expect(nelsonTests(points, unit, { tests: [test] })).toEqual([{ test, at, points: upTo(at, points.length) }]);
    expect(firesAt(test, points.slice(0, -1))).toEqual([]);
  });

  it.each<[string, NelsonTest, number[], number[]]>([
    ['two of three beyond 2σ', 5, [2.5, 0, 2.1], [1, 3]],
    ['two of three beyond −2σ', 5, [0, -2.5, -2.1], [2, 3]],
    ['two beyond 2σ before there is a third', 5, [2.5, 2.1], [1, 2]],
    ['four of five beyond 1σ', 6, [1.5, 1.2, 0, 3.5, 1.1], [1, 2, 4, 5]],
    ['four of five beyond −1σ', 6, [-1.5, 0.5, -1.2, -3.5, -1.1], [1, 3, 4, 5]],
  ])('%s, naming only the points beyond', (_, test, points, concerned) => {
    expect(nelsonTests(points, unit, { tests: [test] })).toEqual([{ test, at: points.length, points: concerned }]);
  });
});

describe('a Nelson test stays silent', () => {
  it.each<[string, NelsonTest, number[]]>([
    ['for a point on the 3σ line', 1, [3, -3]],
    ['for a run across the center line', 2, [...repeat(8, 0.5), 0, ...repeat(8, 0.5)]],
    ['for a trend with two equal neighbours', 3, [0, 0.1, 0.2, 0.2, 0.3, 0.4, 0.5]],
    ['for an alternation with two equal neighbours', 4, [...repeat(12, 0.1, 0.2), 0.2, ...repeat(12, 0.1, 0.2)]],
    ['for points beyond 2σ on different sides', 5, [2.5, -2.5, 0.1, 2.5, -2.5]],
    ['for points on the 2σ line', 5, [2, 2, 2]],
    ['where the last of three is not beyond', 5, [-2.5, 0, 0.5, 2.5, 0, 0]],
    ['for points beyond 1σ on different sides', 6, repeat(10, 1.5, -1.5)],
    ['for fifteen with one outside zone C', 7, [...repeat(14, 0.5, -0.5), 1.1, ...repeat(14, 0.5, -0.5)]],
    ['for eight beyond 1σ on one side', 8, repeat(12, 1.5)],
    ['for eight on both sides with one within 1σ', 8, [...repeat(7, 1.5, -1.5), 1, ...repeat(7, 1.5, -1.5)]],
  ])('%s (test %d)', (_, test, points) => {
    expect(firesAt(test, points)).toEqual([]);
  });

  it('in test 5 and 6 at a point that is not itself beyond, unless the variant says so', () => {
    expect(firesAt(5, [2.5, 2.5, 0])).toEqual([2]);
    expect(firesAt(5, [2.5, 2.5, 0], unit, OTHER_SOFTWARE)).toEqual([2, 3]);
    expect(firesAt(6, [1.5, 1.5, 1.5, 1.5, 0])).toEqual([4]);
    expect(firesAt(6, [1.5, 1.5, 1.5, 1.5, 0], unit, OTHER_SOFTWARE)).toEqual([4, 5]);
  });

  it('across a missing point, which still counts in the numbering', () => {
    const points = [...repeat(8, 0.5), null, ...repeat(9, 0.5)];
    expect(nelsonTests(points, unit, { tests: [2] })).toEqual([{ test: 2, at: 18, points: upTo(18, 9) }]);
  });
});

describe('the state of the run rules', () => {
  it('stays small however long the chart gets', () => {
    let state = initialRuleState();
    for (let point = 0; point < 1000; point += 1) state = stepRules(state, Math.sin(point), unit).state;
    expect(state.seen).toBe(1000);
    expect([state.values.length, state.zones.length]).toEqual([15, 15]);
  });

  it('keeps each point in the zone it had by the limits of its time', () => {
    const wide = stepRules(initialRuleState(), 2.5, unit).state;
    const { signals } = stepRules(wide, 2.5, { center: 0, sigma: 10 }, [5]);
    expect(signals).toEqual([]);
    expect(stepRules(wide, 2.5, unit, [5]).signals).toEqual([{ test: 5, at: 2, points: [1, 2] }]);
  });

  it('is not changed by the step', () => {
    const state = Object.freeze({ seen: 1, values: Object.freeze([1]), zones: Object.freeze([1]) });
    stepRules(state, 2, unit);
    expect(state).toEqual({ seen: 1, values: [1], zones: [1] });
  });

  it('is refused where it is none', () => {
    const watcher = createRuleWatcher(unit);
    for (const state of [
      { seen: 0, values: [1], zones: [1] },
      { seen: 2, values: [1, 2], zones: [1] },
      { seen: 1, values: [1], zones: [5] },
      { seen: 1, values: [NaN], zones: [1] },
      { seen: 30, values: repeat(21, 1), zones: repeat(21, 1) },
    ]) {
      expect(() => watcher.restore(state)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
    }
  });
});

describe('run rules are refused', () => {
  it.each([0, -1, NaN, Infinity])('with a sigma of %d, by which nothing can be judged', (sigma) => {
    expect(() => createRuleWatcher({ center: 0, sigma })).toThrow(expect.objectContaining({ code: 'BAD_LIMITS' }));
    expect(() => stepRules(initialRuleState(), 1, { center: 0, sigma })).toThrow(expect.objectContaining({ code: 'BAD_LIMITS' }));
  });

  it('for a point that is not a number', () => {
    expect(() => nelsonTests([1, NaN], unit)).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }));
  });

  it('with a test that does not exist or is named twice, or a run out of range', () => {
    expect(() => nelsonTests([], unit, { tests: [9 as NelsonTest] })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
    expect(() => nelsonTests([], unit, { tests: [1, 1] })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
    for (const runLength of [1, 21, 8.5]) {
      expect(() => nelsonTests([], unit, { variant: { ...NELSON_1984, runLength } })).toThrow(
        expect.objectContaining({ code: 'BAD_OPTION' }),
      );
    }
  });
});
