// The ledger's arithmetic: what makes a record's bytes, and so its hash, the same for everyone who computes it.
// Guards: one value has one canonical form (RFC 8785), and a value without one is refused before it is stored,
// so that a hash can be recomputed years later by tools that are not ours.
export { canonicalBytes, canonicalize } from './canonical-json.js';
export type { CanonicalizeOptions } from './canonical-json.js';
export { hashOf, sha256Hex } from './digest.js';
export { LedgerError } from './ledger-error.js';
export type { LedgerErrorCode } from './ledger-error.js';
