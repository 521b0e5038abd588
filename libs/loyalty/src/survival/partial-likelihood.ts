import { StatisticsError } from '@touchstone/statistics';
import type { RiskSets } from './risk-sets.js';

/**
 * How several events at one time share their risk set: `efron` takes them out of it one after the other on average
 * (B. Efron, J. Amer. Statist. Assoc. 72, 1977), `breslow` not at all (N. E. Breslow, Biometrics 30, 1974). Without ties both are Cox's.
 */
export type TieMethod = 'efron' | 'breslow';

/** @throws StatisticsError `BAD_OPTION` */
export function assertTies(ties: TieMethod): TieMethod {
  if (ties !== 'efron' && ties !== 'breslow') throw new StatisticsError('BAD_OPTION', 'ties is efron or breslow');
  return ties;
}

/** Sums of weighted risk over who is at risk at an event time, and over those with the event. Reused from time to time. */
export interface RiskSums {
  total: number;
  readonly totals: Float64Array;
  deathTotal: number;
  readonly deathTotals: Float64Array;
  /** Sum of the weights of those with the event. */
  deathWeight: number;
}

/** exp(xβ + offset) of every position. */
export function risksOf({ rows, width, x, offset }: RiskSets, beta: ArrayLike<number>, into = new Float64Array(rows)): Float64Array {
  for (let at = 0, cell = 0; at < rows; at += 1) {
    let eta = offset[at];
    for (let column = 0; column < width; column += 1, cell += 1) eta += x[cell] * beta[column];
    into[at] = Math.exp(eta);
  }
  return into;
}

/**
 * Visits the event times of each stratum, latest first, with the sums over its risk set. Rows are added as time goes back and, when
 * they had not entered yet, subtracted again; the sums are compensated, so that what a subtraction leaves is not rounding.
 */
export function visitRiskSets(sets: RiskSets, risk: Float64Array, visit: (slot: number, sums: RiskSums) => void): void {
  const { width, x, weight, byEntry, exitSlot, entrySlot, slotStart, stratumStart, firstDeath, deaths, riskEnd, lateEnd } = sets;
  const sums: RiskSums = { total: 0, totals: new Float64Array(width), deathTotal: 0, deathTotals: new Float64Array(width), deathWeight: 0 };
  const running = new Float64Array(width + 1);
  const lost = new Float64Array(width + 1);
  const add = (at: number, sign: number): void => {
    if (exitSlot[at] === entrySlot[at]) return;
    const share = sign * weight[at] * risk[at];
    for (let column = 0; column <= width; column += 1) {
      const term = column === width ? share : share * x[at * width + column];
      const before = running[column];
      const after = before + term;
      lost[column] += Math.abs(before) >= Math.abs(term) ? before - after + term : term - after + before;
      running[column] = after;
    }
  };
  for (let stratum = 0; stratum + 1 < slotStart.length; stratum += 1) {
    running.fill(0);
    lost.fill(0);
    let next = stratumStart[stratum];
    let late = stratumStart[stratum];
    for (let slot = slotStart[stratum]; slot < slotStart[stratum + 1] - 1; slot += 1) {
      for (; next < riskEnd[slot]; next += 1) add(next, 1);
      for (; byEntry !== null && late < lateEnd[slot]; late += 1) add(byEntry[late], -1);
      for (let column = 0; column < width; column += 1) sums.totals[column] = running[column] + lost[column];
      sums.total = running[width] + lost[width];
      sums.deathTotal = 0;
      sums.deathWeight = 0;
      sums.deathTotals.fill(0);
      for (let at = firstDeath[slot]; at < firstDeath[slot] + deaths[slot]; at += 1) {
        const share = weight[at] * risk[at];
        sums.deathTotal += share;
        sums.deathWeight += weight[at];
        for (let column = 0; column < width; column += 1) sums.deathTotals[column] += share * x[at * width + column];
      }
      visit(slot, sums);
    }
  }
}

