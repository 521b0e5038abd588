import { c4, c4Pooled, d2, d3, d4 } from './constants.js';

/**
 * The factors of Shewhart charts for subgroups of one size and limits at 3 sigmas; D1, D3, B3 and B5 are never below zero.
 * Source: ASTM STP 15D (Manual on Presentation of Data and Control Chart Analysis), table of factors; D. C. Montgomery, appendix VI.
 */
export interface ChartFactors {
  readonly n: number;
  /** Mean, standard deviation and median of R/σ. */
  readonly d2: number;
  readonly d3: number;
  readonly d4: number;
  /** Mean and standard deviation of s/σ; c5 = √(1 − c4²). */
  readonly c4: number;
  readonly c5: number;
  /** X̄ limits: A·σ, A2·R̄, A3·s̄. */
  readonly A: number;
  readonly A2: number;
  readonly A3: number;
  /** s limits: B3·s̄ and B4·s̄, B5·σ and B6·σ. */
  readonly B3: number;
  readonly B4: number;
  readonly B5: number;
  readonly B6: number;
  /** R limits: D1·σ and D2·σ, D3·R̄ and D4·R̄. */
  readonly D1: number;
  readonly D2: number;
  readonly D3: number;
  readonly D4: number;
}

/** All factors for `n` values a subgroup, 2 to 100. @throws StatisticsError `SIZE_OUT_OF_RANGE` */
export function chartFactors(n: number): ChartFactors {
  const [mean, sd, meanS, sdS] = [d2(n), d3(n), c4(n), c5(n)];
  return {
    n,
    d2: mean,
    d3: sd,
    d4: d4(n),
    c4: meanS,
    c5: sdS,
    A: 3 / Math.sqrt(n),
    A2: 3 / (mean * Math.sqrt(n)),
    A3: 3 / (meanS * Math.sqrt(n)),
    B3: Math.max(0, 1 - (3 * sdS) / meanS),
    B4: 1 + (3 * sdS) / meanS,
    B5: Math.max(0, meanS - 3 * sdS),
    B6: meanS + 3 * sdS,
    D1: Math.max(0, mean - 3 * sd),
    D2: mean + 3 * sd,
    D3: Math.max(0, 1 - (3 * sd) / mean),
    D4: 1 + (3 * sd) / mean,
  };
}

/**
 * Standard deviation of s/σ for `n` values, √(1 − c4²); error below 1e-14 however large c4.
 * @throws StatisticsError `SIZE_OUT_OF_RANGE`
 */
export function c5(n: number): number {
  return sdOfS(c4(n));
}

/**
 * Which constants a chart calculates with: `exact`, or `tabulated` as printed in textbooks (d2 and d3 to three decimals,
 * c4 to four), to repeat a calculation that was made with a table.
 */
export type FactorSource = 'exact' | 'tabulated';

export interface Constants {
  readonly d2: (n: number) => number;
  readonly d3: (n: number) => number;
  readonly d4: (n: number) => number;
  readonly c4: (n: number) => number;
  readonly c5: (n: number) => number;
}

export const constantsOf = (source: FactorSource | undefined): Constants => (source === 'tabulated' ? TABULATED : EXACT);

const to = (decimals: number, value: number): number => Number(value.toFixed(decimals));
const sdOfS = (mean: number): number => Math.sqrt((1 - mean) * (1 + mean));
// Of s for subgroups of any size: charts of s need no table of ranges.
const EXACT: Constants = { d2, d3, d4, c4: c4Pooled, c5: (n) => sdOfS(c4Pooled(n)) };
const TABULATED: Constants = {
  d2: (n) => to(3, d2(n)),
  d3: (n) => to(3, d3(n)),
  d4: (n) => to(3, d4(n)),
  c4: (n) => to(4, c4Pooled(n)),
  c5: (n) => sdOfS(to(4, c4Pooled(n))),
};
