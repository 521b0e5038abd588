/** A linear scale from data to the page. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  at(value: number): number;
  readonly ticks: readonly Tick[];
}

export interface Tick {
  readonly value: number;
  readonly text: string;
}

/** A scale that holds all values, its ends widened by a twentieth of their span unless they are given. */
export function scaleOver(values: Iterable<number>, [from, to]: readonly [number, number], ends: { readonly low?: number; readonly high?: number } = {}): Scale {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) [low, high] = [0, 1];
  const margin = high > low ? (high - low) / 20 : Math.abs(high) / 20 || 0.5;
  const [bottom, top] = [ends.low ?? low - margin, ends.high ?? high + margin];
  return { low: bottom, high: top, at: (value) => from + ((value - bottom) / (top - bottom)) * (to - from), ticks: ticksOf(bottom, top) };
}

/** Three to nine round values within the ends: multiples of 1, 2 or 5 times a power of ten. */
export function ticksOf(low: number, high: number): Tick[] {
  const rough = (high - low) / 8;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((each) => each * power >= rough) ?? 10) * power;
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, index) => {
    const value = (first + index) * step;
    return { value, text: decimals > 12 || Math.abs(value) >= 1e9 ? value.toPrecision(3) : value.toFixed(Math.min(decimals, 12)) };
  });
}
