import fc from 'fast-check';
import {
  categoryOf, compare, decimal, derivedId, divide, entityOf, instant, isDecimal, isUuid, minus, NotADecimal, originOf, plus, SimulatedClock, sum, times, uuidV5,
} from './index.js';

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }), fc.integer({ min: 0, max: 6 }))
  .map(([units, scale]) => decimal(`${units < 0n ? '-' : ''}${String(units < 0n ? -units : units).padStart(scale + 1, '0').replace(new RegExp(`(\\d{${scale}})$`), scale ? '.$1' : '$1')}`));

describe('decimals', () => {
  it('are exact where floats are not', () => {
    expect(plus('0.1', '0.2')).toBe('0.3');
    expect(minus('100', '99.999')).toBe('0.001');
    expect(times('1.05', '3')).toBe('3.15');
  });
  it('have one canonical form', () => {
    expect(['007', '1.500', '-0', '0.0', '-0.10'].map(decimal)).toEqual(['7', '1.5', '0', '0', '-0.1']);
  });
  it.each(['', ' 1', '1,5', '1e3', '.5', '5.', '+1', 'NaN', '1.0000000000001'])('refuse %j', (text) => {
    expect(isDecimal(text)).toBe(false);
    expect(() => decimal(text)).toThrow(NotADecimal);
  });
  it('divide with half to even, and not by zero', () => {
    expect(divide('1', '3', 4)).toBe('0.3333');
    expect([divide('0.5', '1', 0), divide('1.5', '1', 0), divide('-2.5', '1', 0)]).toEqual(['0', '2', '-2']);
    expect(() => divide('1', '0')).toThrow(RangeError);
  });
  it('add up whatever the order, and subtract back', () => {
    fc.assert(fc.property(decimals, decimals, decimals, (a, b, c) => {
      expect(sum([a, b, c])).toBe(sum([c, a, b]));
      expect(minus(plus(a, b), b)).toBe(a);
      expect(compare(a, b)).toBe(-compare(b, a) + 0);
    }));
  });
});

describe('derived ids', () => {
  it('agree with RFC 9562, appendix A.4', () => {
    expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });
  it('differ when the parts are cut differently', () => {
    expect(derivedId('a', 'bc')).not.toBe(derivedId('ab', 'c'));
    expect(isUuid(derivedId('a'))).toBe(true);
  });
});

describe('instants', () => {
  it('are read with any zone and kept in UTC', () => {
    expect(instant('2026-03-29T02:30:00+02:00')).toBe('2026-03-29T00:30:00.000Z');
  });
  it.each(['2026-03-29', '2026-03-29T02:30:00', '2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z', 'yesterday'])('are not %s', (text) => {
    expect(instant(text)).toBeUndefined();
  });
  it('of a simulated clock never go back', () => {
    const clock = new SimulatedClock('2026-01-02T00:00:00.000Z');
    expect(() => clock.moveTo('2026-01-01T00:00:00.000Z')).toThrow(RangeError);
  });
});

describe('stream names', () => {
  it('tell category, entity and origin', () => {
    expect([categoryOf('lot-a-b'), categoryOf('control/lot-a-b')]).toEqual(['lot', 'lot']);
    expect([entityOf('lot-a-b'), entityOf('control/lot-a-b')]).toEqual(['a-b', 'a-b']);
    expect([originOf('lot-a'), originOf('control/lot-a')]).toEqual([undefined, 'control']);
  });
});
