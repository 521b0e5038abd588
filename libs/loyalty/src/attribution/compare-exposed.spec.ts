import fc from 'fast-check';
import { DEFAULT_MINIMUMS, claimsEffect, columnsAdjustedForSite, compareExposed, compareStrata, simulateComparison } from './index.js';
import type { Covariate, StratumCounts } from './index.js';
import { mantelHaenszelDifference } from './mantel-haenszel.js';

const stratum = (name: string, exposedEvents: number, exposed: number, unexposedEvents: number, unexposed: number): StratumCounts => ({
  stratum: name,
  exposedEvents,
  exposed,
  unexposedEvents,
  unexposed,
});
const smallest = { accountsPerArm: 1, eventsPerArm: 1, eventsPerStratum: 1 };

const strata = fc.array(
  fc
    .record({
      exposed: fc.integer({ min: 20, max: 200 }),
      unexposed: fc.integer({ min: 20, max: 200 }),
      exposedRate: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
      unexposedRate: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
    })
    .map(({ exposed, unexposed, exposedRate, unexposedRate }) =>
      stratum('s', Math.round(exposed * exposedRate), exposed, Math.round(unexposed * unexposedRate), unexposed),
    ),
  { minLength: 1, maxLength: 6 },
);

describe('a stratified comparison', () => {
  it('of one stratum is the plain comparison of two risks', () => {
    const { riskDifference, riskRatio, crude } = compareStrata([stratum('all', 30, 100, 10, 100)]);
    expect(riskDifference.estimate).toBeCloseTo(0.2, 14);
    expect(riskDifference.standardError).toBeCloseTo(Math.sqrt(0.3 * 0.7 * 0.01 + 0.1 * 0.9 * 0.01), 14);
    expect(riskRatio.estimate).toBeCloseTo(3, 14);
    expect(riskRatio.standardError).toBeCloseTo(Math.sqrt(1 / 30 - 1 / 100 + 1 / 10 - 1 / 100), 14);
    expect(crude.riskDifference.estimate).toBeCloseTo(riskDifference.estimate, 14);
  });

  it('undoes Simpson’s paradox: each stratum shows harm though the totals show protection', () => {
    const comparison = compareStrata([stratum('small accounts', 40, 400, 5, 100), stratum('large accounts', 70, 100, 240, 400)]);
    expect(comparison.crude.riskDifference.estimate).toBeCloseTo(110 / 500 - 245 / 500, 14);
    expect(comparison.riskDifference.estimate).toBeCloseTo((80 * 0.05 + 80 * 0.1) / 160, 14);
    expect(comparison.riskDifference.lower).toBeGreaterThan(0);
  });

  it('says the opposite when the arms change places', () => {
    fc.assert(
      fc.property(strata, (these) => {
        const swapped = these.map((one) => stratum(one.stratum, one.unexposedEvents, one.unexposed, one.exposedEvents, one.exposed));
        const [ours, theirs] = [compareStrata(these, { minimums: smallest }), compareStrata(swapped, { minimums: smallest })];
        expect(theirs.riskDifference.estimate).toBeCloseTo(-ours.riskDifference.estimate, 12);
        expect(theirs.riskDifference.upper).toBeCloseTo(-ours.riskDifference.lower, 12);
        expect(theirs.riskRatio.estimate * ours.riskRatio.estimate).toBeCloseTo(1, 12);
        expect(theirs.riskRatio.pValue).toBeCloseTo(ours.riskRatio.pValue, 10);
      }),
    );
  });

  it('lies between the smallest and the largest difference of its strata', () => {
    fc.assert(
      fc.property(strata, (these) => {
        const { riskDifference } = compareStrata(these, { minimums: smallest });
        const differences = these.map((one) => one.exposedEvents / one.exposed - one.unexposedEvents / one.unexposed);
        expect(riskDifference.estimate).toBeGreaterThanOrEqual(Math.min(...differences) - 1e-12);
        expect(riskDifference.estimate).toBeLessThanOrEqual(Math.max(...differences) + 1e-12);
      }),
    );
  });

  it('does not depend on the order of the accounts', () => {
    const world = columnsAdjustedForSite(simulateComparison(5, { accounts: 400, effect: 0.1 }));
    const backwards = (column: ArrayLike<number | boolean | string>) => Array.from(column).reverse();
    const [site] = world.covariates as readonly Covariate[];
    const reversed = compareExposed({
      outcome: backwards(world.outcome) as number[],
      exposed: backwards(world.exposed) as number[],
      covariates: [{ ...site, values: backwards(site.values) as string[] }],
    });
    expect(reversed.riskDifference.estimate).toBeCloseTo(compareExposed(world).riskDifference.estimate, 14);
  });

  it('is plain JSON, the same on every run', () => {
    const run = () => compareExposed(columnsAdjustedForSite(simulateComparison(6, { effect: 0.1 })));
    expect(JSON.parse(JSON.stringify(run()))).toEqual(run());
  });

  it('reports and drops strata in which nobody, or everybody, was exposed', () => {
    const overlap = stratum('overlap', 30, 100, 10, 100);
    const comparison = compareStrata([
      overlap,
      stratum('never', 0, 0, 9, 50),
      stratum('always', 9, 20, 0, 0),
      stratum('empty', 0, 0, 0, 0),
    ]);
    expect(comparison.dropped).toEqual([
      { stratum: 'never', exposed: 0, unexposed: 50, reason: 'nobody in it was exposed' },
      { stratum: 'always', exposed: 20, unexposed: 0, reason: 'everybody in it was exposed' },
      { stratum: 'empty', exposed: 0, unexposed: 0, reason: 'no accounts' },
    ]);
    expect(comparison.riskDifference).toEqual(compareStrata([overlap]).riskDifference);
    expect(comparison.warnings).toEqual([expect.stringContaining('20 of 120 exposed accounts')]);
  });

  it('finds strata homogeneous that differ by nothing, and not those that point in opposite directions', () => {
    const alike = compareStrata([stratum('A', 30, 100, 10, 100), stratum('B', 30, 100, 10, 100)]);
    const opposed = compareStrata([stratum('A', 30, 100, 10, 100), stratum('B', 10, 100, 30, 100)]);
    expect(alike.homogeneity.riskDifference).toEqual({ statistic: expect.closeTo(0, 20), df: 1, pValue: expect.closeTo(1, 9) });
    expect(opposed.homogeneity.riskDifference?.statistic).toBeCloseTo((2 * 0.2 ** 2) / 0.003, 10);
    expect(opposed.homogeneity.riskDifference?.pValue).toBeLessThan(1e-5);
  });

  it('gives a stratum with too few events no estimate of its own, but keeps it in the pooled one', () => {
    const few = stratum('few', 1, 50, 2, 50);
    const { strata: results, homogeneity, riskDifference } = compareStrata([stratum('many', 30, 100, 10, 100), few]);
    expect(results[1]).toEqual({ ...few, riskDifference: null, riskRatio: null });
    expect(homogeneity).toEqual({ riskDifference: null, riskRatio: null });
    expect(riskDifference.estimate).toBeCloseTo((50 * 0.2 + 25 * -0.02) / 75, 14);
  });

  it('has Sato’s variance equal to McNemar’s when every stratum is a matched pair', () => {
    const pairs = [
      ...Array(12).fill(stratum('p', 1, 1, 0, 1)),
      ...Array(5).fill(stratum('p', 0, 1, 1, 1)),
      ...Array(33).fill(stratum('p', 0, 1, 0, 1)),
    ] as StratumCounts[];
    const { estimate, standardError } = mantelHaenszelDifference(pairs, 0.95, 'sato');
    expect(estimate).toBeCloseTo(7 / 50, 14);
    expect(standardError).toBeCloseTo(Math.sqrt(17 - 7 ** 2 / 50) / 50, 14);
  });
});

