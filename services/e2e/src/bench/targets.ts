import type { Contest, Row, Target } from './measure.js';

/** What was asked of a contest, and how it came out. */
export interface Verdict {
  readonly contest: string;
  readonly asked: string;
  /** Undefined when what it needs was not measured, e.g. since a peer is not installed. */
  readonly value?: number;
  readonly state: 'reached' | 'missed' | 'not measured';
}

/** How often as fast as the contender whose name begins so we are, by the middle of the rounds. */
export const timesAsFastAs = (contender: string) => (rows: readonly Row[]): number | undefined => rowOf(rows, contender)?.ours?.median;

/** How many times its time we take. */
export const timesTheTimeOf = (contender: string) => (rows: readonly Row[]): number | undefined => {
  const ratio = timesAsFastAs(contender)(rows);
  return ratio === undefined ? undefined : 1 / ratio;
};

export const rowOf = (rows: readonly Row[], contender: string): Row | undefined => rows.find((row) => row.contender.startsWith(contender));

export const atLeast = (limit: number, asked: string, value: Target['value']): Target => ({ asked, value, limit, sense: 'at least' });
export const atMost = (limit: number, asked: string, value: Target['value']): Target => ({ asked, value, limit, sense: 'at most' });

export function verdictsOf({ area, what, targets = [] }: Pick<Contest, 'area' | 'what' | 'targets'>, rows: readonly Row[]): Verdict[] {
  return targets.map(({ asked, value: of, limit, sense }): Verdict => {
    const contest = `${area}: ${what}`;
    const value = of(rows);
    if (value === undefined || Number.isNaN(value)) return { contest, asked, state: 'not measured' };
    const isReached = sense === 'at least' ? value >= limit : value <= limit;
    return { contest, asked, value, state: isReached ? 'reached' : 'missed' };
  });
}
