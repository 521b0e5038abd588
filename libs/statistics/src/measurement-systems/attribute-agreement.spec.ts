import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { binomialCdf } from '../numerics/distributions.js';
import {
  attributeAgreement,
  cohenKappa,
  cohenKappaOfTable,
  fleissKappa,
  fleissKappaOfCounts,
  kendallConcordance,
  shareOf,
} from './index.js';
import type { PublishedStudies } from './references.js';

const studies = JSON.parse(
  readFileSync(new URL('../fixtures/measurement-systems-studies.json', import.meta.url), 'utf8'),
) as PublishedStudies;
const refused = (code: string, message: RegExp): Error => expect.objectContaining({ code, message: expect.stringMatching(message) });

/** Four items, two appraisers, two trials: A is always right, B misses item 3 once and rejects item 1 twice. */
const judged = [
  ['1', 'pass', 'A', ['pass', 'pass']],
  ['2', 'fail', 'A', ['fail', 'fail']],
  ['3', 'fail', 'A', ['fail', 'fail']],
  ['4', 'pass', 'A', ['pass', 'pass']],
  ['1', 'pass', 'B', ['fail', 'fail']],
  ['2', 'fail', 'B', ['fail', 'fail']],
  ['3', 'fail', 'B', ['pass', 'fail']],
  ['4', 'pass', 'B', ['pass', 'pass']],
] as const;
const study = {
  items: judged.flatMap(([item]) => [item, item]),
  standards: judged.flatMap(([, standard]) => [standard, standard]),
  appraisers: judged.flatMap(([, , appraiser]) => [appraiser, appraiser]),
  ratings: judged.flatMap(([, , , ratings]) => [...ratings]),
};

describe('attribute agreement', () => {
  const result = attributeAgreement(study, { acceptable: 'pass' });
  const [a, b] = result.appraisers;

  it('counts items on which an appraiser agrees with themselves and with the standard', () => {
    expect(result).toMatchObject({ items: 4, trials: 2, categories: ['fail', 'pass'] });
    expect(a).toMatchObject({ within: { matched: 4, percent: 100 }, versusStandard: { matched: 4 }, mixed: 0, consistentlyWrong: 0 });
    expect(b).toMatchObject({
      within: { matched: 3, percent: 75 },
      versusStandard: { matched: 2, percent: 50 },
      mixed: 1,
      consistentlyWrong: 1,
    });
  });

  it('counts misses of judgements on rejects and false alarms of judgements on acceptable items', () => {
    expect(a.errors).toMatchObject({ misses: 0, missPercent: 0, falseAlarms: 0, falseAlarmPercent: 0 });
    expect(b.errors).toEqual({
      misses: 1,
      missOpportunities: 4,
      missPercent: 25,
      falseAlarms: 2,
      falseAlarmOpportunities: 4,
      falseAlarmPercent: 50,
    });
  });

  it('compares appraisers with each other, and all of them with the standard', () => {
    expect(result).toMatchObject({ between: { matched: 2 }, allVersusStandard: { matched: 2 }, pairs: [{ first: 'A', second: 'B' }] });
    // 8 pairs of judgements, 5 alike; A passes 4, B passes 3: pe = (4·3 + 4·5)/64.
    expect(result.pairs[0].kappa?.estimate).toBeCloseTo((5 / 8 - 0.5) / 0.5, 12);
    expect(a.standardKappa?.estimate).toBe(1);
    expect(b.withinKappa?.items).toBe(4);
    expect(result.betweenKappa?.raters).toBe(4);
  });

  it('leaves out what was not asked or cannot be: standards, a second trial, a second appraiser', () => {
    const { items, appraisers, ratings } = study;
    const alone = attributeAgreement({ items, appraisers, ratings });
    expect(alone.appraisers[1]).toMatchObject({ versusStandard: null, standardKappa: null, errors: null, consistentlyWrong: null });
    expect(alone.allVersusStandard).toBeNull();
    const once = attributeAgreement({ items: [1, 2], appraisers: ['A', 'A'], ratings: [0, 1] });
    expect(once).toMatchObject({
      between: null,
      betweenKappa: null,
      pairs: [],
      appraisers: [{ within: null, withinKappa: null, errors: null }],
    });
  });

  it('has no kappa where everybody always said the same, and no rate without opportunity', () => {
    const same = attributeAgreement(
      { items: [1, 1, 1, 1], appraisers: ['A', 'A', 'B', 'B'], ratings: ['ok', 'ok', 'ok', 'ok'], standards: ['ok', 'ok', 'ok', 'ok'] },
      { acceptable: 'ok' },
    );
    expect(same).toMatchObject({ betweenKappa: null, pairs: [{ kappa: null }], between: { percent: 100 } });
    expect(same.appraisers[0]).toMatchObject({
      withinKappa: null,
      standardKappa: null,
      errors: { missPercent: null, falseAlarmPercent: 0 },
    });
  });

  it('names what is missing or contradicts itself', () => {
    const cut = { items: study.items.slice(1), appraisers: study.appraisers.slice(1), ratings: study.ratings.slice(1) };
    expect(() => attributeAgreement(cut)).toThrow(refused('BAD_DATA', /appraiser A judged item 1 once, others 2 times/));
    expect(() =>
      attributeAgreement({ ...study, standards: study.standards.map((standard, row) => (row === 1 ? 'fail' : standard)) }),
    ).toThrow(refused('BAD_DATA', /item 1 has two standards, pass and fail/));
    expect(() => attributeAgreement(study, { categories: ['pass'] })).toThrow(refused('BAD_DATA', /fail is not one of the categories/));
    expect(() => attributeAgreement(study, { acceptable: 'good' })).toThrow(refused('BAD_OPTION', /good/));
    expect(() => attributeAgreement({ ...study, ratings: ['pass'] })).toThrow(refused('BAD_DATA', /rows/));
  });
});

