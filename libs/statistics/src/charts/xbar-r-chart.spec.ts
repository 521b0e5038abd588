import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  addSubgroup,
  d2,
  d3,
  initialXbarRState,
  judgeSubgroup,
  nelsonTests,
  xbarRLimits,
  xbarRLimitsForSize,
  xbarRLimitsOf,
} from '../index.js';
import type { Subgroup } from '../index.js';

interface QccChart {
  readonly center: number;
  readonly std_dev: number;
  readonly limits: readonly [readonly [number, number]];
  readonly stats: readonly number[];
  readonly newstats?: readonly number[];
  readonly violations: { readonly beyond: readonly number[]; readonly runs: readonly number[] };
}
const rings = JSON.parse(readFileSync(new URL('../fixtures/piston-rings.json', import.meta.url), 'utf8')) as {
  readonly subgroups: readonly (readonly number[])[];
  readonly qcc: { readonly xbar: QccChart; readonly range: QccChart; readonly xbarPhase2: QccChart };
};
const phase1 = xbarRLimits(rings.subgroups.slice(0, 25));
// qcc 2.7 calculates with d2 and d3 rounded as in its own tables, which this undoes.
const QCC_D2 = 2.326;
const QCC_D3 = 0.8640855;

describe('the X̄ and R chart of the piston rings', () => {
  it('has the center line and the spread of the published analysis', () => {
    expect(phase1.center).toBeCloseTo(rings.qcc.xbar.center, 11);
    expect((phase1.sigma * d2(5)) / QCC_D2).toBeCloseTo(rings.qcc.xbar.std_dev, 13);
    expect(phase1.range.center).toBeCloseTo(rings.qcc.range.center, 13);
    expect(phase1).toMatchObject({ n: 5, subgroups: 25, omitted: 0 });
  });

  it('has its limits for means', () => {
    const [lcl, ucl] = rings.qcc.xbar.limits[0];
    const halfWidth = (ucl - lcl) / 2;
    expect(Math.abs((phase1.xbar.ucl - phase1.center) / halfWidth - 1)).toBeLessThan(2e-4);
    expect(((phase1.xbar.ucl - phase1.center) * d2(5)) / QCC_D2).toBeCloseTo(halfWidth, 12);
    expect(((phase1.center - phase1.xbar.lcl) * d2(5)) / QCC_D2).toBeCloseTo(halfWidth, 12);
  });

  it('has its limits for ranges', () => {
    const [lcl, ucl] = rings.qcc.range.limits[0];
    expect(phase1.range.lcl).toBe(lcl);
    expect(Math.abs(phase1.range.ucl / ucl - 1)).toBeLessThan(2e-4);
    const asPrinted = phase1.range.center * (1 + (3 * QCC_D3) / QCC_D2);
    expect(asPrinted).toBeCloseTo(ucl, 12);
  });

  it('finds every mean and range of phase 1 within limits, as plotted there', () => {
    const verdicts = rings.subgroups.slice(0, 25).map((subgroup) => judgeSubgroup(phase1, subgroup));
    for (const [index, verdict] of verdicts.entries()) {
      expect(verdict?.xbar.value).toBeCloseTo(rings.qcc.xbar.stats[index], 11);
      expect(verdict?.range.value).toBeCloseTo(rings.qcc.range.stats[index], 11);
      expect([verdict?.xbar.beyond, verdict?.range.beyond]).toEqual([null, null]);
    }
  });

  it('finds samples 37, 38 and 39 beyond the frozen limits, and a run of seven up to sample 40', () => {
    const means = rings.subgroups.map((subgroup) => judgeSubgroup(phase1, subgroup));
    const beyond = means.flatMap((verdict, index) => (verdict?.xbar.beyond === 'above' ? [index + 1] : []));
    expect(beyond).toEqual(rings.qcc.xbarPhase2.violations.beyond);
    const runs = nelsonTests(
      means.map((verdict) => verdict?.xbar.value ?? null),
      { center: phase1.center, sigma: phase1.sigma / Math.sqrt(5) },
      { tests: [2], variant: { runLength: 7, lastPointBeyond: true, bothSides: true } },
    );
    expect(runs.map(({ at }) => at)).toEqual(rings.qcc.xbarPhase2.violations.runs);
  });
});

