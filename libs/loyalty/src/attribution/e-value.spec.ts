import fc from 'fast-check';
import { eValue } from './index.js';

const exactly = (estimate: number) => ({ estimate, lower: estimate, upper: estimate });
const ratios = fc.double({ min: 0.01, max: 100, noNaN: true });

describe('an E-value', () => {
  it('is 1 where there is nothing to explain away', () => {
    expect(eValue(exactly(1))).toEqual({ estimate: 1, interval: 1 });
  });

  it('is the same for a ratio and its reciprocal', () => {
    fc.assert(fc.property(ratios, (ratio) => expect(eValue(exactly(1 / ratio)).estimate).toBeCloseTo(eValue(exactly(ratio)).estimate, 9)));
  });

  it('solves the bound it comes from: two associations of its size can move no effect as far as the estimate', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 100, noNaN: true }), (ratio) => {
        const e = eValue(exactly(ratio)).estimate;
        expect((e * e) / (2 * e - 1)).toBeCloseTo(ratio, 8);
      }),
    );
  });

  it('of an interval that holds no effect is 1, otherwise that of its nearer end', () => {
    expect(eValue({ estimate: 1.5, lower: 0.9, upper: 2.5 }).interval).toBe(1);
    expect(eValue({ estimate: 3, lower: 2, upper: 4 }).interval).toBeCloseTo(2 + Math.sqrt(2), 14);
    expect(eValue({ estimate: 1 / 3, lower: 1 / 4, upper: 1 / 2 }).interval).toBeCloseTo(2 + Math.sqrt(2), 14);
  });

  it('can be asked towards another value than no effect', () => {
    expect(eValue({ estimate: 3, lower: 2, upper: 4 }, { towards: 1.5 }).estimate).toBeCloseTo(2 + Math.sqrt(2), 14);
    expect(eValue({ estimate: 3, lower: 1.2, upper: 4 }, { towards: 1.5 }).interval).toBe(1);
  });

  it('takes common odds ratios by their square root and common hazard ratios by their risks', () => {
    expect(eValue(exactly(4), { measure: 'odds-ratio-common' }).estimate).toBeCloseTo(2 + Math.sqrt(2), 14);
    const risk = (1 - 0.5 ** Math.sqrt(2)) / (1 - 0.5 ** Math.sqrt(0.5));
    expect(eValue(exactly(2), { measure: 'hazard-ratio-common' }).estimate).toBeCloseTo(risk + Math.sqrt(risk * (risk - 1)), 14);
  });

  it('is refused for what is no ratio within its interval', () => {
    for (const ratio of [exactly(0), exactly(NaN), { estimate: 2, lower: 2.5, upper: 3 }, { estimate: 2, lower: 1, upper: Infinity }]) {
      expect(() => eValue(ratio)).toThrow(expect.objectContaining({ code: 'BAD_DATA' }));
    }
    expect(() => eValue(exactly(2), { towards: 0 })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});