describe('a comparison is refused', () => {
  const refused = (these: readonly StratumCounts[], message: RegExp) => {
    expect(() => compareStrata(these)).toThrow(
      expect.objectContaining({ code: 'TOO_FEW_POINTS', message: expect.stringMatching(message) }),
    );
  };

  it('below 50 accounts in an arm, saying how many there are and why that matters', () => {
    refused([stratum('all', 10, 49, 20, 100)], /49 exposed accounts, at least 50 are needed; below 50 the half-width/);
    refused([stratum('all', 20, 100, 10, 49)], /49 unexposed accounts/);
  });

  it('below five events, or five accounts without, in an arm', () => {
    refused([stratum('all', 4, 60, 20, 60)], /4 events among the exposed.*Cochran/);
    refused([stratum('all', 20, 60, 4, 60)], /4 events among the unexposed/);
    refused([stratum('all', 56, 60, 20, 60)], /4 exposed accounts without the event/);
  });

  it('when only strata without overlap made up the number', () => {
    refused(
      [stratum('overlap', 10, 40, 10, 100), stratum('always', 10, 40, 0, 0)],
      /40 exposed accounts in strata that have both arms \(1 without overlap dropped\)/,
    );
  });

  it('not, where the caller answers for smaller numbers; they are part of the result', () => {
    const { minimums } = compareStrata([stratum('all', 2, 10, 3, 10)], { minimums: smallest });
    expect(minimums).toEqual({ ...DEFAULT_MINIMUMS, ...smallest });
    expect(() => compareStrata([stratum('all', 2, 10, 3, 10)], { minimums: { accountsPerArm: 0 } })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    );
  });

  it('for counts that are none, values other than 0 and 1, and columns of different lengths', () => {
    const bad = expect.objectContaining({ code: 'BAD_DATA' });
    expect(() => compareStrata([stratum('all', 11, 10, 0, 10)])).toThrow(bad);
    expect(() => compareStrata([stratum('all', 0.5, 10, 0, 10)])).toThrow(bad);
    expect(() => compareExposed({ outcome: [0, 2], exposed: [0, 1] })).toThrow(/outcome of account 2 is 2/);
    expect(() => compareExposed({ outcome: [0, 1], exposed: [0, NaN] })).toThrow(/exposure of account 2 is NaN/);
    expect(() => compareExposed({ outcome: [0, 1], exposed: [0] })).toThrow(bad);
    const gap: Covariate = { name: 'site', role: 'confounder', measured: 'before-exposure', values: ['A', null] as string[] };
    expect(() => compareExposed({ outcome: [0, 1], exposed: [0, 1], covariates: [gap] })).toThrow(/'site' of account 2 is missing/);
  });
});

