/**
 * Exact decimal arithmetic on strings: quantities, limits, money. Never a float, so an event reads the same for ever.
 * Canonical form: no exponent, no leading `+`, no superfluous zeros (`-0` is `0`); at most 18 integer and 12 fraction digits.
 */
export type Decimal = string;

const SHAPE = /^(-)?(\d{1,18})(?:\.(\d{1,12}))?$/;

export class NotADecimal extends Error {
  readonly code = 'NOT_A_DECIMAL';
  constructor(readonly text: string) {
    super(`not a decimal number: ${JSON.stringify(text)} (expected digits with an optional point, as in 12.50)`);
  }
}

interface Scaled {
  units: bigint;
  /** Number of fraction digits that `units` carries. */
  scale: number;
}

export const isDecimal = (text: unknown): text is Decimal => typeof text === 'string' && SHAPE.test(text);

/** The canonical form of `text`. Throws {@link NotADecimal}. */
export const decimal = (text: string | number): Decimal => print(parse(String(text)));

export const plus = (a: Decimal, b: Decimal): Decimal => combine(a, b, (x, y) => x + y);
export const minus = (a: Decimal, b: Decimal): Decimal => combine(a, b, (x, y) => x - y);

export function times(a: Decimal, b: Decimal): Decimal {
  const x = parse(a);
  const y = parse(b);
  return print({ units: x.units * y.units, scale: x.scale + y.scale });
}

/** a ÷ b to `digits` fraction digits, rounded half to even (IEEE 754 roundTiesToEven). Throws RangeError when b is 0. */
export function divide(a: Decimal, b: Decimal, digits = 6): Decimal {
  const x = parse(a);
  const y = parse(b);
  if (y.units === 0n) throw new RangeError('division by zero');
  const negative = x.units < 0n !== y.units < 0n;
  const numerator = magnitude(x.units) * 10n ** BigInt(digits + y.scale);
  const denominator = magnitude(y.units) * 10n ** BigInt(x.scale);
  let quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice > denominator || (twice === denominator && quotient % 2n === 1n)) quotient += 1n;
  return print({ units: negative ? -quotient : quotient, scale: digits });
}

/** −1, 0 or 1. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

export const equals = (a: Decimal, b: Decimal): boolean => compare(a, b) === 0;
export const greater = (a: Decimal, b: Decimal): boolean => compare(a, b) > 0;
export const less = (a: Decimal, b: Decimal): boolean => compare(a, b) < 0;
export const isZero = (a: Decimal): boolean => parse(a).units === 0n;
export const isPositive = (a: Decimal): boolean => parse(a).units > 0n;
export const smaller = (a: Decimal, b: Decimal): Decimal => (less(a, b) ? a : b);
export const sum = (all: Iterable<Decimal>): Decimal => [...all].reduce(plus, '0');

function parse(text: string): Scaled {
  const match = SHAPE.exec(text);
  if (!match) throw new NotADecimal(text);
  const [, sign, whole = '', fraction = ''] = match;
  const units = BigInt(whole + fraction);
  return { units: sign ? -units : units, scale: fraction.length };
}

function print({ units, scale }: Scaled): Decimal {
  const digits = magnitude(units).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  const text = digits.slice(0, digits.length - scale) + (fraction && scale > 0 ? `.${fraction}` : '');
  return units < 0n ? `-${text}` : text;
}

const magnitude = (units: bigint): bigint => (units < 0n ? -units : units);

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const x = parse(a);
  const y = parse(b);
  const scale = Math.max(x.scale, y.scale);
  return [x.units * 10n ** BigInt(scale - x.scale), y.units * 10n ** BigInt(scale - y.scale), scale];
}

function combine(a: Decimal, b: Decimal, operation: (x: bigint, y: bigint) => bigint): Decimal {
  const [x, y, scale] = aligned(a, b);
  return print({ units: operation(x, y), scale });
}
