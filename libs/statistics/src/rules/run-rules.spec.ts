import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { RULE_NUMBERS, createRuleStream, createRuleWatcher, nelsonTests, ruleText, runRules, scanRules, stepRules } from '../index.js';
import type { RuleNumber, RuleSignal, RunRulesOptions } from '../index.js';

interface PistonRings {
  readonly center: number;
  readonly sigma_of_plotted: number;
  readonly values: readonly number[];
  readonly western_electric: Record<string, number[]>;
}
const { pistonRings } = JSON.parse(readFileSync(new URL('../fixtures/nelson-tests.json', import.meta.url), 'utf8')) as {
  pistonRings: PistonRings;
};

const unit = { center: 0, sigma: 1 };
const WESTERN: RunRulesOptions = { set: 'western-electric' };
const repeat = (count: number, ...pattern: number[]): number[] =>
  Array.from({ length: count }, (_, index) => pattern[index % pattern.length]);
const firesAt = (rule: RuleNumber, points: readonly (number | null)[], options: RunRulesOptions = WESTERN): number[] =>
  runRules(points, unit, { ...options, rules: [rule] }).signals.map(({ at }) => at);

describe('the Western Electric rules', () => {
  it.each([1, 2, 3, 4] as const)('agree on the piston rings, rule %d', (rule) => {
    const { signals } = runRules(pistonRings.values, { center: pistonRings.center, sigma: pistonRings.sigma_of_plotted }, WESTERN);
    expect(signals.filter((signal) => signal.rule === rule).map(({ at }) => at)).toEqual(pistonRings.western_electric[rule]);
  });

  it.each<[string, RuleNumber, number[], number[]]>([
    ['a point beyond 3σ', 1, [3.01], [1]],
    ['two of three beyond 2σ, whichever is the odd one', 2, [2.1, 0, 2.1], [1, 3]],
    ['four of five beyond 1σ', 3, [-1.1, -1.1, 3, -1.1, -1.1], [1, 2, 4, 5]],
    ['eight on one side', 4, repeat(8, 0.1), [1, 2, 3, 4, 5, 6, 7, 8]],
    ['a trend of six', 5, [-0.3, -0.2, -0.1, 0, 0.1, 0.2], [1, 2, 3, 4, 5, 6]],
    ['stratification: fifteen within 1σ', 6, repeat(15, 0.5, -0.5, 0.9), Array.from({ length: 15 }, (_, index) => index + 1)],
    ['a mixture: eight avoiding 1σ, on both sides', 7, repeat(8, 1.5, -1.5, -1.5), [1, 2, 3, 4, 5, 6, 7, 8]],
    ['systematic variation: fourteen up and down', 8, repeat(14, 0.2, -0.2), Array.from({ length: 14 }, (_, index) => index + 1)],
  ])('see %s (rule %d) at its last point and not before', (_, rule, points, concerned) => {
    expect(runRules(points, unit, { ...WESTERN, rules: [rule] }).signals).toEqual([{ rule, at: points.length, points: concerned }]);
    expect(firesAt(rule, points.slice(0, -1))).toEqual([]);
  });

  it('are the first four unless the handbook’s other patterns are asked for', () => {
    const trend = [-0.5, -0.4, -0.3, -0.2, -0.1, 0.1, 0.2];
    expect(runRules(trend, unit, WESTERN)).toMatchObject({ signals: [], rules: [{ rule: 1 }, { rule: 2 }, { rule: 3 }, { rule: 4 }] });
    expect(runRules(trend, unit, { ...WESTERN, rules: RULE_NUMBERS }).signals.map(({ rule, at }) => [rule, at])).toEqual([
      [5, 6],
      [5, 7],
    ]);
  });

  /** Zones of a normal variable and how probable each is: P(|Z| < 1), P(1 < |Z| < 2), … */
  const zones = [0.341344746068543, 0.135905121983278, 0.0214002339165491, 0.00134989803163009].flatMap((probability, index) => [
    { middle: index + 0.5, probability },
    { middle: -index - 0.5, probability },
  ]);

  /** Mean number of points up to the first signal on a process in control, by the Markov chain of what the rules can still remember. */
  function averageRunLength(rules: readonly RuleNumber[]): number {
    // What eight on a side, two of three and four of five can see of the past: the run's last seven, the last four beyond 1σ, two beyond 2σ.
    const keyOf = (past: readonly number[]): string => {
      const run = past.slice(-7).reverse();
      const broken = run.findIndex((z) => z * run[0] < 0);
      return [
        rules.includes(4) && Math.sign(run[0] ?? 0) * (broken < 0 ? run.length : broken),
        ...[1, 2].map((line) =>
          past
            .slice(line === 1 ? -4 : -2)
            .map((z) => (rules.includes(line === 1 ? 3 : 2) && Math.abs(z) > line ? Math.sign(z) : 0))
            .join()
            .padStart(12, '0,'),
        ),
      ].join(';');
    };
    const states = [{ past: [] as number[], next: [] as { to: number; probability: number }[] }];
    const known = new Map([[keyOf([]), 0]]);
    for (const state of states) {
      for (const { middle, probability } of zones) {
        const past = [...state.past, middle].slice(-8);
        if (runRules(past, unit, { ...WESTERN, rules }).signals.some(({ at }) => at === past.length)) continue;
        const key = keyOf(past);
        const to = known.get(key) ?? states.push({ past, next: [] }) - 1;
        known.set(key, to);
        state.next.push({ to, probability });
      }
    }
    const lengths = new Float64Array(states.length).fill(1);
    for (let sweep = 0; sweep < 8000; sweep += 1) {
      for (const [index, { next }] of states.entries())
        lengths[index] = next.reduce((sum, { to, probability }) => sum + probability * lengths[to], 1);
    }
    return lengths[0];
  }

  it.each<[RuleNumber[], number]>([
    [[1], 370.4],
    [[1, 2], 225.44],
    [[1, 3], 166.05],
    [[1, 4], 152.73],
    [[1, 2, 3, 4], 91.75],
  ])(
    '%j together raise a false alarm every so many points as C. W. Champ and W. H. Woodall calculated (Technometrics 29, 1987)',
    (rules, published) => {
      expect(Math.abs(averageRunLength(rules) - published)).toBeLessThan(0.006);
    },
  );
});

