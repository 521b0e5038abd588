import { StatisticsError, sumOf } from '@touchstone/statistics';
import { ascending, eventsOf } from './outcomes.js';
import type { Outcomes } from './outcomes.js';
import { MISSING_LEVEL } from './columns.js';
import type { Cell, Monotone } from './columns.js';
import { isotonicBlocks } from './isotonic.js';

/** A range of numbers (above `above` up to and including `upTo`; null is unbounded), levels of a category, or what is missing. */
export type BinRange =
  | { readonly kind: 'range'; readonly above: number | null; readonly upTo: number | null }
  | { readonly kind: 'levels'; readonly levels: readonly string[] }
  | { readonly kind: 'missing' };

export interface Bin {
  readonly label: string;
  readonly range: BinRange;
  readonly n: number;
  readonly events: number;
  readonly eventRate: number;
  /** ln(share of all non-events / share of all events): above 0 safer than average. */
  readonly weightOfEvidence: number;
  /** What the bin adds to the information value. */
  readonly information: number;
}

export interface BinnedColumn {
  readonly column: string;
  readonly bins: readonly Bin[];
  /** Σ (share of non-events − share of events)·weight of evidence: below 0.02 useless, to 0.1 weak, to 0.3 medium, above strong (Siddiqi). */
  readonly informationValue: number;
}

export interface BinCounts {
  readonly label: string;
  readonly range: BinRange;
  readonly n: number;
  readonly events: number;
}

/** How a column is cut into bins. */
export interface Binning {
  /** Ascending upper ends of the bins but the last. */
  readonly cuts?: readonly number[];
  /** Without cuts: how many bins of about equal size. Default 5. */
  readonly bins?: number;
  /** Neighbouring bins are joined until the event rate only rises, or only falls, with the number. */
  readonly monotone?: Monotone;
}

/**
 * Weight of evidence and information value of bins (N. Siddiqi, Credit Risk Scorecards (2006), chapter 6).
 * @param smoothing added to events and non-events of a bin that lacks either, as its weight were infinite otherwise; default 0.5
 * @throws StatisticsError `BAD_DATA` for an empty bin, `BAD_OPTION`
 */
export function weighEvidence(column: string, counts: readonly BinCounts[], smoothing = 0.5): BinnedColumn {
  if (!(smoothing > 0 && smoothing < Infinity)) throw new StatisticsError('BAD_OPTION', `smoothing ${smoothing} is not a positive number`);
  const n = counts.reduce((sum, bin) => sum + bin.n, 0);
  const events = counts.reduce((sum, bin) => sum + bin.events, 0);
  if (events === 0 || events === n)
    throw new StatisticsError('BAD_DATA', `the bins of "${column}" hold ${events} events of ${n}; both kinds are needed`);
  const bins = counts.map((bin): Bin => {
    if (bin.n === 0) throw new StatisticsError('BAD_DATA', `bin ${bin.label} of "${column}" is empty; join it with its neighbour`);
    const extra = bin.events === 0 || bin.events === bin.n ? smoothing : 0;
    const ofOthers = (bin.n - bin.events + extra) / (n - events);
    const ofEvents = (bin.events + extra) / events;
    const weightOfEvidence = Math.log(ofOthers / ofEvents);
    return { ...bin, eventRate: bin.events / bin.n, weightOfEvidence, information: (ofOthers - ofEvents) * weightOfEvidence };
  });
  return { column, bins, informationValue: sumOf(bins.map(({ information }) => information)) };
}

/** Numbers in bins; missing ones in a bin of their own, last. @throws StatisticsError `BAD_DATA`, `NOT_FINITE`, `BAD_OPTION` */
export function binNumbers(column: string, values: ArrayLike<number | null>, outcomes: Outcomes, binning: Binning = {}): BinCounts[] {
  eventsOf(outcomes, values.length);
  const known: number[] = [];
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    if (value !== null && !Number.isFinite(value))
      throw new StatisticsError('NOT_FINITE', `column "${column}", row ${row + 1}: not a finite number`);
    if (value !== null) known.push(value);
  }
  const cuts = binning.cuts ?? evenCuts(column, known, binning.bins ?? 5);
  if (cuts.some((cut, index) => !Number.isFinite(cut) || (index > 0 && cut <= cuts[index - 1]))) {
    throw new StatisticsError('BAD_OPTION', `cuts of column "${column}" must be finite and ascending`);
  }
  const tally = Array.from({ length: cuts.length + 2 }, () => ({ n: 0, events: 0 }));
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    const bin = tally[value === null ? cuts.length + 1 : binAmong(cuts, value)];
    bin.n += 1;
    bin.events += outcomes[row];
  }
  const missing = tally[cuts.length + 1];
  const ranges = tally.slice(0, -1).map((bin, index) => rangeBin(bin, cuts[index - 1] ?? null, cuts[index] ?? null));
  const joined = binning.monotone === undefined ? ranges : joinUntilMonotone(ranges, binning.monotone);
  return missing.n === 0 ? joined : [...joined, { label: MISSING_LEVEL, range: { kind: 'missing' }, ...missing }];
}