describe('the exact interval of a share', () => {
  it('ends where the binomial tails are half of what is left', () => {
    const { lowerPercent, upperPercent } = shareOf(42, 50, 0.95);
    expect(1 - binomialCdf(41, 50, lowerPercent / 100)).toBeCloseTo(0.025, 9);
    expect(binomialCdf(42, 50, upperPercent / 100)).toBeCloseTo(0.025, 9);
  });

  it('is open to 0 and 100 % for none and all', () => {
    expect(shareOf(0, 20, 0.95)).toMatchObject({ lowerPercent: 0, upperPercent: expect.closeTo(100 * (1 - 0.025 ** (1 / 20)), 9) });
    expect(shareOf(20, 20, 0.95)).toMatchObject({ lowerPercent: expect.closeTo(100 * 0.025 ** (1 / 20), 9), upperPercent: 100 });
  });
});

describe('kappa', () => {
  it('of the textbook table 20, 5, 10, 15 is 0.4', () => {
    expect(
      cohenKappaOfTable([
        [20, 5],
        [10, 15],
      ]),
    ).toMatchObject({ n: 50, observedAgreement: 0.7, expectedAgreement: expect.closeTo(0.5, 12), estimate: expect.closeTo(0.4, 12) });
  });

  it('has the large-sample standard error, which for two raters alike is known in closed form', () => {
    // With equal margins of one half: var κ = 4·po(1 − po)/n, and 1/n without agreement beyond chance.
    const { standardError, nullStandardError, lower, upper } = cohenKappaOfTable([
      [40, 10],
      [10, 40],
    ]);
    expect(standardError).toBeCloseTo(Math.sqrt((4 * 0.8 * 0.2) / 100), 12);
    expect(nullStandardError).toBeCloseTo(0.1, 12);
    expect(upper - lower).toBeCloseTo(2 * 1.959964 * standardError, 6);
  });

  it('gives credit for near agreement by linear or squared distance', () => {
    const table = [
      [5, 2, 1],
      [1, 6, 2],
      [0, 3, 5],
    ];
    // By hand: disagreement observed 8/25 halves and 1/25 whole for linear weights, quarters for squared ones.
    const expected = (power: number): number => {
      const rows = table.map((row) => row.reduce((sum, count) => sum + count, 0));
      const columns = table.map((_, column) => table.reduce((sum, row) => sum + row[column], 0));
      let [seen, chance] = [0, 0];
      for (const i of [0, 1, 2])
        for (const j of [0, 1, 2]) {
          seen += ((Math.abs(i - j) / 2) ** power * table[i][j]) / 25;
          chance += ((Math.abs(i - j) / 2) ** power * rows[i] * columns[j]) / 625;
        }
      return 1 - seen / chance;
    };
    expect(cohenKappaOfTable(table, { weights: 'linear' }).estimate).toBeCloseTo(expected(1), 12);
    expect(cohenKappaOfTable(table, { weights: 'quadratic' }).estimate).toBeCloseTo(expected(2), 12);
  });

  it('orders numbers as numbers, and words as listed', () => {
    expect(cohenKappa([10, 9, 2], [10, 9, 9]).categories).toEqual(['2', '9', '10']);
    expect(cohenKappa(['low', 'high'], ['low', 'mid'], { categories: ['low', 'mid', 'high'] }).counts).toEqual([
      [1, 0, 0],
      [0, 0, 0],
      [0, 1, 0],
    ]);
    expect(() => cohenKappa(['a'], ['b'], { categories: ['a', 'a'] })).toThrow(refused('BAD_OPTION', /twice/));
  });

  it('has no value where both raters used one category only, and is 0 where one of them did', () => {
    expect(() => cohenKappa(['x', 'x'], ['x', 'x'])).toThrow(refused('BAD_DATA', /one category/));
    expect(cohenKappa(['x', 'x'], ['x', 'y'])).toMatchObject({ estimate: 0 });
    expect(() =>
      fleissKappa([
        ['x', 'x'],
        ['x', 'x'],
      ]),
    ).toThrow(refused('BAD_DATA', /same category/));
  });

  it('is 1 for perfect agreement, at most 1, and does not care who is first', () => {
    const ratings = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('a', 'b', 'c')), { minLength: 3, maxLength: 30 });
    fc.assert(
      fc.property(ratings, (pairs) => {
        const [first, second] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
        fc.pre(new Set([...first, ...second]).size > 1 && new Set(first).size > 1);
        const kappa = cohenKappa(first, second).estimate;
        expect(kappa).toBeLessThanOrEqual(1 + 1e-12);
        expect(cohenKappa(second, first).estimate).toBeCloseTo(kappa, 12);
        expect(cohenKappa(first, first).estimate).toBeCloseTo(1, 12);
        expect(fleissKappa(pairs.map(([one]) => [one, one, one])).estimate).toBeCloseTo(1, 12);
      }),
    );
  });

  it('of Fleiss is the mean of its categories weighted by share·(1 − share)', () => {
    const { byCategory, estimate } = fleissKappaOfCounts(studies.diagnoses);
    const weight = byCategory.map(({ share }) => share * (1 - share));
    const mean =
      byCategory.reduce((sum, { kappa }, at) => sum + (kappa?.estimate ?? 0) * weight[at], 0) / weight.reduce((sum, value) => sum + value);
    expect(mean).toBeCloseTo(estimate, 12);
  });

  it('of Fleiss has the standard error of Fleiss, Nee and Landis', () => {
    // Shares ½, ¼, ¼: Σpq = 5/8, Σpq(q − p) = 3/16; 4 items by 2 raters: √(2/8)·√(25/64 − 12/64)/(5/8).
    const { standardError, estimate, z } = fleissKappa([
      ['a', 'a'],
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'c'],
    ]);
    expect(standardError).toBeCloseTo((0.5 * Math.sqrt(13 / 64)) / (5 / 8), 12);
    expect(estimate).toBeCloseTo((1 / 4 - 3 / 8) / (5 / 8), 12);
    expect(z).toBeCloseTo(estimate / standardError, 12);
  });

  it('of Fleiss has no value for a category nobody used, and refuses uneven items', () => {
    expect(
      fleissKappa(
        [
          ['a', 'b'],
          ['b', 'b'],
        ],
        { categories: ['a', 'b', 'c'] },
      ).byCategory[2],
    ).toEqual({ category: 'c', share: 0, kappa: null });
    expect(() => fleissKappa([['a', 'b'], ['b']])).toThrow(refused('BAD_DATA', /item 2 has 1 ratings, the first has 2/));
    expect(() => fleissKappa([['a'], ['b']])).toThrow(refused('TOO_FEW_POINTS', /two ratings/));
    expect(() => fleissKappa([])).toThrow(refused('TOO_FEW_POINTS', /one item/));
    expect(() => cohenKappaOfTable([[1, 2]])).toThrow(refused('BAD_DATA', /square/));
    expect(() =>
      cohenKappaOfTable([
        [0, 0],
        [0, 0],
      ]),
    ).toThrow(refused('TOO_FEW_POINTS', /one item/));
  });
});