/** Hazard per unit of risk, summed from each slot to the end of its stratum: what a position was exposed to is a difference of two. */
export function exposuresOf(sets: RiskSets, hazard: Float64Array, deathHazard: Float64Array): Float64Array {
  const { rows, slotStart, exitSlot, entrySlot, isEvent } = sets;
  const tail = new Float64Array(hazard.length);
  for (let stratum = 0; stratum + 1 < slotStart.length; stratum += 1) {
    for (let slot = slotStart[stratum + 1] - 2; slot >= slotStart[stratum]; slot -= 1) tail[slot] = tail[slot + 1] + hazard[slot];
  }
  const exposure = new Float64Array(rows);
  for (let at = 0; at < rows; at += 1) {
    exposure[at] = tail[exitSlot[at]] - tail[entrySlot[at]];
    // Among tied events each is only partly at risk for the others.
    if (isEvent[at]) exposure[at] += deathHazard[exitSlot[at]] - hazard[exitSlot[at]];
  }
  return exposure;
}

/** Log partial likelihood, its gradient, and the negative of its second derivatives, row by row. */
export interface PartialLikelihood {
  readonly value: number;
  readonly gradient: Float64Array;
  readonly information: Float64Array;
}

/**
 * The log partial likelihood at β; with `multiplier` (one factor a slot) gradient and information count each event time that often.
 *
 * Σ V over the event times is rearranged as Σ exposure·xxᵀ over rows less Σ x̄x̄ᵀ over events, so that every row is
 * squared once rather than every risk set.
 */
export function partialLikelihood(sets: RiskSets, ties: TieMethod, beta: ArrayLike<number>, multiplier?: Float64Array): PartialLikelihood {
  const { rows, width, x, weight, deaths, firstDeath } = sets;
  const risk = risksOf(sets, beta);
  const gradient = new Float64Array(width);
  const information = new Float64Array(width * width);
  const hazard = new Float64Array(deaths.length);
  const deathHazard = new Float64Array(deaths.length);
  const mean = new Float64Array(width);
  let value = 0;
  let lost = 0;
  const gain = (term: number): void => {
    const after = value + term;
    lost += Math.abs(value) >= Math.abs(term) ? value - after + term : term - after + value;
    value = after;
  };
  visitRiskSets(sets, risk, (slot, sums) => {
    const times = multiplier === undefined ? 1 : multiplier[slot];
    for (let at = firstDeath[slot]; at < firstDeath[slot] + deaths[slot]; at += 1) {
      gain(weight[at] * Math.log(risk[at]));
      for (let column = 0; column < width; column += 1) gradient[column] += times * weight[at] * x[at * width + column];
    }
    const steps = ties === 'efron' ? deaths[slot] : 1;
    const share = sums.deathWeight / steps;
    for (let step = 0; step < steps; step += 1) {
      const gone = step / steps;
      const denominator = sums.total - gone * sums.deathTotal;
      gain(-share * Math.log(denominator));
      hazard[slot] += (times * share) / denominator;
      deathHazard[slot] += ((1 - gone) * times * share) / denominator;
      for (let column = 0; column < width; column += 1)
        mean[column] = (sums.totals[column] - gone * sums.deathTotals[column]) / denominator;
      addSquare(information, mean, 0, width, -times * share);
      for (let column = 0; column < width; column += 1) gradient[column] -= times * share * mean[column];
    }
  });
  const exposure = exposuresOf(sets, hazard, deathHazard);
  for (let at = 0; at < rows; at += 1) {
    const factor = weight[at] * risk[at] * exposure[at];
    if (factor !== 0) addSquare(information, x, at * width, width, factor);
  }
  for (let row = 0; row < width; row += 1) {
    for (let column = row + 1; column < width; column += 1) information[row * width + column] = information[column * width + row];
  }
  return { value: value + lost, gradient, information };
}

/** matrix += factor·vvᵀ in the lower triangle, v the `width` numbers from `from`. */
function addSquare(matrix: Float64Array, v: Float64Array, from: number, width: number, factor: number): void {
  for (let row = 0; row < width; row += 1) {
    const scaled = factor * v[from + row];
    for (let column = 0; column <= row; column += 1) matrix[row * width + column] += scaled * v[from + column];
  }
}
