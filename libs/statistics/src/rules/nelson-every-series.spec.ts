import fc from 'fast-check';
import { ALL_NELSON_TESTS, createRuleWatcher, initialRuleState, nelsonTests, stepRules } from '../index.js';
import type { NelsonTest, NelsonVariant, RuleState, Signal } from '../index.js';

const unit = { center: 0, sigma: 1 };
const upTo = (last: number, count: number): number[] => Array.from({ length: count }, (_, index) => last - count + 1 + index);

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
    say(
      1,
      window(1)?.every((x) => x > 3 || x < -3),
      numbers(1),
    );
    const run = window(variant.runLength);
    say(2, run !== null && (Math.min(...run) > 0 || Math.max(...run) < 0), numbers(variant.runLength));
    const steps = (count: number): number[] | undefined =>
      window(count)?.flatMap((x, index, all) => (index === 0 ? [] : [x - all[index - 1]]));
    const trend = steps(6);
    say(3, trend !== undefined && (trend.every((step) => step > 0) || trend.every((step) => step < 0)), numbers(6));
    say(
      4,
      steps(14)?.every((step, index, all) => (index === 0 ? step !== 0 : Math.sign(step) === -Math.sign(all[index - 1]) && step !== 0)),
      numbers(14),
    );
    for (const [test, needed, span, line] of [
      [5, 2, 3, 2],
      [6, 4, 5, 1],
    ] as const) {
      const first = Math.max(start, at - span);
      for (const side of [1, -1]) {
        const beyond = points.slice(first, at).flatMap((x, index) => ((x as number) * side > line ? [first + index + 1] : []));
        say(test, beyond.length >= needed && (beyond.includes(at) || !variant.lastPointBeyond), beyond);
      }
    }
    say(
      7,
      window(15)?.every((x) => x >= -1 && x <= 1),
      numbers(15),
    );
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
    fc
      .array(fc.double({ noNaN: true, min: 0, max: 2 }), { maxLength: 20 })
      .map((sizes) => sizes.map((size, index) => (index % 2 === 0 ? size : -size))),
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
