import { Unusable } from '../api.js';
import { ticksOf } from '../plot/scale.js';

/** Values from `from` up to below `to`; the last bar holds its upper end as well. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

const [FEWEST, MOST] = [5, 40];

/** Bars of equal width over all values: as many as asked for, or some more than √n of a round width. @throws Unusable */
export function histogramOf(values: readonly number[], bins?: number): Bin[] {
  if (values.length === 0) return [];
  if (bins !== undefined && (bins < 1 || bins > 1000)) throw new Unusable(`--bins ${bins}: a histogram has 1 to 1000 bars`);
  const [low, high] = values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
  if (low === high) return [{ from: low, to: high, count: values.length }];
  const edges = edgesOver(low, high, bins, Math.min(MOST, Math.max(FEWEST, Math.ceil(Math.sqrt(values.length)))));
  const counts = edges.slice(1).map(() => 0);
  const [first = low] = edges;
  const width = ((edges.at(-1) ?? high) - first) / counts.length;
  for (const value of values) {
    let at = Math.min(counts.length - 1, Math.max(0, Math.floor((value - first) / width)));
    // Rounding of the quotient must not carry a value over an edge.
    while (at > 0 && value < (edges[at] ?? low)) at -= 1;
    while (at < counts.length - 1 && value >= (edges[at + 1] ?? high)) at += 1;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts.map((count, at) => ({ from: edges[at] ?? low, to: edges[at + 1] ?? high, count }));
}

function edgesOver(low: number, high: number, bins: number | undefined, usual: number): number[] {
  if (bins !== undefined) return Array.from({ length: bins + 1 }, (_, at) => (at === bins ? high : low + ((high - low) * at) / bins));
  const [one, two] = ticksOf(low, low + (16 * (high - low)) / (3 * usual)).map(({ value }) => value);
  const step = (two ?? high) - (one ?? low);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}
