import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { compareProportions, compareRates, fisherExact, pareto, poissonRate, proportion } from './index.js';
import { inferenceReferences } from './references.js';
import { rulesReferences } from '../rules/references.js';

const read = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
const refused = (code: string, calculation: () => unknown): void => expect(calculation).toThrow(expect.objectContaining({ code }));

describe('published results', () => {
  const cases = [...inferenceReferences(read), ...rulesReferences(read)].flatMap(({ name, cases: of }) =>
    of.map((each) => [name, each.quantity, each] as const),
  );
  it.each(cases)('are met: %s, %s', (_, __, { published, tolerance, ours }) => {
    expect(Math.abs(ours() - published)).toBeLessThanOrEqual(tolerance);
  });
});

describe('a Pareto analysis', () => {
  it('adds up entries of one category, by count or by cost, and keeps the order of equals', () => {
    const categories = ['scratch', 'dent', 'stain', 'dent', 'crack'];
    expect(pareto({ categories }).items.map(({ category, count }) => [category, count])).toEqual([
      ['dent', 2],
      ['scratch', 1],
      ['stain', 1],
      ['crack', 1],
    ]);
    const byCost = pareto({ categories, counts: [4, 1, 1, 1, 1], weights: [1, 2, 2, 3, 40] });
    expect(byCost.items.map(({ category, weighted, class: of }) => [category, weighted, of])).toEqual([
      ['crack', 40, 'A'],
      ['dent', 5, 'A'],
      ['scratch', 4, 'B'],
      ['stain', 2, 'C'],
    ]);
    expect(byCost).toMatchObject({
      count: 8,
      total: 51,
      classes: [{ class: 'A', categories: 2 }, { categories: 1 }, { class: 'C', share: 2 / 51 }],
    });
  });

  it('gives the category that crosses a limit to the class it completes, but not the one after a limit met exactly', () => {
    const classes = (counts: number[], limits?: { a: number; b: number }): string =>
      pareto({ categories: counts.map(String), counts }, { limits })
        .items.map((item) => item.class)
        .join('');
    expect(classes([90, 6, 4])).toBe('ABC');
    expect(classes([5, 3, 1, 0.6, 0.4])).toBe('AABBC');
    // 1.2 of 1.5, which doubles make 0.7999999999999999.
    expect(pareto({ categories: ['a', 'b', 'c'], counts: [0.6, 0.6, 0.3] }).items.map((item) => item.class).join('')).toBe('AAB');
    expect(classes([0.3, 0.2, 0.1], { a: 0.5 / 0.6, b: 1 })).toBe('AAB');
  });

  it('is refused without anything to share', () => {
    refused('TOO_FEW_POINTS', () => pareto({ categories: [] }));
    refused('BAD_DATA', () => pareto({ categories: ['a'], counts: [0] }));
    refused('BAD_DATA', () => pareto({ categories: ['a', 'b'], counts: [1] }));
    refused('BAD_DATA', () => pareto({ categories: ['a'], weights: [-1] }));
    refused('NOT_FINITE', () => pareto({ categories: ['a'], counts: [NaN] }));
    refused('BAD_OPTION', () => pareto({ categories: ['a'] }, { limits: { a: 0.9, b: 0.8 } }));
  });
});

/** Probabilities of 0 to n successes, each from the one before. */
function binomial(n: number, p: number): number[] {
  const all = [(1 - p) ** n];
  for (let x = 1; x <= n; x += 1) all.push((all[x - 1] * (n - x + 1) * p) / (x * (1 - p)));
  return all;
}
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

