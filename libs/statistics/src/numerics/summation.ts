/**
 * A running sum that also carries the low-order digits each addition rounds away. Plain JSON, so it can be stored.
 * Source: A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, ZAMM 54 (1974).
 */
export interface CompensatedSum {
  readonly sum: number;
  readonly lost: number;
}

export const emptySum: CompensatedSum = { sum: 0, lost: 0 };

/** The sum with one more term. The result depends on the order of the terms only in the last digit, and never on batching. */
export function plus(total: CompensatedSum, term: number): CompensatedSum {
  const sum = total.sum + term;
  const lost = Math.abs(total.sum) >= Math.abs(term) ? total.sum - sum + term : term - sum + total.sum;
  return { sum, lost: total.lost + lost };
}

export function valueOf(total: CompensatedSum): number {
  return total.sum + total.lost;
}

/** The sum of the terms in the order given. */
export function sumOf(terms: Iterable<number>): number {
  let sum = 0;
  let lost = 0;
  for (const term of terms) {
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  return sum + lost;
}