describe('X̄ and R limits', () => {
  it('follow the size of each subgroup', () => {
    const limits = xbarRLimits([
      [1, 3],
      [2, 4, 6],
      [1, 5],
      [0, 4, 8, 4],
    ]);
    expect(limits.center).toBeCloseTo(38 / 11, 14);
    expect(limits.sigma).toBeCloseTo((2 / d2(2) + 4 / d2(3) + 4 / d2(2) + 8 / d2(4)) / 4, 13);
    expect(limits.bySize.map(({ n }) => n)).toEqual([2, 3, 4]);
    expect(limits.n).toBe(2);
    for (const { n, xbar, range } of limits.bySize) {
      expect(xbar.ucl - xbar.center).toBeCloseTo((3 * limits.sigma) / Math.sqrt(n), 13);
      expect(range.ucl).toBeCloseTo((d2(n) + 3 * d3(n)) * limits.sigma, 13);
      expect(range.lcl).toBe(0);
    }
  });

  it('have a lower limit for ranges from seven values on', () => {
    expect(xbarRLimitsForSize({ center: 0, sigma: 1 }, 6).range.lcl).toBe(0);
    expect(xbarRLimitsForSize({ center: 0, sigma: 1 }, 7).range.lcl).toBeCloseTo(d2(7) - 3 * d3(7), 14);
  });

  it('take a missing value for a smaller subgroup, and leave out one without a range', () => {
    const limits = xbarRLimits([[1, null, 3], [5, null, null], [null], [2, 4, 6]]);
    expect(limits.bySize.map(({ n }) => n)).toEqual([2, 3]);
    expect(limits).toMatchObject({ subgroups: 2, omitted: 2, center: 16 / 5 });
    expect(judgeSubgroup(limits, [5, null, null])).toBeNull();
    expect(judgeSubgroup(limits, [2, null, 4])?.n).toBe(2);
  });

  it('do not rest on excluded subgroups', () => {
    expect(
      xbarRLimits(
        [
          [1, 3],
          [100, 900],
          [2, 4],
        ],
        { excluded: [2] },
      ),
    ).toEqual(
      xbarRLimits([
        [1, 3],
        [2, 4],
      ]),
    );
  });

  it('are as wide as asked', () => {
    const process = { center: 10, sigma: 2 };
    expect(xbarRLimitsForSize(process, 4, { widthSigmas: 2 }).xbar).toEqual({ center: 10, lcl: 8, ucl: 12 });
    expect(() => xbarRLimitsForSize(process, 4, { widthSigmas: 0 })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });

  it('do not count a point on a limit as beyond it', () => {
    const process = { center: 10, sigma: 2 };
    expect(judgeSubgroup(process, [12, 14, 14, 12])?.xbar).toEqual({ value: 13, beyond: null });
    expect(judgeSubgroup(process, [12, 14, 14, 12.5])?.xbar.beyond).toBe('above');
    expect(judgeSubgroup(process, [6, 6, 7, 8])?.xbar.beyond).toBe('below');
    expect(judgeSubgroup(process, [0, 20, 0, 20])?.range.beyond).toBe('above');
  });

  it('are refused without a usable subgroup or with one that is no set of numbers', () => {
    expect(() => xbarRLimits([])).toThrow(expect.objectContaining({ code: 'TOO_FEW_POINTS' }));
    expect(() => xbarRLimits([[1], [2]])).toThrow(expect.objectContaining({ code: 'TOO_FEW_POINTS' }));
    expect(() => xbarRLimits([[1, NaN]])).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }));
    expect(() => xbarRLimits([Array.from({ length: 101 }, () => 1)])).toThrow(expect.objectContaining({ code: 'SIZE_OUT_OF_RANGE' }));
  });

  const value = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
  const subgroups = fc.array(fc.array(fc.option(value, { freq: 9 }), { minLength: 2, maxLength: 6 }), { minLength: 1, maxLength: 30 });

  it('are the same one subgroup at a time, through stored state, as all at once', () => {
    fc.assert(
      fc.property(subgroups, (all) => {
        fc.pre(all.some((subgroup) => subgroup.filter((one) => one !== null).length > 1));
        let state = initialXbarRState();
        for (const subgroup of all) state = JSON.parse(JSON.stringify(addSubgroup(state, subgroup))) as typeof state;
        expect(xbarRLimitsOf(state)).toEqual(xbarRLimits(all));
      }),
    );
  });

  it('are those of the textbook formulas', () => {
    const equal = fc
      .integer({ min: 2, max: 8 })
      .chain((n) => fc.array(fc.array(value, { minLength: n, maxLength: n }), { minLength: 1, maxLength: 20 }));
    fc.assert(
      fc.property(equal, (all: Subgroup[]) => {
        const groups = all as number[][];
        const n = groups[0].length;
        const average = (terms: number[]): number => terms.reduce((sum, term) => sum + term, 0) / terms.length;
        const grandMean = average(groups.map(average));
        const meanRange = average(groups.map((group) => Math.max(...group) - Math.min(...group)));
        const limits = xbarRLimits(groups);
        expect(Math.abs(limits.xbar.ucl - (grandMean + (3 / (d2(n) * Math.sqrt(n))) * meanRange))).toBeLessThan(1e-8);
        expect(Math.abs(limits.range.ucl - (1 + (3 * d3(n)) / d2(n)) * meanRange)).toBeLessThan(1e-8);
      }),
    );
  });
});
