import type { RiskSets } from './risk-sets.js';

/**
 * Pairs in which one row was seen to have the event while the other was still at risk, by whether the model gives it the higher
 * risk. Sums of products of weights.
 */
export interface Concordance {
  /** (concordant + tiedRisk/2)/(concordant + discordant + tiedRisk); null if no pair can be compared. */
  readonly estimate: number | null;
  readonly concordant: number;
  readonly discordant: number;
  readonly tiedRisk: number;
}

/**
 * Harrell's C as R's concordance() counts it: who is cut off at a time outlives who has the event at it; two events at one
 * time are no pair; only rows of one stratum that are at risk together are compared. F. E. Harrell et al., J. Amer. Med. Assoc. 247 (1982).
 */
export function concordanceOf(sets: RiskSets, risk: Float64Array): Concordance {
  const { stratumStart, slotStart, firstDeath, deaths, riskEnd, lateEnd, byEntry, weight } = sets;
  const { ranks, size } = ranksOf(risk);
  const tree = new Float64Array(size + 1);
  let inTree = 0;
  const put = (at: number, amount: number): void => {
    inTree += amount;
    for (let node = ranks[at]; node <= size; node += node & -node) tree[node] += amount;
  };
  const upTo = (rank: number): number => {
    let sum = 0;
    for (let node = rank; node > 0; node -= node & -node) sum += tree[node];
    return sum;
  };
  let concordant = 0;
  let discordant = 0;
  let tiedRisk = 0;
  for (let stratum = 0; stratum + 1 < slotStart.length; stratum += 1) {
    tree.fill(0);
    inTree = 0;
    let next = stratumStart[stratum];
    let late = next;
    for (let slot = slotStart[stratum]; slot < slotStart[stratum + 1] - 1; slot += 1) {
      const first = firstDeath[slot];
      const last = first + deaths[slot];
      for (; next < first; next += 1) put(next, weight[next]);
      for (next = last; next < riskEnd[slot]; next += 1) put(next, weight[next]);
      for (; byEntry !== null && late < lateEnd[slot]; late += 1) put(byEntry[late], -weight[byEntry[late]]);
      for (let at = first; at < last; at += 1) {
        const below = upTo(ranks[at] - 1);
        const notAbove = upTo(ranks[at]);
        concordant += weight[at] * below;
        tiedRisk += weight[at] * (notAbove - below);
        discordant += weight[at] * (inTree - notAbove);
      }
      for (let at = first; at < last; at += 1) put(at, weight[at]);
    }
  }
  const pairs = concordant + discordant + tiedRisk;
  return { estimate: pairs > 0 ? (concordant + tiedRisk / 2) / pairs : null, concordant, discordant, tiedRisk };
}

/** Ranks from 1, equal values equal. */
function ranksOf(values: Float64Array): { ranks: Int32Array; size: number } {
  const sorted = Int32Array.from(values, (_, at) => at).sort((one, other) => values[one] - values[other]);
  const ranks = new Int32Array(values.length);
  let size = 0;
  sorted.forEach((at, index) => {
    if (index === 0 || values[at] !== values[sorted[index - 1]]) size += 1;
    ranks[at] = size;
  });
  return { ranks, size };
}