describe('a report of the run rules', () => {
  it('names the rules with the counts in force and says how often each fired', () => {
    const report = runRules([...repeat(8, 0.5), null, 4], unit, { runLength: 7, rules: [2, 1] });
    expect(report).toEqual({
      set: 'nelson',
      n: 10,
      judged: 9,
      rules: [
        { rule: 2, text: '7 points in a row on one side of the center line', signals: 2 },
        { rule: 1, text: 'a point beyond 3σ', signals: 1 },
      ],
      variant: {
        runLength: 7,
        lastPointBeyond: true,
        bothSides: true,
        trendLength: 6,
        alternationLength: 14,
        stratificationLength: 15,
        mixtureLength: 8,
      },
      signals: [
        { rule: 2, at: 7, points: [1, 2, 3, 4, 5, 6, 7] },
        { rule: 2, at: 8, points: [2, 3, 4, 5, 6, 7, 8] },
        { rule: 1, at: 10, points: [10] },
      ],
    });
    expect([8, 3].map((rule) => ruleText(rule as RuleNumber, { bothSides: false, trendLength: 7 }))).toEqual([
      '8 points in a row beyond 1σ',
      '7 points in a row steadily rising or falling',
    ]);
  });

  it('counts trends, alternations, stratification and mixtures as long as it is told', () => {
    const fires = (rule: RuleNumber, points: number[], options: RunRulesOptions): number[] => firesAt(rule, points, options);
    expect(
      fires(
        3,
        [1, 2, 3, 4, 5, 6, 7, 8].map((x) => x / 9),
        { trendLength: 8 },
      ),
    ).toEqual([8]);
    expect(fires(4, repeat(5, 0.1, 0.2), { alternationLength: 5 })).toEqual([5]);
    expect(fires(4, [0.1, 0.2, 0.2, 0.1, 0.2], { alternationLength: 3 })).toEqual([5]);
    expect(fires(7, repeat(20, 0.1, -0.2), { stratificationLength: 20 })).toEqual([20]);
    expect(fires(8, repeat(20, 1.1, -1.2), { mixtureLength: 20 })).toEqual([20]);
    expect(fires(2, repeat(20, 1.1), { runLength: 20 })).toEqual([20]);
  });

  it('judges each point by its own limits', () => {
    const sigma = [1, 1, 0.5, 2];
    expect(runRules([2.5, 0, 1.2, 4.1], { center: 0, sigma }, { rules: [1, 5] }).signals).toEqual([
      { rule: 5, at: 3, points: [1, 3] },
      { rule: 5, at: 4, points: [3, 4] },
    ]);
    expect(runRules([4, 14], { center: [0, 10], sigma: 1 }, { rules: [1] }).signals.map(({ at }) => at)).toEqual([1, 2]);
    expect(runRules([4, 12], { center: [0, 10], sigma: 1 }, { rules: [1] }).signals.map(({ at }) => at)).toEqual([1]);
  });

  it('compares trends as plotted, or in each point’s own σ', () => {
    const points = [1, 1.1, 1.2, 1.3, 1.4, 1.5];
    const limits = { center: 0, sigma: [1, 2, 3, 4, 5, 6] };
    expect(runRules(points, limits, { rules: [3], trendLength: 3 }).signals.map(({ at }) => at)).toEqual([3, 4, 5, 6]);
    const falling = runRules(
      points.map((x) => -x),
      limits,
      { rules: [3], trendLength: 3, trendOf: 'standardized' },
    );
    expect(falling.signals.map(({ at }) => at)).toEqual([3, 4, 5, 6]);
    expect(
      runRules([1, 2, 3, 4], { center: 0, sigma: [1, 2, 3, 4] }, { rules: [3], trendLength: 2, trendOf: 'standardized' }).signals,
    ).toEqual([]);
  });

  it('treats an excluded point like a missing one', () => {
    expect(runRules(repeat(9, 0.5), unit, { rules: [2], excluded: [4] })).toMatchObject({ n: 9, judged: 8, signals: [] });
  });

  it('is refused for data and options that make no sense', () => {
    const refused = (code: string, ...args: Parameters<typeof runRules>): void =>
      expect(() => runRules(...args)).toThrow(expect.objectContaining({ code }));
    refused('BAD_DATA', [1, 2], { center: 0, sigma: [1] });
    refused('BAD_LIMITS', [1, 2], { center: 0, sigma: [1, 0] });
    refused('BAD_LIMITS', [1, 2], { center: NaN, sigma: [1, 1] });
    refused('BAD_LIMITS', Float64Array.of(1), { center: 0, sigma: -1 });
    refused('NOT_FINITE', Float64Array.of(1, NaN), unit);
    refused('NOT_FINITE', Float64Array.of(1, Infinity), unit);
    refused('NOT_FINITE', [1, Infinity], unit);
    refused('BAD_OPTION', [1], unit, { set: 'toString' as 'nelson' });
    refused('BAD_OPTION', [1], unit, { trendOf: 'else' as 'plotted' });
    refused('BAD_OPTION', [1], unit, { alternationLength: 2 });
    refused('BAD_OPTION', [1], unit, { mixtureLength: 21 });
    expect(() => runRules(Float64Array.of(1, 2, NaN), unit)).toThrow('point 3');
    expect(() => createRuleStream({ center: 0, sigma: 0 })).toThrow(expect.objectContaining({ code: 'BAD_LIMITS' }));
  });
});

