import { sumOf } from '@touchstone/statistics';
import { chiSquareUpper } from '../survival/index.js';
import { differenceEstimate, ratioEstimate } from './estimate.js';
import type { Estimate } from './estimate.js';

/** Accounts of one stratum by exposure and outcome. */
export interface StratumCounts {
  readonly stratum: string;
  readonly exposedEvents: number;
  readonly exposed: number;
  readonly unexposedEvents: number;
  readonly unexposed: number;
}

export interface ChiSquareTest {
  readonly statistic: number;
  readonly df: number;
  readonly pValue: number;
}

/** `greenland-robins` for few large strata; `sato` stays right for many small ones as well. */
export type DifferenceVariance = 'greenland-robins' | 'sato';

interface Cells {
  readonly a: number;
  readonly b: number;
  readonly n1: number;
  readonly n0: number;
  readonly n: number;
}

const cellsOf = ({ exposedEvents: a, unexposedEvents: b, exposed: n1, unexposed: n0 }: StratumCounts): Cells => ({
  a,
  b,
  n1,
  n0,
  n: n1 + n0,
});

const sumOver = (strata: readonly StratumCounts[], term: (cells: Cells) => number): number =>
  sumOf(strata.map((stratum) => term(cellsOf(stratum))));

/**
 * Mantel–Haenszel risk difference: Σ(a·n0 − b·n1)/N over Σ n1·n0/N, where a of n1 exposed and b of n0 unexposed had the event.
 *
 * Variances: S. Greenland and J. M. Robins, Estimation of a common effect parameter from sparse follow-up data, Biometrics 41
 * (1985), equation for large strata; T. Sato, On the variance estimator for the Mantel-Haenszel risk difference, Biometrics 45 (1989).
 * Every stratum must have accounts in both arms.
 */
export function mantelHaenszelDifference(
  strata: readonly StratumCounts[],
  confidence: number,
  variance: DifferenceVariance = 'greenland-robins',
): Estimate {
  const weight = sumOver(strata, ({ n1, n0, n }) => (n1 * n0) / n);
  const estimate = sumOver(strata, ({ a, b, n1, n0, n }) => (a * n0 - b * n1) / n) / weight;
  const spread = variance === 'sato' ? satoSpread(strata, estimate) : greenlandRobinsSpread(strata);
  return differenceEstimate(estimate, Math.sqrt(Math.max(0, spread)) / weight, confidence);
}

function greenlandRobinsSpread(strata: readonly StratumCounts[]): number {
  return sumOver(strata, ({ a, b, n1, n0, n }) => (a * (n1 - a) * cube(n0) + b * (n0 - b) * cube(n1)) / (n1 * n0 * n * n));
}

function satoSpread(strata: readonly StratumCounts[], difference: number): number {
  const p = sumOver(strata, ({ a, b, n1, n0, n }) => (n1 * n1 * b - n0 * n0 * a + (n1 * n0 * (n0 - n1)) / 2) / (n * n));
  const q = sumOver(strata, ({ a, b, n1, n0, n }) => (a * (n0 - b) + b * (n1 - a)) / (2 * n));
  return difference * p + q;
}

/**
 * Mantel–Haenszel risk ratio: Σ a·n0/N over Σ b·n1/N, with the variance of its logarithm of Greenland and Robins (1985), which
 * holds for large and for sparse strata. Null where one of the arms has no event.
 */
export function mantelHaenszelRatio(strata: readonly StratumCounts[], confidence: number): Estimate | null {
  const exposed = sumOver(strata, ({ a, n0, n }) => (a * n0) / n);
  const unexposed = sumOver(strata, ({ b, n1, n }) => (b * n1) / n);
  if (exposed === 0 || unexposed === 0) return null;
  const spread = sumOver(strata, ({ a, b, n1, n0, n }) => (n1 * n0 * (a + b) - a * b * n) / (n * n));
  return ratioEstimate(Math.log(exposed / unexposed), Math.sqrt(spread / (exposed * unexposed)), confidence);
}