/** A bin for each level, in code unit order; missing ones last. @throws StatisticsError `BAD_DATA` */
export function binLevels(values: ArrayLike<string | null>, outcomes: Outcomes): BinCounts[] {
  eventsOf(outcomes, values.length);
  const tally = new Map<string | null, { n: number; events: number }>();
  for (let row = 0; row < values.length; row += 1) {
    const before = tally.get(values[row]) ?? { n: 0, events: 0 };
    tally.set(values[row], { n: before.n + 1, events: before.events + outcomes[row] });
  }
  const levels = [...tally.keys()].filter((level) => level !== null).sort((one, other) => (one < other ? -1 : 1));
  const bins: BinCounts[] = levels.map((level) => ({
    label: level,
    range: { kind: 'levels', levels: [level] },
    ...(tally.get(level) ?? { n: 0, events: 0 }),
  }));
  const missing = tally.get(null);
  return missing === undefined ? bins : [...bins, { label: MISSING_LEVEL, range: { kind: 'missing' }, ...missing }];
}

/** Index of the bin a cell falls into. @throws StatisticsError `BAD_DATA` for a level or a missing value that has no bin, `NOT_FINITE` */
export function binOf(column: string, bins: readonly Pick<Bin, 'range'>[], cell: Cell | undefined): number {
  const index = bins.findIndex(({ range }) => {
    if (range.kind === 'missing') return cell === null;
    if (range.kind === 'levels') return typeof cell === 'string' && range.levels.includes(cell);
    return typeof cell === 'number' && (range.above === null || cell > range.above) && (range.upTo === null || cell <= range.upTo);
  });
  if (typeof cell === 'number' && !Number.isFinite(cell))
    throw new StatisticsError('NOT_FINITE', `column "${column}": not a finite number`);
  if (index < 0)
    throw new StatisticsError(
      'BAD_DATA',
      `column "${column}": no bin for ${cell === undefined ? 'a column that is missing' : JSON.stringify(cell)}`,
    );
  return index;
}

function binAmong(cuts: readonly number[], value: number): number {
  let bin = 0;
  while (bin < cuts.length && value > cuts[bin]) bin += 1;
  return bin;
}

function evenCuts(column: string, values: readonly number[], bins: number): number[] {
  if (!(Number.isInteger(bins) && bins >= 2))
    throw new StatisticsError('BAD_OPTION', `${bins} bins for column "${column}"; give a whole number from 2`);
  const order = ascending(values);
  if (order.length === 0) throw new StatisticsError('BAD_DATA', `column "${column}" has no values`);
  const largest = values[order[order.length - 1]];
  const cuts = Array.from(
    { length: bins - 1 },
    (_, index) => values[order[Math.max(0, Math.ceil((order.length * (index + 1)) / bins) - 1)]],
  );
  return [...new Set(cuts)].filter((cut) => cut < largest);
}

function joinUntilMonotone(bins: readonly BinCounts[], monotone: Monotone): BinCounts[] {
  const filled = bins.filter(({ n }) => n > 0);
  const sign = monotone === 'increasing' ? 1 : -1;
  const blocks = isotonicBlocks(
    filled.map(({ n, events }) => (sign * events) / n),
    filled.map(({ n }) => n),
  );
  return blocks.map(({ from, to }, index) => {
    const together = filled.slice(from, to + 1);
    const upTo = index === blocks.length - 1 ? null : upperEnd(filled[to]);
    const above = index === 0 ? null : upperEnd(filled[from - 1]);
    const total = { n: together.reduce((sum, { n }) => sum + n, 0), events: together.reduce((sum, { events }) => sum + events, 0) };
    return rangeBin(total, above, upTo);
  });
}

const upperEnd = ({ range }: BinCounts): number | null => (range.kind === 'range' ? range.upTo : null);

function rangeBin(counts: { readonly n: number; readonly events: number }, above: number | null, upTo: number | null): BinCounts {
  const label = above === null ? (upTo === null ? 'all' : `≤ ${upTo}`) : upTo === null ? `> ${above}` : `> ${above} to ${upTo}`;
  return { label, range: { kind: 'range', above, upTo }, ...counts };
}