describe("Kendall's concordance", () => {
  it('is 1 for the same ranking by all, whatever their scales, and 0 for two opposite ones', () => {
    expect(
      kendallConcordance([
        [1, 10, 0.5],
        [2, 40, 0.6],
        [3, 90, 7],
      ]),
    ).toMatchObject({ w: expect.closeTo(1, 12), chiSquare: expect.closeTo(6, 12), df: 2, pValue: expect.closeTo(Math.exp(-3), 9) });
    expect(
      kendallConcordance([
        [1, 3],
        [2, 2],
        [3, 1],
      ]).w,
    ).toBe(0);
  });

  it('keeps the digits of a p-value however small', () => {
    const byMany = [1, 2, 3].map((rank) => Array.from({ length: 200 }, () => rank));
    expect(kendallConcordance(byMany).pValue / Math.exp(-200)).toBeCloseTo(1, 10);
  });

  it('gives ties the mean of their ranks, and is not lowered by them', () => {
    // Ranks 1½, 1½, 3 and 1, 2, 3: W = 12·6.5/(4·24 − 2·6).
    expect(
      kendallConcordance([
        [5, 1],
        [5, 2],
        [8, 3],
      ]).w,
    ).toBeCloseTo(78 / 84, 12);
  });

  it('refuses raters who cannot tell the items apart, and gaps', () => {
    expect(() =>
      kendallConcordance([
        [1, 2],
        [1, 2],
      ]),
    ).toThrow(refused('BAD_DATA', /apart/));
    expect(() => kendallConcordance([[1, 2], [1]])).toThrow(refused('BAD_DATA', /every rater/));
    expect(() => kendallConcordance([[1], [2]])).toThrow(refused('TOO_FEW_POINTS', /two raters/));
  });
});
