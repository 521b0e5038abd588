import { isDecimal } from '@touchstone/kernel';

/**
 * A decimal the engine compares without rounding: its numbers have a 96-bit integer part of the scale (28 digits whole,
 * rust_decimal), and a longer string makes it skip the rule instead of failing.
 */
export function isExactDecimal(text: unknown): text is string {
  return isDecimal(text) && text.replace(/^-/, '').replace('.', '').replace(/^0+/, '').length <= 28;
}
