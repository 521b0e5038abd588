import { isDecimal, type Decimal } from '@touchstone/kernel';
import { RowProblem } from './import-fault.js';

export interface NumberStyle {
  readonly decimal: '.' | ',';
  /** The separator of thousands that the file may use; none when absent, and then 1.234,50 is refused, not guessed at. */
  readonly thousands?: string;
}

/**
 * A number as its file writes it → Decimal, digit for digit: trailing zeros stay, since they tell how finely something was
 * measured. A closing point (`138.`, as Fortran writes whole numbers) and a missing zero (`.5`) are understood. Units, currency
 * signs, exponents and words are not.
 */
export function decimalOf(text: string, style: NumberStyle, column: string | undefined): Decimal {
  const written = text.trim();
  const grouped = style.thousands === undefined ? undefined : ungrouped(written, style.thousands, style.decimal);
  const plain = (grouped ?? written).replace(style.decimal, '.');
  const misread = style.decimal === ',' && (grouped ?? written).includes('.');
  const match = misread ? null : /^([-+]?)0*(\d*)\.?(?<=[\d.])(\d*)$/.exec(plain);
  const [, sign = '', whole = '', fraction = ''] = match ?? [];
  const digits = `${whole || '0'}${fraction && `.${fraction}`}`;
  const value = sign === '-' && /[1-9]/.test(digits) ? `-${digits}` : digits;
  if (!match || !/\d/.test(plain) || !isDecimal(value)) throw new RowProblem('NOT_A_DECIMAL', reasonFor(text, style), column);
  return value;
}

export function integerOf(text: string, style: NumberStyle, column: string | undefined): number {
  const value = Number(decimalOf(text, style, column));
  if (!Number.isSafeInteger(value)) throw new RowProblem('NOT_AN_INTEGER', `${shown(text)} is not a whole number`, column);
  return value;
}

/** Undefined where the separators do not stand before groups of three digits. */
function ungrouped(text: string, separator: string, point: string): string | undefined {
  const [whole = '', ...fraction] = text.split(point);
  const groups = whole.split(separator);
  const regular = groups.length > 1 && groups.every((group, index) => (index === 0 ? /^[-+]?\d{1,3}$/ : /^\d{3}$/).test(group));
  return regular ? [groups.join(''), ...fraction].join(point) : undefined;
}

function reasonFor(text: string, { decimal, thousands }: NumberStyle): string {
  const separators = thousands === undefined ? 'without thousands separators' : `with ${shown(thousands)} between thousands`;
  return `${shown(text)} is not a decimal number written with ${shown(decimal)} as its decimal mark, ${separators}`;
}

export const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