describe('for every series of points the same signals come', () => {
  const point = fc.oneof(fc.double({ min: -4, max: 4, noNaN: true }), fc.constantFrom(-3, -2, -1, 0, 1, 2, 3), fc.constantFrom(0.5, 1.5));
  const stretches = fc
    .array(
      fc.oneof(
        fc.array(point, { maxLength: 30 }),
        fc.array(fc.constantFrom(0.4, 0.5), { maxLength: 40 }),
        fc.array(fc.constantFrom(-1.5, 1.5), { maxLength: 30 }),
      ),
      { maxLength: 5 },
    )
    .map((parts) => parts.flat());
  const options = fc.record({
    set: fc.constantFrom('nelson' as const, 'western-electric' as const),
    rules: fc.constant(RULE_NUMBERS),
    runLength: fc.integer({ min: 2, max: 20 }),
    trendLength: fc.integer({ min: 2, max: 20 }),
    alternationLength: fc.integer({ min: 3, max: 20 }),
    stratificationLength: fc.integer({ min: 2, max: 20 }),
    mixtureLength: fc.integer({ min: 2, max: 20 }),
    lastPointBeyond: fc.boolean(),
    bothSides: fc.boolean(),
  });
  const limits = { center: 0.1, sigma: 0.9 };

  it('from a whole array, block by block, and from a stream, point by point', () => {
    fc.assert(
      fc.property(stretches, options, fc.nat(), (points, chosen, cut) => {
        const whole = runRules(Float64Array.from(points), limits, chosen).signals;
        const at = points.length === 0 ? 0 : cut % points.length;
        const first = createRuleStream(limits, chosen);
        const signals: RuleSignal[] = points.slice(0, at).flatMap((value) => first.push(value));
        const second = createRuleStream({ center: 7, sigma: 7 }, chosen);
        second.restore(first.snapshot());
        signals.push(...points.slice(at).flatMap((value) => second.push(value, limits)));
        expect(signals).toEqual(whole);
        expect(runRules(points, limits, chosen).signals).toEqual(whole);
        expect(runRules(points, { center: points.map(() => limits.center), sigma: limits.sigma }, chosen).signals).toEqual(whole);
        const { rule, at: numbers } = scanRules(points, limits, chosen);
        expect([[...rule], [...numbers]]).toEqual([whole.map((signal) => signal.rule), whole.map((signal) => signal.at)]);
      }),
      { numRuns: 300 },
    );
  });

  it('when the chart is turned upside down, moved or counted in another unit', () => {
    const whole = fc.array(fc.integer({ min: -8, max: 8 }), { maxLength: 80 });
    fc.assert(
      fc.property(whole, options, (points, chosen) => {
        const { signals } = runRules(points, { center: 0, sigma: 2 }, chosen);
        expect(
          runRules(
            points.map((x) => -x),
            { center: 0, sigma: 2 },
            chosen,
          ).signals,
        ).toEqual(signals);
        expect(
          runRules(
            points.map((x) => 16 * x + 64),
            { center: 64, sigma: 32 },
            chosen,
          ).signals,
        ).toEqual(signals);
      }),
    );
  });

  it('by Nelson’s numbers from the batch, the watcher and the pure step', () => {
    const points = repeat(60, 0.5, 2.2, 2.4, 1.3, 1.2, 3.5, -0.2);
    const watcher = createRuleWatcher(unit);
    let state = watcher.snapshot();
    const stepped = points.flatMap((value) => {
      const step = stepRules(state, value, unit);
      state = step.state;
      return step.signals;
    });
    expect(points.flatMap((value) => watcher.push(value))).toEqual(nelsonTests(points, unit));
    expect(stepped).toEqual(nelsonTests(points, unit));
    expect(runRules(points, unit).signals.map(({ rule, ...signal }) => ({ test: rule, ...signal }))).toEqual(stepped);
  });
});
