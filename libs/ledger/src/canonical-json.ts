import { LedgerError } from './ledger-error.js';

/** Containers that may stand inside each other. Keeps hostile input from exhausting the stack of whoever verifies it. */
const MAX_DEPTH = 64;

export interface CanonicalizeOptions {
  /**
   * What to do with whole numbers beyond ±(2^53 − 1).
   *
   * `refuse` (default): `UNSAFE_INTEGER`. I-JSON (RFC 7493 section 2.2) warns of them, because another reader's 64-bit integer
   * and our double need not agree; such quantities belong in strings.
   * `as-double`: written as RFC 8785 section 3.2.2.3 writes any double, for bodies that others have canonicalized.
   */
  readonly unsafeIntegers?: 'refuse' | 'as-double';
}

/**
 * The canonical JSON text of a value: RFC 8785 (JSON Canonicalization Scheme).
 *
 * Members are sorted by the UTF-16 code units of their names (section 3.2.3), numbers written as ECMAScript writes
 * doubles (3.2.2.3, so −0 is `0`), strings escaped only where JSON demands it (3.2.2.2), no white space. Object members
 * whose value is undefined are left out, as `JSON.stringify` does; `toJSON` is never called. Only plain objects and
 * arrays are containers: an instance of a class may keep state that its members do not show.
 *
 * @throws LedgerError with `code` and `path`
 */
export function canonicalize(value: unknown, options?: CanonicalizeOptions): string {
  const allowUnsafe = options?.unsafeIntegers === 'as-double';
  try {
    return write(value, 0, allowUnsafe);
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'TOO_DEEP' && returnsToAnAncestor(value, error.path)) {
      throw new LedgerError('CYCLIC', 'an object contains itself', error.path);
    }
    throw error;
  }
}

/** The canonical text in UTF-8 (RFC 8785 section 3.2.4): the bytes that are stored and hashed. */
export function canonicalBytes(value: unknown, options?: CanonicalizeOptions): Uint8Array {
  return encoder.encode(canonicalize(value, options));
}

const encoder = new TextEncoder();

function write(value: unknown, depth: number, allowUnsafe: boolean): string {
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'number':
      return writeNumber(value, allowUnsafe);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth === MAX_DEPTH) throw new LedgerError('TOO_DEEP', `more than ${MAX_DEPTH} containers inside each other`);
      if (Array.isArray(value)) return writeArray(value, depth + 1, allowUnsafe);
      return writeObject(value, depth + 1, allowUnsafe);
    default:
      throw new LedgerError('NOT_JSON', `JSON has no ${typeof value}`);
  }
}

// Printable ASCII without the quotation mark and the backslash stands for itself; this is nearly every string we see.
const standsForItself = /^[ !#-[\]-~]*$/;
// With the u flag a well-formed pair is one code point, so only a lone half is a surrogate.
const loneSurrogate = /\p{Surrogate}/u;

function writeString(text: string): string {
  if (standsForItself.test(text)) return `"${text}"`;
  if (loneSurrogate.test(text)) throw new LedgerError('LONE_SURROGATE', 'a string with half a surrogate pair');
  return JSON.stringify(text);
}

function writeNumber(number: number, allowUnsafe: boolean): string {
  if (!Number.isFinite(number)) throw new LedgerError('NOT_CANONICAL_NUMBER', 'a number that is not finite');
  // Every double beyond 2^53 is a whole number, so the magnitude decides.
  if ((number > Number.MAX_SAFE_INTEGER || number < Number.MIN_SAFE_INTEGER) && !allowUnsafe) {
    throw new LedgerError('UNSAFE_INTEGER', 'a whole number beyond 2^53 - 1; write it as a string');
  }
  return String(number);
}

function writeArray(items: readonly unknown[], depth: number, allowUnsafe: boolean): string {
  let text = '[';
  for (let index = 0; index < items.length; index += 1) {
    if (index > 0) text += ',';
    try {
      text += write(items[index], depth, allowUnsafe);
    } catch (error) {
      throw error instanceof LedgerError ? error.within(index) : error;
    }
  }
  return `${text}]`;
}

function writeObject(object: object, depth: number, allowUnsafe: boolean): string {
  if (!isPlain(object)) throw new LedgerError('NOT_JSON', 'an instance of a class; turn it into a plain object first');
  const members = object as Readonly<Record<string, unknown>>;
  const names = Object.keys(members);
  if (!isSorted(names)) names.sort(); // the default order of sort() is that of UTF-16 code units
  let text = '{';
  for (const name of names) {
    const value = members[name];
    if (value === undefined) continue;
    try {
      text += `${text.length > 1 ? ',' : ''}${writeString(name)}:${write(value, depth, allowUnsafe)}`;
    } catch (error) {
      throw error instanceof LedgerError ? error.within(name) : error;
    }
  }
  return `${text}}`;
}

/** Made by a literal, JSON.parse or Object.create(null), in whichever realm: nothing above its prototype. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function isSorted(names: readonly string[]): boolean {
  for (let index = 1; index < names.length; index += 1) {
    if (names[index - 1] > names[index]) return false;
  }
  return true;
}

/** Whether the way down to where the writer gave up passes one container twice. Asked only then, so good values do not pay for it. */
function returnsToAnAncestor(value: unknown, path: readonly (string | number)[]): boolean {
  const ancestors = new Set<unknown>([value]);
  let current = value;
  for (const step of path) {
    current = (current as Record<string | number, unknown>)[step];
    if (ancestors.has(current)) return true;
    ancestors.add(current);
  }
  return false;
}