describe('in a world whose truth is known', () => {
  it('the strata take out the confounding that misleads the crude comparison', () => {
    const { riskDifference, crude } = compareExposed(columnsAdjustedForSite(simulateComparison(11, { accounts: 40_000, confounding: 1 })));
    expect(claimsEffect(crude.riskDifference)).toBe(true);
    expect(crude.riskDifference.estimate).toBeGreaterThan(0.03);
    expect(claimsEffect(riskDifference)).toBe(false);
  });

  it('the total effect includes what goes by way of complaints, which adjusting for complaints would take away', () => {
    const world = simulateComparison(12, { accounts: 40_000, effect: 0.12, mediated: 0.75 });
    const columns = columnsAdjustedForSite(world);
    const { riskDifference } = compareExposed(columns);
    expect(riskDifference.lower).toBeLessThan(0.12);
    expect(riskDifference.upper).toBeGreaterThan(0.12);
    const disguised: Covariate = { name: 'complaint', role: 'confounder', measured: 'before-exposure', values: world.complaint };
    const adjustedAway = compareExposed({ ...columns, covariates: [...(columns.covariates ?? []), disguised] });
    expect(adjustedAway.riskDifference.upper).toBeLessThan(0.06);
  });

  it('a negative control objects to hidden confounding, and is silent without', () => {
    const judged = (hidden: number) => {
      const world = simulateComparison(13, { accounts: 8000, effect: 0.15, hidden });
      return compareExposed(columnsAdjustedForSite(world), {
        negativeControls: [{ name: 'late payment before', kind: 'outcome', values: world.latePaymentBefore }],
      });
    };
    expect(judged(0)).toMatchObject({ suspicious: false, negativeControls: [{ verdict: 'clear' }] });
    expect(judged(1)).toMatchObject({
      suspicious: true,
      negativeControls: [
        { name: 'late payment before', kind: 'outcome', verdict: 'suspicious', reason: expect.stringContaining('cannot be affected') },
      ],
    });
  });

  it('a control exposure that reached nobody shows nothing', () => {
    const world = simulateComparison(14, { accounts: 8000, effect: 0.15 });
    const unrelated = simulateComparison(15, { accounts: 8000 }).exposed;
    const { negativeControls } = compareExposed(columnsAdjustedForSite(world), {
      negativeControls: [{ name: 'held lot', kind: 'exposure', values: unrelated }],
    });
    expect(negativeControls).toMatchObject([{ kind: 'exposure', verdict: 'clear' }]);
  });
});
