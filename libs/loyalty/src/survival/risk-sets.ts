import { StatisticsError } from '@touchstone/statistics';
import { assertLength, assertObservations, levelsOf } from './survival-observations.js';
import type { Label, SurvivalObservations } from './survival-observations.js';

/** A column of the model. */
export interface Covariate {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

/**
 * What a proportional hazards model is fitted to. With `entry`, rows are intervals (entry, time] and covariates may change from
 * one row of a subject to the next.
 *
 * - `strata`  rows of different strata are never compared: each stratum has its own baseline hazard
 * - `offset`  a known part of the log hazard
 * - `cluster` rows that belong together, such as the intervals of one subject: asks for robust standard errors
 */
export interface HazardObservations extends SurvivalObservations {
  readonly covariates: readonly Covariate[];
  readonly strata?: ArrayLike<Label>;
  readonly offset?: ArrayLike<number>;
  readonly cluster?: ArrayLike<Label>;
}

/**
 * Rows by stratum, then time descending, then events first, with the covariates centred and scaled: the only copy of the input.
 * Event times ("groups") are in the same order. A slot is a group's place in an array that has one more place after the last
 * group of each stratum, so that hazards can be accumulated from there back to the first.
 */
export interface RiskSets {
  readonly rows: number;
  readonly width: number;
  readonly names: readonly string[];
  readonly means: Float64Array;
  readonly scales: Float64Array;
  /** Sorted position → row of the input. */
  readonly order: Int32Array;
  readonly x: Float64Array;
  readonly weight: Float64Array;
  readonly offset: Float64Array;
  readonly isEvent: Uint8Array;
  readonly time: Float64Array;
  /** Positions by stratum and entry descending; null if all are at risk from the beginning. */
  readonly byEntry: Int32Array | null;
  readonly stratumLabels: readonly Label[];
  /** First position and first slot of each stratum, and one past the last. */
  readonly stratumStart: Int32Array;
  readonly slotStart: Int32Array;
  /** Per slot; the last slot of a stratum stands for no event time. */
  readonly slotTime: Float64Array;
  readonly firstDeath: Int32Array;
  readonly deaths: Int32Array;
  /** Positions before this one (from the stratum's start) have not left before the event time. */
  readonly riskEnd: Int32Array;
  /** Entries before this one, in `byEntry`, come too late for the event time. */
  readonly lateEnd: Int32Array;
  /** A position is at risk in the slots from `exitSlot` up to, not including, `entrySlot`. */
  readonly exitSlot: Int32Array;
  readonly entrySlot: Int32Array;
  readonly events: number;
}

/** @throws StatisticsError `TOO_FEW_POINTS`, `NOT_FINITE`, `BAD_DATA` */
export function riskSetsOf(observations: HazardObservations): RiskSets {
  assertObservations(observations);
  const { time, event, entry, weights, offset, covariates } = observations;
  const rows = time.length;
  assertColumns(observations);
  const levels =
    observations.strata === undefined ? { labels: [''], of: new Int32Array(rows) } : levelsOf('strata', observations.strata, rows);
  const stratum = levels.of;
  const order = Int32Array.from({ length: rows }, (_, row) => row).sort(
    (a, b) => stratum[a] - stratum[b] || time[b] - time[a] || Number(event[b]) - Number(event[a]) || a - b,
  );
  const taken = <T extends Float64Array | Uint8Array>(into: T, column: ArrayLike<number | boolean> | undefined, missing: number): T => {
    for (let at = 0; at < rows; at += 1) into[at] = column === undefined ? missing : Number(column[order[at]]);
    return into;
  };
  const columns = centred(covariates, order, weights);
  const stratumStart = startsOf(levels.labels.length, stratum);
  const sorted = {
    rows,
    order,
    stratumStart,
    time: taken(new Float64Array(rows), time, 0),
    isEvent: taken(new Uint8Array(rows), event, 0),
    byEntry: entry === undefined ? null : positionsByEntry(entry, order, stratum),
  };
  const slots = slotsOf(sorted, entry);
  if (slots.events === 0)
    throw new StatisticsError('TOO_FEW_POINTS', 'no row has the event, so there is no hazard to compare; give at least one event');
  return {
    ...sorted,
    ...columns,
    ...slots,
    stratumLabels: levels.labels,
    weight: taken(new Float64Array(rows), weights, 1),
    offset: taken(new Float64Array(rows), offset, 0),
  };
}

function assertColumns({ time, covariates, offset, cluster }: HazardObservations): void {
  const rows = time.length;
  if (new Set(covariates.map(({ name }) => name)).size !== covariates.length)
    throw new StatisticsError('BAD_DATA', 'two covariates have the same name');
  if (cluster !== undefined) assertLength('cluster', cluster, rows);
  const columns = offset === undefined ? covariates : [...covariates, { name: 'offset', values: offset }];
  for (const { name, values } of columns) {
    assertLength(name, values, rows);
    for (let row = 0; row < rows; row += 1) {
      if (!Number.isFinite(values[row]))
        throw new StatisticsError('NOT_FINITE', `column ${name}, row ${row + 1}: not a finite number; leave rows with missing values out`);
    }
  }
}

/** (value − mean)/standard deviation, row by row in sorted order: exponents stay small, and columns of any unit are alike to the solver. */
function centred(
  covariates: readonly Covariate[],
  order: Int32Array,
  weights?: ArrayLike<number>,
): Pick<RiskSets, 'names' | 'width' | 'means' | 'scales' | 'x'> {
  const width = covariates.length;
  const rows = order.length;
  const x = new Float64Array(rows * width);
  const means = new Float64Array(width);
  const scales = new Float64Array(width);
  covariates.forEach(({ name, values }, column) => {
    let largest = 0;
    for (let row = 0; row < rows; row += 1) largest = Math.max(largest, Math.abs(values[row]));
    const unit = largest === 0 ? 1 : largest;
    const mean = averageOf(values, weights, unit, 0, false);
    const variance = averageOf(values, weights, unit, mean, true);
    if (!(variance > 1e-28))
      throw new StatisticsError('BAD_DATA', `column ${name} is constant, so it has no effect to estimate; leave it out`);
    const spread = Math.sqrt(variance);
    means[column] = mean * unit;
    scales[column] = spread * unit;
    for (let at = 0; at < rows; at += 1) x[at * width + column] = (values[order[at]] / unit - mean) / spread;
  });
  return { names: covariates.map(({ name }) => name), width, means, scales, x };
}

/** Weighted mean of value/unit − from, or of its square; summed as `sumOf` does, without an iterator a number. */
function averageOf(
  values: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  unit: number,
  from: number,
  squared: boolean,
): number {
  let sum = 0;
  let lost = 0;
  let total = 0;
  for (let row = 0; row < values.length; row += 1) {
    const weight = weights === undefined ? 1 : weights[row];
    const distance = values[row] / unit - from;
    const term = weight * (squared ? distance * distance : distance);
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
    total += weight;
  }
  return (sum + lost) / total;
}

function startsOf(strata: number, stratum: Int32Array): Int32Array {
  const starts = new Int32Array(strata + 1);
  for (const level of stratum) starts[level + 1] += 1;
  for (let level = 0; level < strata; level += 1) starts[level + 1] += starts[level];
  return starts;
}

function positionsByEntry(entry: ArrayLike<number>, order: Int32Array, stratum: Int32Array): Int32Array {
  return Int32Array.from(order, (_, at) => at).sort(
    (a, b) => stratum[order[a]] - stratum[order[b]] || entry[order[b]] - entry[order[a]] || a - b,
  );
}

type Slots = Pick<
  RiskSets,
  'slotStart' | 'slotTime' | 'firstDeath' | 'deaths' | 'riskEnd' | 'lateEnd' | 'exitSlot' | 'entrySlot' | 'events'
>;

function slotsOf(
  sorted: Pick<RiskSets, 'rows' | 'order' | 'time' | 'isEvent' | 'byEntry' | 'stratumStart'>,
  entry: ArrayLike<number> | undefined,
): Slots {
  const { rows, order, time, isEvent, byEntry, stratumStart } = sorted;
  const strata = stratumStart.length - 1;
  const slotStart = new Int32Array(strata + 1);
  const exitSlot = new Int32Array(rows);
  const entrySlot = new Int32Array(rows);
  const found = { firstDeath: [] as number[], deaths: [] as number[], riskEnd: [] as number[] };
  let events = 0;
  for (let level = 0; level < strata; level += 1) {
    for (let at = stratumStart[level]; at < stratumStart[level + 1];) {
      const from = at;
      const slot = found.deaths.length;
      let deaths = 0;
      for (; at < stratumStart[level + 1] && time[at] === time[from]; at += 1) {
        deaths += isEvent[at];
        exitSlot[at] = slot;
      }
      if (deaths === 0) continue;
      events += deaths;
      found.firstDeath.push(from);
      found.deaths.push(deaths);
      found.riskEnd.push(at);
    }
    // The slot after the last event time.
    found.firstDeath.push(stratumStart[level + 1]);
    found.deaths.push(0);
    found.riskEnd.push(stratumStart[level + 1]);
    slotStart[level + 1] = found.deaths.length;
    entrySlot.fill(found.deaths.length - 1, stratumStart[level], stratumStart[level + 1]);
  }
  const firstDeath = Int32Array.from(found.firstDeath);
  const slotTime = Float64Array.from(firstDeath, (at) => time[at] ?? 0);
  const lateEnd = new Int32Array(slotTime.length);
  const slots = {
    slotStart,
    slotTime,
    firstDeath,
    deaths: Int32Array.from(found.deaths),
    riskEnd: Int32Array.from(found.riskEnd),
    lateEnd,
    exitSlot,
    entrySlot,
    events,
  };
  if (entry !== undefined && byEntry !== null) {
    for (let level = 0; level < strata; level += 1) {
      let next = stratumStart[level];
      // Late for this event time and on time for the one before (times descend): here the row stops being at risk.
      for (let slot = slotStart[level]; slot < slotStart[level + 1] - 1; slot += 1) {
        for (; next < stratumStart[level + 1] && entry[order[byEntry[next]]] >= slotTime[slot]; next += 1) entrySlot[byEntry[next]] = slot;
        lateEnd[slot] = next;
      }
    }
  }
  return slots;
}
