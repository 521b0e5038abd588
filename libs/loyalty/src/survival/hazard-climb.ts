import { StatisticsError } from '@touchstone/statistics';
import { partialLikelihood } from './partial-likelihood.js';
import type { PartialLikelihood, TieMethod } from './partial-likelihood.js';
import type { RiskSets } from './risk-sets.js';
import { dot, factorise, solve } from './symmetric-factor.js';
import type { SymmetricFactor } from './symmetric-factor.js';

/** Share of a column's information that must remain beside the columns before it: collinear ones leave some 1e-14. */
const COLLINEAR = 1e-10;
/** Twice the log-likelihood still to be gained at which one more Newton step is exact to rounding. */
const NEARLY_THERE = 1e-11;
const LONGEST_CLIMB = 60;

/** The maximum of the partial likelihood, in the scaled units of the risk sets. */
export interface HazardMaximum {
  readonly beta: Float64Array;
  readonly start: PartialLikelihood;
  readonly startFactor: SymmetricFactor;
  readonly top: PartialLikelihood;
  readonly topFactor: SymmetricFactor;
  readonly iterations: number;
}

/**
 * Newton–Raphson from β = 0 with step halving.
 * @throws StatisticsError `BAD_DATA` naming a column that the others determine or that never varies within a risk set,
 *   `NO_CONVERGENCE` naming the columns whose effect runs to infinity
 */
export function climb(sets: RiskSets, ties: TieMethod): HazardMaximum {
  const { width } = sets;
  let beta: Float64Array = new Float64Array(width);
  const start = partialLikelihood(sets, ties, beta);
  if (!Number.isFinite(start.value))
    throw new StatisticsError('BAD_DATA', 'the offset is too large for a log hazard; subtract its mean first');
  assertVaries(sets, start);
  const startFactor = factorise(start.information, width, COLLINEAR);
  if (startFactor.dependent !== null) throw collinear(sets.names, startFactor.dependent);
  let top = start;
  let topFactor = startFactor;
  for (let iterations = 1; iterations <= LONGEST_CLIMB; iterations += 1) {
    const step = solve(topFactor, top.gradient);
    const decrement = dot(step, top.gradient);
    if (decrement <= 1e-26) return { beta, start, startFactor, top, topFactor, iterations };
    if (iterations > 5 && decrement < 1e-2) assertBounded(sets, step);
    const next = nextAlong(sets, ties, beta, step, top.value, decrement);
    const nextFactor = next === null ? null : factorise(next.top.information, width, 1e-14);
    if (next === null || nextFactor === null || nextFactor.dependent !== null) {
      assertBounded(sets, step);
      throw new StatisticsError(
        'NO_CONVERGENCE',
        `the likelihood has no maximum to be found for ${sets.names.join(', ')}; leave columns out or combine rare levels`,
      );
    }
    beta = next.beta;
    top = next.top;
    topFactor = nextFactor;
    if (decrement <= NEARLY_THERE) return { beta, start, startFactor, top, topFactor, iterations };
  }
  throw new StatisticsError(
    'NO_CONVERGENCE',
    `no maximum within ${LONGEST_CLIMB} steps for ${sets.names.join(', ')}; an effect may run to infinity`,
  );
}

function nextAlong(
  sets: RiskSets,
  ties: TieMethod,
  from: Float64Array,
  step: Float64Array,
  value: number,
  decrement: number,
): { beta: Float64Array; top: PartialLikelihood } | null {
  // The last steps gain less than the value's own rounding.
  const slack = decrement < 1e-6 ? 1e-9 * (1 + Math.abs(value)) : 0;
  for (let fraction = 1; fraction > 1e-8; fraction /= 2) {
    const beta = from.map((coefficient, column) => coefficient + fraction * step[column]);
    const top = partialLikelihood(sets, ties, beta);
    if (Number.isFinite(top.value) && top.value >= value - slack) return { beta, top };
  }
  return null;
}

/** In scaled units a column that varies has an information of about one an event. */
function assertVaries({ names, width, events, weight, isEvent }: RiskSets, { information }: PartialLikelihood): void {
  const typical = weight.reduce((sum, of, at) => sum + of * isEvent[at], 0) / events;
  const still = names.find((_, column) => !(information[column * (width + 1)] > 1e-10 * typical));
  if (still === undefined) return;
  throw new StatisticsError(
    'BAD_DATA',
    `column ${still} does not vary among those at risk at any event, so it has no effect to estimate; leave it out`,
  );
}

function collinear(names: readonly string[], column: number): StatisticsError {
  const before = names.slice(0, column).join(', ');
  return new StatisticsError(
    'BAD_DATA',
    `column ${names[column]} is collinear with ${before}: the others determine it, so leave one of them out`,
  );
}

/**
 * Refuses a direction along which the likelihood rises forever: if at every event the row with the event has the largest δx of
 * all at risk, then more of δ is always more likely (monotone likelihood: M. C. Bryson and M. E. Johnson, Technometrics 23, 1981).
 */
function assertBounded(sets: RiskSets, direction: Float64Array): void {
  const { rows, width, x, names } = sets;
  const heights = new Float64Array(rows);
  let lowest = Infinity;
  let highest = -Infinity;
  for (let at = 0; at < rows; at += 1) {
    for (let column = 0; column < width; column += 1) heights[at] += x[at * width + column] * direction[column];
    lowest = Math.min(lowest, heights[at]);
    highest = Math.max(highest, heights[at]);
  }
  const range = highest - lowest;
  if (range < 0.1 || !eventsAreHighest(sets, heights, 1e-3 * range)) return;
  const largest = Math.max(...direction.map(Math.abs));
  const columns = names.filter((_, column) => Math.abs(direction[column]) > 0.01 * largest);
  throw new StatisticsError(
    'NO_CONVERGENCE',
    `the effect of ${columns.join(', ')} runs to infinity: it tells apart who has the event without exception; leave it out or combine rare levels`,
  );
}

function eventsAreHighest(sets: RiskSets, heights: Float64Array, slack: number): boolean {
  const { stratumStart, slotStart, firstDeath, deaths, riskEnd, exitSlot, entrySlot, byEntry } = sets;
  for (let stratum = 0; stratum + 1 < slotStart.length; stratum += 1) {
    let highest = -Infinity;
    let next = stratumStart[stratum];
    for (let slot = slotStart[stratum]; slot < slotStart[stratum + 1] - 1; slot += 1) {
      if (byEntry !== null) {
        highest = -Infinity;
        next = stratumStart[stratum];
      }
      for (; next < riskEnd[slot]; next += 1) {
        if (exitSlot[next] <= slot && slot < entrySlot[next]) highest = Math.max(highest, heights[next]);
        else if (byEntry === null && exitSlot[next] < entrySlot[next]) highest = Math.max(highest, heights[next]);
      }
      for (let at = firstDeath[slot]; at < firstDeath[slot] + deaths[slot]; at += 1) if (heights[at] < highest - slack) return false;
    }
  }
  return true;
}
