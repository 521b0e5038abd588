import { power } from '@touchstone/statistics';
import { StatisticsError } from '@touchstone/statistics';
import { normalTwoSided } from '@touchstone/statistics/distributions';
import { chiSquareTest } from './chi-square-tail.js';
import type { ChiSquareTest } from './chi-square-tail.js';
import { assertObservations, levelsOf } from './survival-observations.js';
import type { Label, SurvivalObservations } from './survival-observations.js';
import { dot, factorise, rowsOf, solve } from './symmetric-factor.js';

/**
 * What an event counts: 1 (`log-rank`), the number at risk (`gehan`, Wilcoxon's test), its root (`tarone-ware`), or
 * S^rho·(1 − S)^gamma with S the pooled Kaplan–Meier curve just before (Fleming and Harrington; rho 1 is the Peto and Peto
 * modification of Gehan's test, as in R's survdiff).
 */
export type LogRankWeighting = 'log-rank' | 'gehan' | 'tarone-ware' | { readonly rho: number; readonly gamma?: number };

export interface LogRankOptions {
  readonly weighting?: LogRankWeighting;
  /** One score a group, groups ascending: also tests for a trend along them. */
  readonly scores?: readonly number[];
}

export interface LogRankObservations extends SurvivalObservations {
  readonly group: ArrayLike<Label>;
  /** Groups are compared within strata only. */
  readonly strata?: ArrayLike<Label>;
}

export interface LogRankGroup {
  readonly group: Label;
  /** Sum of the weights: without them, rows. */
  readonly n: number;
  /** Both weighted as the test is. */
  readonly observed: number;
  readonly expected: number;
}

export interface LogRankTest extends ChiSquareTest {
  readonly groups: readonly LogRankGroup[];
  /** Covariance of observed − expected. */
  readonly covariance: readonly (readonly number[])[];
  /** Null unless scores were given; z is positive where a higher score has more events than expected. */
  readonly trend: (ChiSquareTest & { readonly z: number }) | null;
}

/**
 * Whether groups have the same hazard: events against those expected if all at risk were alike, with the hypergeometric variance.
 * N. Mantel, Cancer Chemother. Rep. 50 (1966); trend: R. Tarone, Biometrika 62 (1975). Groups in which no event could be expected
 * do not count.
 *
 * @throws StatisticsError `TOO_FEW_POINTS` without an event, `NOT_FINITE`, `BAD_DATA` for a single group, `BAD_OPTION`
 */
export function logRankTest(observations: LogRankObservations, options: LogRankOptions = {}): LogRankTest {
  assertObservations(observations);
  const n = observations.time.length;
  const groups = levelsOf('group', observations.group, n);
  const strata = observations.strata === undefined ? new Int32Array(n) : levelsOf('strata', observations.strata, n).of;
  const size = groups.labels.length;
  if (size < 2)
    throw new StatisticsError('BAD_DATA', `all rows are in group ${String(groups.labels[0])}; comparing needs at least two groups`);
  const weightAt = weighting(options.weighting ?? 'log-rank');
  const sums = { observed: new Float64Array(size), expected: new Float64Array(size), covariance: new Float64Array(size * size) };
  for (const tables of tablesOf(observations, groups.of, size, strata)) addStratum(sums, tables, size, weightAt);
  if (!sums.expected.some((expected) => expected > 0))
    throw new StatisticsError('TOO_FEW_POINTS', 'no row has the event, so there is nothing to compare; give at least one event');
  const counts = new Array<number>(size).fill(0);
  groups.of.forEach((level, row) => {
    counts[level] += observations.weights?.[row] ?? 1;
  });
  return {
    ...overall(sums, size),
    groups: groups.labels.map((group, at) => ({ group, n: counts[at], observed: sums.observed[at], expected: sums.expected[at] })),
    covariance: rowsOf(sums.covariance, size),
    trend: options.scores === undefined ? null : trendAlong(options.scores, sums, size),
  };
}

/** Each two groups compared, with p-values also adjusted for the number of comparisons by S. Holm, Scand. J. Statist. 6 (1979). */
export interface PairwiseLogRank extends ChiSquareTest {
  readonly groups: readonly [Label, Label];
  readonly adjustedPValue: number;
}

/** @throws as `logRankTest`, also where one pair has no event */
export function pairwiseLogRankTests(
  observations: LogRankObservations,
  options: Pick<LogRankOptions, 'weighting'> = {},
): PairwiseLogRank[] {
  assertObservations(observations);
  const { labels, of } = levelsOf('group', observations.group, observations.time.length);
  const pairs = labels.flatMap((one, index) =>
    labels.slice(index + 1).map((other, next) => ({ groups: [one, other] as const, of: [index, index + 1 + next] })),
  );
  const tests = pairs.map((pair) => {
    const rows = Array.from(of.keys()).filter((row) => pair.of.includes(of[row]));
    const { chiSquare, df, pValue } = logRankTest(rowsFrom(observations, rows), options);
    return { groups: pair.groups, chiSquare, df, pValue, adjustedPValue: 1 };
  });
  let largest = 0;
  const byPValue = tests.map((_, index) => index).sort((one, other) => tests[one].pValue - tests[other].pValue);
  byPValue.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, tests[index].pValue * (tests.length - rank)));
    tests[index].adjustedPValue = largest;
  });
  return tests;
}

