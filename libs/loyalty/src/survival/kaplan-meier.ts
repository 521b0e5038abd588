import { StatisticsError } from '@touchstone/statistics';
import { boundsOn, normalFactor } from './survival-interval.js';
import type { BoundsOf, IntervalScale } from './survival-interval.js';
import { assertObservations, levelsOf } from './survival-observations.js';
import type { Label, SurvivalObservations } from './survival-observations.js';
import { quantileOf } from './survival-reading.js';
import type { SurvivalQuantile } from './survival-reading.js';

export interface KaplanMeierOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Default `log`, as in R's survfit; lifelines and SAS use `log-log`. */
  readonly interval?: IntervalScale;
  /**
   * The hazard of d events among n at risk: `aalen` d/n (default), or `fleming-harrington`, which takes tied events one after
   * the other, 1/n + 1/(n − 1) + … (only without weights).
   */
  readonly hazardTies?: 'aalen' | 'fleming-harrington';
}

/** The curve at a time when somebody had the event or was cut off. Counts are sums of weights. */
export interface SurvivalPoint {
  readonly time: number;
  readonly atRisk: number;
  readonly events: number;
  readonly censored: number;
  /** Probability of being without the event after this time. */
  readonly survival: number;
  /** Greenwood's; null where the survival has reached 0, as are the bounds. */
  readonly standardError: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Nelson–Aalen. */
  readonly cumulativeHazard: number;
  readonly hazardStandardError: number;
  readonly hazardLower: number;
  readonly hazardUpper: number;
}

export interface SurvivalCurve {
  /** Sum of the weights: without them, rows. */
  readonly n: number;
  /** Sum of the weights of rows with the event. */
  readonly events: number;
  readonly confidence: number;
  readonly interval: IntervalScale;
  readonly median: SurvivalQuantile;
  readonly points: readonly SurvivalPoint[];
}

/**
 * The share without the event after each time.
 *
 * S(t) = Π (1 − d/n) over the times up to t: E. L. Kaplan and P. Meier, J. Amer. Statist. Assoc. 53 (1958). Its variance is
 * Greenwood's, S²·Σ d/(n(n − d)). The cumulative hazard Σ d/n with variance Σ d/n² is Nelson's and Aalen's, its interval
 * H·exp(±z·se/H). Who is cut off at a time is still at risk at it. Weights count as repetitions.
 *
 * @throws StatisticsError `TOO_FEW_POINTS`, `NOT_FINITE`, `BAD_DATA`, `BAD_OPTION`
 */
export function kaplanMeier(observations: SurvivalObservations, options: KaplanMeierOptions = {}): SurvivalCurve {
  assertObservations(observations);
  return curveOf(
    observations,
    Int32Array.from({ length: observations.time.length }, (_, row) => row),
    options,
  );
}

/** One curve a group, groups ascending. @throws as `kaplanMeier` */
export function kaplanMeierByGroup(
  observations: SurvivalObservations & { readonly group: ArrayLike<Label> },
  options: KaplanMeierOptions = {},
): readonly { readonly group: Label; readonly curve: SurvivalCurve }[] {
  assertObservations(observations);
  const { labels, of } = levelsOf('group', observations.group, observations.time.length);
  const counts = new Int32Array(labels.length);
  for (const level of of) counts[level] += 1;
  const rows = Array.from(counts, (count) => new Int32Array(count));
  const filled = new Int32Array(labels.length);
  of.forEach((level, row) => {
    rows[level][filled[level]] = row;
    filled[level] += 1;
  });
  return labels.map((group, level) => ({ group, curve: curveOf(observations, rows[level], options) }));
}

function curveOf(observations: SurvivalObservations, rows: Int32Array, options: KaplanMeierOptions): SurvivalCurve {
  const { confidence = 0.95, interval = 'log', hazardTies = 'aalen' } = options;
  if (hazardTies !== 'aalen' && hazardTies !== 'fleming-harrington')
    throw new StatisticsError('BAD_OPTION', 'hazardTies is aalen or fleming-harrington');
  if (hazardTies === 'fleming-harrington' && observations.weights !== undefined) {
    throw new StatisticsError('BAD_OPTION', 'weighted rows have no order within a tie; use hazardTies aalen');
  }
  const step = stepsWith(boundsOn(interval, confidence), normalFactor(confidence), hazardTies === 'fleming-harrington');
  const points = countsAt(observations, rows).map(step);
  const events = points.reduce((sum, point) => sum + point.events, 0);
  const n = points.reduce((sum, point) => sum + point.events + point.censored, 0);
  return { n, events, confidence, interval, median: quantileOf(points, 0.5), points };
}

type Counts = Pick<SurvivalPoint, 'time' | 'atRisk' | 'events' | 'censored'>;

/** Events, cut-offs and who is at risk at each distinct time, ascending. Sorts the rows given. */
function countsAt({ time, event, entry, weights }: SurvivalObservations, rows: Int32Array): Counts[] {
  rows.sort((one, other) => time[one] - time[other]);
  const byEntry = entry === undefined ? rows : rows.slice().sort((one, other) => entry[one] - entry[other]);
  const weightOf = (row: number): number => weights?.[row] ?? 1;
  const counts: Counts[] = [];
  let atRisk = 0;
  let entered = byEntry.length;
  // From the latest time back: sums of weights then only shrink where somebody had not entered yet.
  for (let last = rows.length - 1; last >= 0;) {
    const at = time[rows[last]];
    let events = 0;
    let censored = 0;
    for (; last >= 0 && time[rows[last]] === at; last -= 1) {
      const weight = weightOf(rows[last]);
      if (event[rows[last]]) events += weight;
      else censored += weight;
    }
    atRisk += events + censored;
    for (; entry !== undefined && entered > 0 && entry[byEntry[entered - 1]] >= at; entered -= 1) atRisk -= weightOf(byEntry[entered - 1]);
    // Subtracting weights leaves rounding; nobody at risk is fewer than those whose observation ends here.
    atRisk = Math.max(atRisk, events + censored);
    counts.push({ time: at, atRisk, events, censored });
  }
  return counts.reverse();
}

function stepsWith(bounds: BoundsOf, z: number, oneByOne: boolean): (counts: Counts) => SurvivalPoint {
  let survival = 1;
  let relativeVariance = 0;
  let hazard = 0;
  let hazardVariance = 0;
  return (counts) => {
    const { atRisk, events } = counts;
    if (events > 0) {
      survival *= (atRisk - events) / atRisk;
      relativeVariance += events / (atRisk * (atRisk - events));
      for (let taken = 0; taken < (oneByOne ? events : 1); taken += 1) {
        hazard += (oneByOne ? 1 : events) / (atRisk - taken);
        hazardVariance += (oneByOne ? 1 : events) / (atRisk - taken) ** 2;
      }
    }
    const relativeError = Math.sqrt(relativeVariance);
    const hazardStandardError = Math.sqrt(hazardVariance);
    const factor = hazard > 0 ? Math.exp((z * hazardStandardError) / hazard) : 1;
    return {
      ...counts,
      survival,
      standardError: survival > 0 ? survival * relativeError : null,
      ...bounds(survival, relativeError),
      cumulativeHazard: hazard,
      hazardStandardError,
      hazardLower: hazard / factor,
      hazardUpper: hazard * factor,
    };
  };
}