/**
 * Mantel–Haenszel odds ratio with the variance of J. Robins, N. Breslow and S. Greenland, Biometrics 42 (1986). Null where a cell
 * is empty in every stratum.
 */
export function mantelHaenszelOddsRatio(strata: readonly StratumCounts[], confidence: number): Estimate | null {
  const concordant = ({ a, b, n0, n }: Cells): number => (a * (n0 - b)) / n;
  const discordant = ({ a, b, n1, n }: Cells): number => (b * (n1 - a)) / n;
  const p = ({ a, b, n0, n }: Cells): number => (a + n0 - b) / n;
  const q = ({ a, b, n1, n }: Cells): number => (b + n1 - a) / n;
  const r = sumOver(strata, concordant);
  const s = sumOver(strata, discordant);
  if (r === 0 || s === 0) return null;
  const spread =
    sumOver(strata, (cells) => p(cells) * concordant(cells)) / (2 * r * r) +
    sumOver(strata, (cells) => p(cells) * discordant(cells) + q(cells) * concordant(cells)) / (2 * r * s) +
    sumOver(strata, (cells) => q(cells) * discordant(cells)) / (2 * s * s);
  return ratioEstimate(Math.log(r / s), Math.sqrt(spread), confidence);
}

/**
 * Mantel–Haenszel chi-square of no association in any stratum, one degree of freedom, without continuity correction (N. Mantel and
 * W. Haenszel, Journal of the National Cancer Institute 22, 1959). Null where all accounts have the same outcome.
 */
export function mantelHaenszelTest(strata: readonly StratumCounts[]): ChiSquareTest | null {
  const excess = sumOver(strata, ({ a, b, n1, n }) => a - (n1 * (a + b)) / n);
  const variance = sumOver(strata, ({ a, b, n1, n0, n }) => (n < 2 ? 0 : (n1 * n0 * (a + b) * (n - a - b)) / (n * n * (n - 1))));
  return variance === 0 ? null : chiSquareTest((excess * excess) / variance, 1);
}

/** Risk difference of one stratum with its binomial standard error. */
export function stratumDifference(stratum: StratumCounts, confidence: number): Estimate {
  const { a, b, n1, n0 } = cellsOf(stratum);
  const variance = (a * (n1 - a)) / cube(n1) + (b * (n0 - b)) / cube(n0);
  return differenceEstimate(a / n1 - b / n0, Math.sqrt(variance), confidence);
}

/** Risk ratio of one stratum; null without events in both arms. */
export function stratumRatio(stratum: StratumCounts, confidence: number): Estimate | null {
  const { a, b, n1, n0 } = cellsOf(stratum);
  if (a === 0 || b === 0) return null;
  return ratioEstimate(Math.log((a * n0) / (b * n1)), Math.sqrt(1 / a - 1 / n1 + 1 / b - 1 / n0), confidence);
}

/**
 * Whether strata differ by more than chance: Σ (stratum's estimate − pooled)² / variance, chi-square with one degree of freedom
 * less than strata (K. J. Rothman et al., Modern Epidemiology, 3rd edition, chapter 15). Null with fewer than two usable strata.
 */
export function homogeneityTest(estimates: readonly (Estimate | null)[], pooled: Estimate): ChiSquareTest | null {
  const usable = estimates.filter((estimate) => estimate !== null && estimate.standardError > 0) as readonly Estimate[];
  if (usable.length < 2) return null;
  const onScale = ({ estimate, scale }: Estimate): number => (scale === 'ratio' ? Math.log(estimate) : estimate);
  const statistic = sumOf(usable.map((estimate) => ((onScale(estimate) - onScale(pooled)) / estimate.standardError) ** 2));
  return chiSquareTest(statistic, usable.length - 1);
}

export const chiSquareTest = (statistic: number, df: number): ChiSquareTest => ({ statistic, df, pValue: chiSquareUpper(statistic, df) });

const cube = (n: number): number => n * n * n;
