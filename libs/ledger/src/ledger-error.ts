/**
 * Why a value cannot enter the ledger. Codes are stable: callers and stored incidents may rely on them.
 *
 * - `NOT_CANONICAL_NUMBER` NaN or an infinity
 * - `UNSAFE_INTEGER`       a whole number beyond ±(2^53 − 1), where neighbouring integers share one double
 * - `LONE_SURROGATE`       a string that is not well-formed UTF-16 and therefore has no UTF-8 form
 * - `NOT_JSON`             a value JSON has no word for: undefined in an array or at the top, a function, bigint, symbol, Date, Map, any class instance
 * - `CYCLIC`               an object that contains itself
 * - `TOO_DEEP`             more than 64 containers inside each other
 */
export type LedgerErrorCode = 'NOT_CANONICAL_NUMBER' | 'UNSAFE_INTEGER' | 'LONE_SURROGATE' | 'NOT_JSON' | 'CYCLIC' | 'TOO_DEEP';

/**
 * A value that has no canonical form. The message names the kind of fault and never the value, because it may be
 * personal data and error messages end up in logs.
 */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';

  /** Member names and indices from the outermost value to the offending one; empty when that is the value itself. */
  readonly path: readonly (string | number)[];

  constructor(
    readonly code: LedgerErrorCode,
    message: string,
    path: readonly (string | number)[] = [],
  ) {
    super(message);
    this.path = path;
  }

  /** The same error seen from one container further out. */
  within(step: string | number): LedgerError {
    return new LedgerError(this.code, this.message, [step, ...this.path]);
  }
}
