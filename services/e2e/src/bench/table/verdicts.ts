import type { Cell } from './cells.js';
import { nameOf } from './cells.js';
import type { Point } from './curve.js';

/** What was asked of the append path, and how it came out. */
export interface Verdict {
  readonly asked: string;
  readonly state: 'reached' | 'missed' | 'not measured';
  /** The figure that decides, or why there is none. */
  readonly found: string;
}

const SLOW_RATE = 3;
const SLOW_P99 = 0.25;
const NOWHERE_BELOW = 0.85;
/** "Constant" allows for what runs differ by; a search in a table of ten million rows is a few pages deeper. */
const CONSTANT = 1.5;

const decided = (isReached: boolean) => (isReached ? 'reached' : 'missed');
const shown = (value: number): string => value.toFixed(2);

export function verdictsOf(cells: readonly Cell[], points: readonly Point[]): Verdict[] {
  const crowd = cells.find(({ disk, processes, writers }) => disk === 'slowed by 3 ms' && processes === 4 && writers === 64);
  const onCrowd = (asked: string, judge: (cell: Cell) => Omit<Verdict, 'asked'>): Verdict =>
    (crowd ? { asked, ...judge(crowd) } : { asked, state: 'not measured', found: 'the slowed disk was not measured' });
  return [
    onCrowd(`4 × 64 on the slowed disk: at least ${SLOW_RATE} × plain inserts`, ({ rateRatio }) => ({ state: decided(rateRatio.median >= SLOW_RATE), found: `${shown(rateRatio.median)} ×` })),
    onCrowd(`4 × 64 on the slowed disk: p99 at most ${SLOW_P99} × that of plain inserts`, ({ p99Ratio }) => ({ state: decided(p99Ratio.median <= SLOW_P99), found: `${shown(p99Ratio.median)} ×` })),
    nowhereBelow(cells),
    constant(points),
  ];
}

function nowhereBelow(cells: readonly Cell[]): Verdict {
  const asked = `at least ${NOWHERE_BELOW} × plain inserts everywhere but with one writer on the disk as it is`;
  const judged = cells.filter(({ disk, processes, writers }) => disk !== 'as it is' || processes * writers > 1);
  if (judged.length === 0) return { asked, state: 'not measured', found: 'the table was not measured' };
  const below = judged.filter(({ rateRatio }) => rateRatio.median < NOWHERE_BELOW);
  const worst = judged.reduce((least, cell) => (cell.rateRatio.median < least.rateRatio.median ? cell : least));
  const list = (some: readonly Cell[]) => some.map((cell) => `${nameOf(cell)}: ${shown(cell.rateRatio.median)} ×`).join('; ');
  const partly = judged.some(({ disk }) => disk !== 'as it is') ? '' : '; the slowed disk was not measured';
  if (below.length > 0) return { asked, state: 'missed', found: `${list(below)}${partly}` };
  return { asked, state: partly ? 'not measured' : 'reached', found: `least ${list([worst])}${partly}` };
}

function constant(points: readonly Point[]): Verdict {
  const asked = `an append costs the same on logs of any length: at most ${CONSTANT} × that on the shortest`;
  if (points.length < 2) return { asked, state: 'not measured', found: 'the curve was not measured' };
  const worst = points.reduce((most, point) => (point.ratio.median > most.ratio.median ? point : most));
  return { asked, state: decided(worst.ratio.median <= CONSTANT), found: `at most ${shown(worst.ratio.median)} ×, on ${worst.length.toLocaleString('en-US')} events` };
}
