/** The middle of several runs, and how far apart they lay. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

const ascending = (values: readonly number[]): number[] => {
  if (values.length === 0) throw new RangeError('nothing was measured');
  return values.toSorted((a, b) => a - b);
};

/** The middle value; of an even number, the mean of the two in the middle. Throws RangeError when there is none. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN;
  return (lower + upper) / 2;
}

/** The smallest value that at least `share` (above 0, at most 1) of all do not exceed: nearest rank, so always a measured one. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = ascending(values);
  if (!(share > 0 && share <= 1)) throw new RangeError(`a share lies above 0 and is at most 1, not ${share}`);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
}

export function spread(values: readonly number[]): Spread {
  const sorted = ascending(values);
  return { median: median(sorted), min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN };
}

/**
 * Ratios of runs made in the same round, then their middle. Rounds differ more than contenders within a round when others use
 * the machine, so this is steadier than the ratio of two medians. Throws RangeError when the rounds do not match.
 */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): Spread {
  if (ours.length !== theirs.length) throw new RangeError(`${ours.length} rounds against ${theirs.length}`);
  return spread(ours.map((value, round) => value / (theirs[round] ?? NaN)));
}