function rowsFrom(observations: LogRankObservations, rows: readonly number[]): LogRankObservations {
  const { time, event, entry, weights, group, strata } = observations;
  const taken = <T>(column: ArrayLike<T>): T[] => rows.map((row) => column[row]);
  return {
    time: taken(time),
    event: taken<number | boolean>(event),
    group: taken(group),
    ...(entry && { entry: taken(entry) }),
    ...(weights && { weights: taken(weights) }),
    ...(strata && { strata: taken(strata) }),
  };
}

/** At each event time of a stratum, ascending: at risk and events of each group. */
interface Tables {
  readonly atRisk: readonly Float64Array[];
  readonly events: readonly Float64Array[];
}

function tablesOf({ time, event, entry, weights }: LogRankObservations, group: Int32Array, size: number, strata: Int32Array): Tables[] {
  const byTime = Int32Array.from(strata, (_, row) => row).sort((a, b) => strata[a] - strata[b] || time[b] - time[a]);
  const byEntry = entry === undefined ? null : byTime.slice().sort((a, b) => strata[a] - strata[b] || entry[b] - entry[a]);
  const tables: Tables[] = [];
  for (let next = 0; next < byTime.length;) {
    const stratum = strata[byTime[next]];
    const table: { atRisk: Float64Array[]; events: Float64Array[] } = { atRisk: [], events: [] };
    const running = new Float64Array(size);
    let late = next;
    while (next < byTime.length && strata[byTime[next]] === stratum) {
      const at = time[byTime[next]];
      const events = new Float64Array(size);
      for (; next < byTime.length && strata[byTime[next]] === stratum && time[byTime[next]] === at; next += 1) {
        const row = byTime[next];
        running[group[row]] += weights?.[row] ?? 1;
        if (event[row]) events[group[row]] += weights?.[row] ?? 1;
      }
      if (byEntry !== null && entry !== undefined) {
        for (; late < byEntry.length && strata[byEntry[late]] === stratum && entry[byEntry[late]] >= at; late += 1)
          running[group[byEntry[late]]] -= weights?.[byEntry[late]] ?? 1;
      }
      if (events.some((count) => count > 0)) {
        table.events.push(events);
        table.atRisk.push(running.map((count, level) => Math.max(count, events[level])));
      }
    }
    table.atRisk.reverse();
    table.events.reverse();
    tables.push(table);
  }
  return tables;
}

interface Sums {
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  readonly covariance: Float64Array;
}

function addStratum(
  { observed, expected, covariance }: Sums,
  { atRisk, events }: Tables,
  size: number,
  weightAt: (total: number, survival: number) => number,
): void {
  let survival = 1;
  atRisk.forEach((counts, at) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const deaths = events[at].reduce((sum, count) => sum + count, 0);
    const weight = weightAt(total, survival);
    survival *= (total - deaths) / total;
    const spread = total > 1 ? (weight * weight * deaths * Math.max(0, total - deaths)) / (total - 1) : 0;
    for (let group = 0; group < size; group += 1) {
      const share = counts[group] / total;
      observed[group] += weight * events[at][group];
      expected[group] += weight * deaths * share;
      for (let other = 0; other < size; other += 1)
        covariance[group * size + other] += spread * share * ((group === other ? 1 : 0) - counts[other] / total);
    }
  });
}

function weighting(of: LogRankWeighting): (total: number, survival: number) => number {
  if (of === 'log-rank') return () => 1;
  if (of === 'gehan') return (total) => total;
  if (of === 'tarone-ware') return (total) => Math.sqrt(total);
  if (typeof of !== 'object' || !Number.isFinite(of.rho) || of.rho < 0 || !((of.gamma ?? 0) >= 0) || of.gamma === Infinity) {
    throw new StatisticsError('BAD_OPTION', 'weighting is log-rank, gehan, tarone-ware, or rho and gamma that are not negative');
  }
  const { rho, gamma = 0 } = of;
  return (_, survival) => power(survival, rho) * power(1 - survival, gamma);
}

function overall({ observed, expected, covariance }: Sums, size: number): ChiSquareTest {
  const counted = Array.from(expected.keys()).filter((group) => expected[group] > 0);
  // One difference follows from the others, as they sum to zero.
  const free = counted.slice(0, -1);
  const differences = free.map((group) => observed[group] - expected[group]);
  const matrix = Float64Array.from(free.flatMap((group) => free.map((other) => covariance[group * size + other])));
  const factor = factorise(matrix, free.length, 1e-10);
  if (free.length === 0 || factor.dependent !== null)
    throw new StatisticsError('BAD_DATA', 'some groups are never at risk together with the others at an event, so they cannot be compared');
  return chiSquareTest(dot(differences, solve(factor, differences)), free.length);
}

function trendAlong(
  scores: readonly number[],
  { observed, expected, covariance }: Sums,
  size: number,
): ChiSquareTest & { readonly z: number } {
  if (scores.length !== size || !scores.every(Number.isFinite))
    throw new StatisticsError('BAD_OPTION', `scores are ${size} numbers, one a group`);
  let difference = 0;
  let variance = 0;
  for (let group = 0; group < size; group += 1) {
    difference += scores[group] * (observed[group] - expected[group]);
    for (let other = 0; other < size; other += 1) variance += scores[group] * scores[other] * covariance[group * size + other];
  }
  if (!(variance > 0)) throw new StatisticsError('BAD_OPTION', 'all scores are the same, so there is no trend to test');
  const z = difference / Math.sqrt(variance);
  return { chiSquare: z * z, df: 1, pValue: normalTwoSided(z), z };
}
