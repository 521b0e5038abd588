import { hash } from 'node:crypto';
import { canonicalize } from './canonical-json.js';
import { LedgerError } from './ledger-error.js';

/**
 * SHA-256 (FIPS 180-4) in lower-case hex. A string is hashed as its UTF-8 bytes.
 *
 * @throws LedgerError `LONE_SURROGATE`: encoding would replace it silently, and two strings would share a hash
 */
export function sha256Hex(input: Uint8Array | string): string {
  if (typeof input === 'string' && /\p{Surrogate}/u.test(input)) {
    throw new LedgerError('LONE_SURROGATE', 'a string with half a surrogate pair');
  }
  return digest(input);
}

/**
 * SHA-256 in hex over the canonical bytes of a value: equal for equal values, however their members were ordered.
 *
 * @throws LedgerError as `canonicalize` does
 */
export function hashOf(value: unknown): string {
  return digest(canonicalize(value));
}

function digest(input: Uint8Array | string): string {
  return hash('sha256', input, 'hex');
}