describe('a proportion', () => {
  const counts = fc.integer({ min: 1, max: 60 }).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));

  it('has exact p-values: the sum over all outcomes that count, for every count and null proportion', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 19 }), ([x, n], twentieths) => {
        const p = twentieths / 20;
        const all = binomial(n, p);
        const of = (alternative: 'two-sided' | 'less' | 'greater') => proportion(x, n, { nullProportion: p, alternative }).test?.pValue;
        expect(of('less')).toBeCloseTo(total(all.slice(0, x + 1)), 11);
        expect(of('greater')).toBeCloseTo(total(all.slice(x)), 11);
        expect(of('two-sided')).toBeCloseTo(total(all.filter((probability) => probability <= all[x] * (1 + 1e-7))), 11);
      }),
    );
  });

  it('has a Clopper–Pearson interval at whose ends each tail is exactly α/2', () => {
    fc.assert(
      fc.property(counts, ([x, n]) => {
        const { lower, upper } = proportion(x, n, { confidence: 0.9 }).clopperPearson;
        if (x > 0) expect(total(binomial(n, lower).slice(x))).toBeCloseTo(0.05, 9);
        if (x < n) expect(total(binomial(n, upper).slice(0, x + 1))).toBeCloseTo(0.05, 9);
        expect([x > 0 || lower === 0, x < n || upper === 1]).toEqual([true, true]);
      }),
    );
  });

  it('has intervals that mirror when successes and failures change places', () => {
    fc.assert(
      fc.property(counts, ([x, n]) => {
        const [one, other] = [proportion(x, n), proportion(n - x, n)];
        for (const method of ['wilson', 'clopperPearson', 'agrestiCoull', 'wald'] as const) {
          expect(one[method].lower).toBeCloseTo(1 - other[method].upper, 12);
          expect(one[method].lower).toBeGreaterThanOrEqual(0);
          expect(one[method].lower).toBeLessThanOrEqual(one.estimate + 1e-15);
        }
      }),
    );
  });

  it('keeps tiny p-values and treats certain nulls as certain', () => {
    expect(proportion(50, 50, { nullProportion: 0.01 }).test?.pValue).toBeCloseTo(1e-100, 110);
    expect(proportion(0, 10, { nullProportion: 0 }).test?.pValue).toBe(1);
    expect(proportion(1, 10, { nullProportion: 0 }).test?.pValue).toBe(0);
    expect(proportion(1, 10, { nullProportion: 0, alternative: 'less' }).test?.pValue).toBe(1);
    expect(proportion(9, 10, { nullProportion: 1, alternative: 'less' }).test?.pValue).toBe(0);
    expect(proportion(3, 10).test).toBeNull();
  });

  it('has one-sided intervals that are open on the other side', () => {
    expect(proportion(3, 10, { alternative: 'less' }).clopperPearson).toEqual({
      lower: 0,
      upper: proportion(3, 10, { confidence: 0.9 }).clopperPearson.upper,
    });
    const greater = proportion(3, 10, { alternative: 'greater' });
    expect(greater.wilson.upper).toBe(1);
    expect(greater.wilson.lower).toBeCloseTo(proportion(3, 10, { confidence: 0.9 }).wilson.lower, 14);
  });

  it('is refused for counts that are none', () => {
    for (const [x, n] of [
      [1, 0],
      [-1, 5],
      [6, 5],
      [1.5, 5],
      [1, 5.5],
      [NaN, 5],
    ])
      refused('BAD_DATA', () => proportion(x, n));
    refused('BAD_OPTION', () => proportion(1, 5, { confidence: 95 }));
    refused('BAD_OPTION', () => proportion(1, 5, { nullProportion: 1.1 }));
    refused('BAD_OPTION', () => proportion(1, 5, { alternative: 'both' as 'less' }));
  });
});

