import fc from 'fast-check';
import { compare } from '@touchstone/kernel';
import { wilson } from './wilson.js';

describe('the share of kept promises', () => {
  it('comes with the Wilson interval at 95 %', () => {
    // Worked out with 40 digits; to 4 digits the first three are those of Newcombe 1998 (Stat. Med. 17:857–872), table I, method 3.
    expect(wilson(81, 263)).toEqual({ rate: '0.307985', lower: '0.255289', upper: '0.36621' });
    expect(wilson(15, 148)).toEqual({ rate: '0.101351', lower: '0.062386', upper: '0.160487' });
    expect(wilson(0, 20)).toEqual({ rate: '0', lower: '0', upper: '0.161125' });
    expect(wilson(29, 29)).toEqual({ rate: '1', lower: '0.88303', upper: '1' });
  });
  it('is not claimed from fewer than three', () => {
    expect([wilson(0, 0), wilson(2, 2)]).toEqual([undefined, undefined]);
    expect(wilson(3, 3)).toEqual({ rate: '1', lower: '0.438503', upper: '1' });
  });
  it('lies within its interval, and the interval within 0 and 1', () =>
    fc.assert(fc.property(fc.integer({ min: 3, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (cases, share) => {
      const { rate, lower, upper } = wilson(Math.round(cases * share), cases) ?? { rate: '', lower: '', upper: '' };
      expect([compare('0', lower), compare(lower, rate), compare(rate, upper), compare(upper, '1')].every((each) => each <= 0)).toBe(true);
    })));
});
