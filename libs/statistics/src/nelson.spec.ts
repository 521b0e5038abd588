import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { ALL_NELSON_TESTS, NELSON_1984, createRuleWatcher, initialRuleState, mean, nelsonTests, standardDeviation, stepRules } from './index.js';
import type { NelsonTest, NelsonVariant, RuleState, Signal } from './index.js';

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
const { vectors, pistonRings } = JSON.parse(readFileSync(new URL('./fixtures/nelson-tests.json', import.meta.url), 'utf8')) as {
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

const repeat = (count: number, ...pattern: number[]): number[] => Array.from({ length: count }, (_, index) => pattern[index % pattern.length]);
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

/** The tests as one would check a finished chart by hand: every window of the whole series anew. */
function byHand(points: readonly (number | null)[], variant: NelsonVariant): Signal[] {
  const signals: Signal[] = [];
  for (let at = 1; at <= points.length; at += 1) {
    const start = points.slice(0, at).lastIndexOf(null) + 1;
    const numbers = (count: number): number[] => upTo(at, count);
    const window = (count: number): number[] | null => (at - start < count ? null : (points.slice(at - count, at) as number[]));
    const say = (test: NelsonTest, fires: boolean | undefined, concerned: number[]): void => {
      if (fires === true) signals.push({ test, at, points: concerned });
    };
    say(1, window(1)?.every((x) => x > 3 || x < -3), numbers(1));
    const run = window(variant.runLength);
    say(2, run !== null && (Math.min(...run) > 0 || Math.max(...run) < 0), numbers(variant.runLength));
    const steps = (count: number): number[] | undefined => window(count)?.flatMap((x, index, all) => (index === 0 ? [] : [x - all[index - 1]]));
    const trend = steps(6);
    say(3, trend !== undefined && (trend.every((step) => step > 0) || trend.every((step) => step < 0)), numbers(6));
    say(4, steps(14)?.every((step, index, all) => (index === 0 ? step !== 0 : Math.sign(step) === -Math.sign(all[index - 1]) && step !== 0)), numbers(14));
    for (const [test, needed, span, line] of [[5, 2, 3, 2], [6, 4, 5, 1]] as const) {
      const first = Math.max(start, at - span);
      for (const side of [1, -1]) {
        const beyond = points.slice(first, at).flatMap((x, index) => ((x as number) * side > line ? [first + index + 1] : []));
        say(test, beyond.length >= needed && (beyond.includes(at) || !variant.lastPointBeyond), beyond);
      }
    }
    say(7, window(15)?.every((x) => x >= -1 && x <= 1), numbers(15));
    const mixture = window(8);
    const sides = mixture !== null && mixture.some((x) => x > 0) && mixture.some((x) => x < 0);
    say(8, mixture?.every((x) => x > 1 || x < -1) && (sides || !variant.bothSides), numbers(8));
  }
  return signals;
}

describe('for every series of points', () => {
  // Few distinct values, and stretches of the same kind, so that long patterns, ties and points on the lines do occur.
  const levels = [-3.5, -3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5];
  const stretch = fc.oneof(
    fc.array(fc.constantFrom(...levels), { maxLength: 20 }),
    fc.array(fc.constantFrom(-1.5, 1.5, 2.5), { maxLength: 20 }),
    fc.array(fc.constantFrom(-1, -0.5, 0.5), { maxLength: 20 }),
    fc.array(fc.constantFrom(0.5, 1, 1.5), { maxLength: 20 }),
    fc.array(fc.double({ noNaN: true, min: -4, max: 4 }), { maxLength: 20 }).map((rising) => [...rising].sort((one, other) => one - other)),
    fc.array(fc.double({ noNaN: true, min: 0, max: 2 }), { maxLength: 20 }).map((sizes) => sizes.map((size, index) => (index % 2 === 0 ? size : -size))),
    fc.constant<null[]>([null]),
  );
  const series = fc.array<(number | null)[]>(stretch, { maxLength: 6 }).map((stretches) => stretches.flat());
  const variants = fc.record({ runLength: fc.integer({ min: 2, max: 20 }), lastPointBeyond: fc.boolean(), bothSides: fc.boolean() });

  it('all eight tests, in every variant, find what a check of the whole chart by hand finds', () => {
    const ordered = (signals: readonly Signal[]): string[] => signals.map((signal) => JSON.stringify(signal)).sort();
    fc.assert(
      fc.property(series, variants, (points, variant) => {
        expect(ordered(nelsonTests(points, unit, { variant }))).toEqual(ordered(byHand(points, variant)));
      }),
      { numRuns: 400 },
    );
  });

  it('one point at a time, through stored state, gives what the whole series gives', () => {
    fc.assert(
      fc.property(series, (points) => {
        let state: RuleState = initialRuleState();
        const signals: Signal[] = [];
        for (const point of points) {
          const step = stepRules(JSON.parse(JSON.stringify(state)) as RuleState, point, unit);
          state = step.state;
          signals.push(...step.signals);
        }
        expect(signals).toEqual(nelsonTests(points, unit));
      }),
    );
  });

  it('a watcher restored from a snapshot goes on as if it had never stopped', () => {
    fc.assert(
      fc.property(series, fc.nat(), (points, cut) => {
        const at = points.length === 0 ? 0 : cut % points.length;
        const first = createRuleWatcher(unit);
        const before = points.slice(0, at).flatMap((point) => first.push(point));
        const second = createRuleWatcher(unit);
        second.restore(JSON.parse(JSON.stringify(first.snapshot())) as RuleState);
        const after = points.slice(at).flatMap((point) => second.push(point));
        expect([...before, ...after]).toEqual(nelsonTests(points, unit));
      }),
    );
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
      expect(() => nelsonTests([], unit, { variant: { ...NELSON_1984, runLength } })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
    }
  });
});

describe('on a process in control', () => {
  /** Normal deviates from a linear congruential generator (Box–Muller), the same ones each time. */
  function* deviates(): Generator<number> {
    let seed = 12345;
    const uniform = (): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return (seed + 0.5) / 2 ** 32;
    };
    for (;;) yield Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  }

  /** Mean number of points up to the first signal, over a thousand charts. */
  function averageRunLength(tests: readonly NelsonTest[]): number {
    const points = deviates();
    const charts = 1000;
    let seen = 0;
    for (let chart = 0; chart < charts; chart += 1) {
      const watcher = createRuleWatcher({ ...unit, tests });
      do seen += 1;
      while (watcher.push(points.next().value as number).length === 0);
    }
    return seen / charts;
  }

  it('test 1 alone raises a false alarm about every 370 points, all eight about every 73', () => {
    expect(Math.abs(averageRunLength([1]) / 370.4 - 1)).toBeLessThan(0.1);
    expect(Math.abs(averageRunLength(ALL_NELSON_TESTS) / 73 - 1)).toBeLessThan(0.1);
  });
});
