import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { addIndividual, d2, d3, individualsLimits, individualsLimitsOf, initialIndividualsState, judgeIndividual } from '../index.js';

const nist = JSON.parse(readFileSync(new URL('../fixtures/nist-individuals.json', import.meta.url), 'utf8')) as {
  readonly data: readonly number[];
  readonly mean: number;
  readonly mean_MR: number;
  readonly UCL: number;
  readonly LCL: number;
  readonly d2_used: number;
};

describe('the individuals chart of the NIST handbook', () => {
  const limits = individualsLimits(nist.data);

  it('has its center lines', () => {
    expect(limits.center).toBeCloseTo(nist.mean, 12);
    expect(limits.movingRange.center).toBeCloseTo(nist.mean_MR, 12);
    expect(limits).toMatchObject({ values: 10, pairs: 9 });
  });

  it('has its limits, up to the rounding of d2 there', () => {
    const asPrinted = (limit: number): number => limits.center + ((limit - limits.center) * d2(2)) / nist.d2_used;
    expect(asPrinted(limits.individuals.ucl)).toBeCloseTo(nist.UCL, 11);
    expect(asPrinted(limits.individuals.lcl)).toBeCloseTo(nist.LCL, 11);
    expect(Math.abs(limits.individuals.ucl - nist.UCL)).toBeLessThan(0.002);
  });

  it('finds no value beyond them', () => {
    expect(nist.data.map((value) => judgeIndividual(limits, value, null).individual.beyond)).toEqual(nist.data.map(() => null));
  });
});

describe('individuals and moving range limits', () => {
  it('form no moving range across a missing or excluded value', () => {
    const gap = individualsLimits([1, 2, null, 9, 10]);
    expect(gap).toMatchObject({ center: 5.5, values: 4, pairs: 2 });
    expect(gap.movingRange.center).toBe(1);
    expect(individualsLimits([1, 2, 500, 9, 10], { excluded: [3] })).toEqual(gap);
  });

  it('of the moving range lie 3 d3 σ above its center and not below zero', () => {
    const limits = individualsLimits([1, 3, 1, 3]);
    expect(limits.sigma).toBeCloseTo(2 / d2(2), 14);
    expect(limits.movingRange.ucl).toBeCloseTo(2 + (3 * d3(2) * 2) / d2(2), 13);
    expect(limits.movingRange.lcl).toBe(0);
    expect(individualsLimits([1, 3, 1, 3], { widthSigmas: 1 }).individuals.ucl).toBeCloseTo(2 + 2 / d2(2), 14);
  });

  it('judge a new value, and its step from the one before', () => {
    const limits = { individuals: { center: 10, lcl: 4, ucl: 16 }, movingRange: { center: 2, lcl: 0, ucl: 7 } };
    expect(judgeIndividual(limits, 16, 9)).toEqual({ individual: { value: 16, beyond: null }, movingRange: { value: 7, beyond: null } });
    expect(judgeIndividual(limits, 16.5, 9)).toEqual({
      individual: { value: 16.5, beyond: 'above' },
      movingRange: { value: 7.5, beyond: 'above' },
    });
    expect(judgeIndividual(limits, 3.5, null)).toEqual({ individual: { value: 3.5, beyond: 'below' }, movingRange: null });
  });

  it('are refused without two neighbours or for what is not a number', () => {
    expect(() => individualsLimits([])).toThrow(expect.objectContaining({ code: 'TOO_FEW_POINTS' }));
    expect(() => individualsLimits([1, null, 2])).toThrow(expect.objectContaining({ code: 'TOO_FEW_POINTS' }));
    expect(() => individualsLimits([1, Infinity])).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }));
    expect(() => judgeIndividual(individualsLimits([1, 2]), NaN, null)).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }));
  });

  it('are the same one value at a time, through stored state, as all at once', () => {
    const values = fc.array(fc.option(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { freq: 9 }), { maxLength: 60 });
    fc.assert(
      fc.property(values, (all) => {
        fc.pre(all.some((one, index) => one !== null && index > 0 && all[index - 1] !== null));
        let state = initialIndividualsState();
        for (const one of all) state = JSON.parse(JSON.stringify(addIndividual(state, one))) as typeof state;
        expect(individualsLimitsOf(state)).toEqual(individualsLimits(all));
        const present = all.filter((one) => one !== null);
        const plain = present.reduce((sum, one) => sum + one, 0) / present.length;
        expect(Math.abs(individualsLimits(all).center - plain)).toBeLessThan(1e-8);
      }),
    );
  });
});
