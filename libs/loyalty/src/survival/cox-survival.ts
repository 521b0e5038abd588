import { StatisticsError } from '@touchstone/statistics';
import type { CoxFit } from './cox-regression.js';
import { hazardStepsOf, refit } from './cox-residuals.js';
import { risksOf } from './partial-likelihood.js';
import type { HazardObservations } from './risk-sets.js';
import { boundsOn } from './survival-interval.js';
import type { IntervalScale } from './survival-interval.js';
import type { Label } from './survival-observations.js';
import { quadraticForm } from './symmetric-factor.js';

/** Where to read the model: at the mean of every column, at zero, or at one value a column. */
export type CovariateValues = 'means' | 'zero' | Readonly<Record<string, number>>;

export interface CoxSurvivalPoint {
  readonly time: number;
  readonly cumulativeHazard: number;
  /** Of the cumulative hazard; the coefficients' own uncertainty included. */
  readonly standardError: number;
  readonly survival: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** One curve a stratum; its label is null if the model has none. */
export interface CoxSurvivalCurve {
  readonly stratum: Label | null;
  readonly points: readonly CoxSurvivalPoint[];
}

/**
 * The baseline hazard summed up to each event time, times exp(β·x), and the survival it means, exp(−H), for one set of covariates
 * with offset 0. With Efron's ties the hazard is Efron's too. Variance by A. A. Tsiatis, Ann. Statist. 9 (1981).
 *
 * Means are means of all columns: R leaves columns of −1, 0 and 1 at zero in its default curve.
 *
 * @throws StatisticsError `BAD_DATA` if a column has no value, `NOT_FINITE`, `BAD_OPTION`
 */
export function coxSurvival(
  observations: HazardObservations,
  fit: CoxFit,
  at: CovariateValues,
  options: { readonly interval?: IntervalScale } = {},
): readonly CoxSurvivalCurve[] {
  const { sets, beta } = refit(observations, fit);
  const { width, scales, means, slotStart, slotTime, stratumLabels } = sets;
  const bounds = boundsOn(options.interval ?? 'log', fit.confidence);
  const place = Float64Array.from(sets.names, (name, column) => (valueAt(at, name, means[column]) - means[column]) / scales[column]);
  const factor = Math.exp(place.reduce((sum, value, column) => sum + value * beta[column], 0));
  const covariance = Float64Array.from(
    fit.covariance.flatMap((row, one) => row.map((entry, other) => entry * scales[one] * scales[other])),
  );
  const { hazard, variance, pull } = hazardStepsOf(sets, fit.ties, risksOf(sets, beta));
  return stratumLabels.map((label, stratum) => {
    const points: CoxSurvivalPoint[] = [];
    const lean = new Float64Array(width);
    let cumulative = 0;
    let spread = 0;
    for (let slot = slotStart[stratum + 1] - 2; slot >= slotStart[stratum]; slot -= 1) {
      cumulative += hazard[slot];
      spread += variance[slot];
      for (let column = 0; column < width; column += 1) lean[column] += pull[slot * width + column] - hazard[slot] * place[column];
      const cumulativeHazard = factor * cumulative;
      const standardError = factor * Math.sqrt(spread + quadraticForm(covariance, lean));
      const survival = Math.exp(-cumulativeHazard);
      points.push({ time: slotTime[slot], cumulativeHazard, standardError, survival, ...bounds(survival, standardError) });
    }
    return { stratum: observations.strata === undefined ? null : label, points };
  });
}

function valueAt(at: CovariateValues, name: string, mean: number): number {
  if (at === 'means') return mean;
  if (at === 'zero') return 0;
  const value = Object.hasOwn(at, name) ? at[name] : undefined;
  if (value === undefined) throw new StatisticsError('BAD_DATA', `no value is given for column ${name}`);
  if (!Number.isFinite(value)) throw new StatisticsError('NOT_FINITE', `the value of column ${name} is not a finite number`);
  return value;
}
