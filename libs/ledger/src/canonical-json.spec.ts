import fc from 'fast-check';
import { LedgerError, canonicalBytes, canonicalize } from './index.js';

function doubleOf(bits: string): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${bits}`));
  return view.getFloat64(0);
}

function refusal(value: unknown): { code: string; path: readonly (string | number)[] } {
  try {
    canonicalize(value);
  } catch (error) {
    if (error instanceof LedgerError) return { code: error.code, path: error.path };
    throw error;
  }
  throw new Error('accepted what should have been refused');
}

// RFC 8785 appendix B: the bits of a double and how it is written.
const APPENDIX_B: readonly (readonly [bits: string, text: string])[] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
];

describe('canonical JSON writes numbers', () => {
  it.each(APPENDIX_B)('with the bits %s as %s', (bits, text) => {
    expect(canonicalize(doubleOf(bits), { unsafeIntegers: 'as-double' })).toBe(text);
  });

  it('up to the last integer that has a double of its own', () => {
    expect(canonicalize([9007199254740991, -9007199254740991])).toBe('[9007199254740991,-9007199254740991]');
  });

  it.each(['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000'])('but not %s, which is not finite', (bits) => {
    expect(refusal(doubleOf(bits)).code).toBe('NOT_CANONICAL_NUMBER');
    expect(() => canonicalize(doubleOf(bits), { unsafeIntegers: 'as-double' })).toThrow(LedgerError);
  });

  it.each([2 ** 53, -(2 ** 53), 1e30, Number.MAX_VALUE])('but not %d, unless told that it came as a double', (number) => {
    expect(refusal({ quantity: number })).toEqual({ code: 'UNSAFE_INTEGER', path: ['quantity'] });
  });
});

describe('canonical JSON of the examples in RFC 8785', () => {
  it('sorts literals, numbers and an escaped string (section 3.2.2)', () => {
    const input = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    expect(canonicalize(JSON.parse(input), { unsafeIntegers: 'as-double' })).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('sorts names by UTF-16 code units, not by code points (section 3.2.3)', () => {
    const sorted = canonicalize({
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    });
    expect(Object.values(JSON.parse(sorted.replace('"1"', '"one"')) as Record<string, string>)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
    expect(sorted.startsWith(String.raw`{"\r":"Carriage Return","1":"One","`)).toBe(true);
  });
});

describe('canonical JSON', () => {
  it('sorts names that look like numbers as text', () => {
    expect(canonicalize({ 9: 'nine', 10: 'ten', 1: 'one' })).toBe('{"1":"one","10":"ten","9":"nine"}');
  });

  it('sorts at every level and keeps the order of arrays', () => {
    expect(canonicalize({ b: [{ z: 1, a: 2 }, 'first'], a: {} })).toBe('{"a":{},"b":[{"a":2,"z":1},"first"]}');
  });

  it('escapes control characters in lower case and leaves everything else alone', () => {
    expect(canonicalize('\u0000\b\t\n\u000b\f\r\u001f"\\/\u007f\u2028é')).toBe(
      String.raw`"\u0000\b\t\n\u000b\f\r\u001f\"\\/` + '\u007f\u2028é"',
    );
  });

  it('leaves out members whose value is undefined', () => {
    expect(canonicalize({ a: undefined, b: 1, c: undefined })).toBe('{"b":1}');
  });

  it('treats a member called __proto__ as any other', () => {
    const text = '{"__proto__":{"admin":true},"a":1}';
    expect(canonicalize(JSON.parse(text))).toBe(text);
  });

  it('accepts an object without a prototype', () => {
    expect(canonicalize(Object.assign(Object.create(null) as object, { a: 1 }))).toBe('{"a":1}');
  });

  it('has the UTF-8 bytes of its text', () => {
    expect(Buffer.from(canonicalBytes({ '€': '😀' })).toString('hex')).toBe('7b22e282ac223a22f09f9880227d');
  });
});

describe('a value without canonical form is refused and located:', () => {
  class Temperature {
    constructor(readonly celsius: number) {}
  }

  it.each<[string, unknown, (string | number)[]]>([
    ['undefined', undefined, []],
    ['undefined in an array', { readings: [1, undefined] }, ['readings', 1]],
    ['a hole in an array', new Array(1), [0]],
    ['a function', { apply: () => 1 }, ['apply']],
    ['a bigint', { count: 1n }, ['count']],
    ['a symbol', [Symbol('x')], [0]],
    ['a Date', { at: new Date(0) }, ['at']],
    ['a Map', { of: new Map() }, ['of']],
    ['a Set', new Set([1]), []],
    ['bytes', { bytes: new Uint8Array(2) }, ['bytes']],
    ['a boxed number', [Object(1)], [0]],
    ['an instance of a class', { is: new Temperature(20) }, ['is']],
  ])('%s', (_, value, path) => {
    expect(refusal(value)).toEqual({ code: 'NOT_JSON', path });
  });

  it.each(['\ud800', 'a\udc00', '\ude00\ud83d', '😀\ud83d'])('half a surrogate pair, in a value or a name (%j)', (text) => {
    expect(refusal([text])).toEqual({ code: 'LONE_SURROGATE', path: [0] });
    expect(refusal({ [text]: 1 }).code).toBe('LONE_SURROGATE');
  });

  it('an object that contains itself', () => {
    const lot: Record<string, unknown> = { id: 'L-1' };
    lot['parts'] = [{ of: lot }];
    expect(refusal(lot).code).toBe('CYCLIC');
  });

  it('more than 64 containers inside each other', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    expect(canonicalize(nested(64))).toBe(`${'['.repeat(64)}1${']'.repeat(64)}`);
    expect(refusal(nested(65)).code).toBe('TOO_DEEP');
  });

  it('without repeating the value, which may be personal, in the message', () => {
    expect(() => canonicalize({ name: 'Ada Lovelace \ud800' })).toThrow(/^a string with half a surrogate pair$/);
  });

  it('but one object in two places is no cycle', () => {
    const unit = { symbol: 'mm' };
    expect(canonicalize([unit, unit])).toBe('[{"symbol":"mm"},{"symbol":"mm"}]');
  });
});

describe('for every JSON value, canonical JSON', () => {
  const safe = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true, min: -9e15, max: 9e15 }));
  const text = fc.string({ unit: 'grapheme' });
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, true, false),
      safe,
      text,
      fc.array(tie('json'), { maxLength: 5 }),
      fc.dictionary(text, tie('json'), { maxKeys: 6 }),
    ),
  }));

  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, member]) => [name, shuffled(member)]),
    );
  };

  it('reads back as the same value', () => {
    // JSON has one zero, so compare with what JSON itself keeps of the value.
    fc.assert(fc.property(json, (value) => expect(JSON.parse(canonicalize(value))).toEqual(JSON.parse(JSON.stringify(value)))));
  });

  it('does not depend on the order in which members were added', () => {
    fc.assert(fc.property(json, (value) => expect(canonicalize(shuffled(value))).toBe(canonicalize(value))));
  });

  it('is its own canonical form', () => {
    fc.assert(fc.property(json, (value) => expect(canonicalize(JSON.parse(canonicalize(value)))).toBe(canonicalize(value))));
  });
});
