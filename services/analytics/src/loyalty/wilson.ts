import type { Decimal } from '@touchstone/kernel';
import { decimal } from '@touchstone/kernel';

/** A share of cases, with the interval in which it may lie. */
export interface Rate {
  readonly rate: Decimal;
  readonly lower: Decimal;
  readonly upper: Decimal;
}

/** Below this many cases nothing is claimed. */
export const FEWEST_CASES = 3;
const DIGITS = 6;
/** The 97.5 % quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * The Wilson score interval at 95 % without continuity correction (Wilson 1927, J. Am. Stat. Assoc. 22:209–212), to 6 digits;
 * undefined below {@link FEWEST_CASES}. Only + − × ÷ and the square root, which IEEE 754 rounds alike on every machine.
 */
export function wilson(successes: number, cases: number): Rate | undefined {
  if (cases < FEWEST_CASES) return undefined;
  const share = successes / cases;
  const z2 = Z * Z;
  const center = share + z2 / (2 * cases);
  const half = Z * Math.sqrt((share * (1 - share)) / cases + z2 / (4 * cases * cases));
  const scale = 1 + z2 / cases;
  const rounded = (value: number): Decimal => decimal(Math.min(1, Math.max(0, value)).toFixed(DIGITS));
  return { rate: rounded(share), lower: rounded((center - half) / scale), upper: rounded((center + half) / scale) };
}