describe('two proportions', () => {
  it('give Fisher’s p-value as the sum over all tables with the same margins', () => {
    const choose = (n: number, k: number): number =>
      k < 0 || k > n ? 0 : Array.from({ length: k }, (_, i) => (n - i) / (i + 1)).reduce((product, factor) => product * factor, 1);
    const cell = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(cell, cell, cell, cell, (a, b, c, d) => {
        fc.pre(a + b + c + d > 0);
        const tables = Array.from(
          { length: a + c + 1 },
          (_, x) => (choose(a + b, x) * choose(c + d, a + c - x)) / choose(a + b + c + d, a + c),
        );
        expect(fisherExact(a, b, c, d).pValue).toBeCloseTo(total(tables.filter((each) => each <= tables[a] * (1 + 1e-7))), 10);
        expect(fisherExact(a, b, c, d, { alternative: 'less' }).pValue).toBeCloseTo(total(tables.slice(0, a + 1)), 10);
        const { estimate, lower, upper } = fisherExact(a, b, c, d).oddsRatio;
        const swapped = fisherExact(c, d, a, b).oddsRatio;
        if (upper !== null && lower > 0)
          expect([swapped.upper, swapped.estimate]).toEqual([
            expect.closeTo(1 / lower, 6 - Math.log10(1 / lower)),
            expect.closeTo(1 / (estimate ?? 0), 4),
          ]);
      }),
    );
  });

  it('compare as a hand calculation does', () => {
    const { difference, wald, ratio, zTest } = compareProportions(56, 70, 48, 80);
    expect(difference).toBeCloseTo(0.2, 14);
    expect(wald.lower).toBeCloseTo(0.2 - 1.959963984540054 * Math.sqrt(0.16 / 70 + 0.24 / 80), 13);
    expect(ratio).toMatchObject({
      estimate: expect.closeTo(4 / 3, 14),
      lower: expect.closeTo((4 / 3) * Math.exp(-1.959963984540054 * Math.sqrt(0.2 / 56 + 0.4 / 48)), 13),
    });
    expect(zTest?.z).toBeCloseTo(0.2 / Math.sqrt((104 / 150) * (46 / 150) * (1 / 70 + 1 / 80)), 13);
    expect(compareProportions(0, 5, 0, 9)).toMatchObject({ ratio: null, zTest: null });
    expect(compareProportions(4, 5, 2, 9, { alternative: 'greater' })).toMatchObject({
      newcombe: { upper: 1 },
      wald: { upper: 1 },
      ratio: { upper: null },
    });
  });

  it('are refused for tables that are none', () => {
    refused('BAD_DATA', () => fisherExact(0, 0, 0, 0));
    refused('BAD_DATA', () => fisherExact(1, -1, 1, 1));
    refused('BAD_DATA', () => compareProportions(1, 2, 3, 2));
  });
});

describe('a Poisson rate', () => {
  const poisson = (mean: number): number[] => {
    const all = [Math.exp(-mean)];
    for (let x = 1; x < 200; x += 1) all.push((all[x - 1] * mean) / x);
    return all;
  };

  it('has exact p-values and an interval at whose ends each tail is α/2', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 40 }), (events, mean) => {
        const all = poisson(mean);
        const { test, interval } = poissonRate(events, 4, { nullRate: mean / 4 });
        expect(test?.pValue).toBeCloseTo(Math.min(1, total(all.filter((each) => each <= all[events] * (1 + 1e-7)))), 10);
        if (events > 0) expect(total(poisson(4 * interval.lower).slice(events))).toBeCloseTo(0.025, 9);
        expect(total(poisson(4 * (interval.upper ?? NaN)).slice(0, events + 1))).toBeCloseTo(0.025, 9);
      }),
    );
  });

  it('keeps tiny p-values, and open ends where the alternative leaves them', () => {
    expect(poissonRate(137, 24.19893, { nullRate: 1 }).test?.pValue).toBeGreaterThan(0);
    expect(poissonRate(3, 1, { alternative: 'greater' }).interval.upper).toBeNull();
    expect(poissonRate(3, 1, { alternative: 'less' }).interval.lower).toBe(0);
  });

  it('compared with another gives the inverse when they change places', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 9 }),
        (one, other, exposure) => {
          const [forth, back] = [compareRates(one, exposure, other, 2), compareRates(other, 2, one, exposure)];
          expect(forth.pValue).toBeCloseTo(back.pValue, 10);
          expect(forth.ratio.lower * (back.ratio.upper ?? NaN)).toBeCloseTo(1, 8);
        },
      ),
    );
    expect(compareRates(3, 1, 0, 1).ratio).toMatchObject({ estimate: null, upper: null });
  });

  it('is refused without events to count', () => {
    refused('BAD_DATA', () => poissonRate(1.5, 1));
    refused('BAD_DATA', () => compareRates(0, 1, 0, 1));
    refused('BAD_OPTION', () => poissonRate(1, 0));
    refused('BAD_OPTION', () => compareRates(1, 1, 1, 1, { nullRatio: 0 }));
  });
});
