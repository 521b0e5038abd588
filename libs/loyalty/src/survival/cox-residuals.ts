import { StatisticsError } from '@touchstone/statistics';
import type { CoxFit } from './cox-regression.js';
import { exposuresOf, risksOf, visitRiskSets } from './partial-likelihood.js';
import type { TieMethod } from './partial-likelihood.js';
import { riskSetsOf } from './risk-sets.js';
import type { HazardObservations, RiskSets } from './risk-sets.js';

/** The risk sets a fit rests on, with its coefficients in their units. @throws StatisticsError `BAD_DATA` if the columns are not those of the fit */
export function refit(observations: HazardObservations, fit: Pick<CoxFit, 'coefficients'>): { sets: RiskSets; beta: Float64Array } {
  const sets = riskSetsOf(observations);
  const matches =
    sets.names.length === fit.coefficients.length && sets.names.every((name, column) => name === fit.coefficients[column].name);
  if (!matches)
    throw new StatisticsError(
      'BAD_DATA',
      `the columns are ${sets.names.join(', ')}, the fit has ${fit.coefficients.map(({ name }) => name).join(', ')}`,
    );
  return { sets, beta: Float64Array.from(fit.coefficients, ({ estimate }, column) => estimate * sets.scales[column]) };
}

/**
 * Per slot: the hazard of one unit of risk, what of it a row with the event itself counts with, the variance of the hazard, and
 * the hazard times the mean covariates of the risk set (`pull`, and `deathPull` likewise); `deathMean` is the mean an event is compared with.
 */
export interface HazardSteps {
  readonly hazard: Float64Array;
  readonly deathHazard: Float64Array;
  readonly variance: Float64Array;
  readonly pull: Float64Array;
  readonly deathPull: Float64Array;
  readonly deathMean: Float64Array;
}

export function hazardStepsOf(sets: RiskSets, ties: TieMethod, risk: Float64Array): HazardSteps {
  const { width, deaths } = sets;
  const perSlot = (times: number): Float64Array => new Float64Array(deaths.length * times);
  const steps: HazardSteps = {
    hazard: perSlot(1),
    deathHazard: perSlot(1),
    variance: perSlot(1),
    pull: perSlot(width),
    deathPull: perSlot(width),
    deathMean: perSlot(width),
  };
  visitRiskSets(sets, risk, (slot, sums) => {
    const count = ties === 'efron' ? deaths[slot] : 1;
    const share = sums.deathWeight / count;
    for (let step = 0; step < count; step += 1) {
      const gone = step / count;
      const denominator = sums.total - gone * sums.deathTotal;
      const hazard = share / denominator;
      steps.hazard[slot] += hazard;
      steps.deathHazard[slot] += (1 - gone) * hazard;
      steps.variance[slot] += hazard / denominator;
      for (let column = 0; column < width; column += 1) {
        const mean = (sums.totals[column] - gone * sums.deathTotals[column]) / denominator;
        steps.pull[slot * width + column] += hazard * mean;
        steps.deathPull[slot * width + column] += (1 - gone) * hazard * mean;
        steps.deathMean[slot * width + column] += mean / count;
      }
    }
  });
  return steps;
}

/** One number a row of the input. */
export interface CoxRowResiduals {
  /** Events seen less events expected of the row; they sum to zero. */
  readonly martingale: readonly number[];
  /** The same, made more symmetric. T. M. Therneau, P. M. Grambsch and T. R. Fleming, Biometrika 77 (1990). */
  readonly deviance: readonly number[];
}

/** @throws StatisticsError `BAD_DATA`, `NOT_FINITE` */
export function coxResiduals(observations: HazardObservations, fit: CoxFit): CoxRowResiduals {
  const { sets, beta } = refit(observations, fit);
  const risk = risksOf(sets, beta);
  const { hazard, deathHazard } = hazardStepsOf(sets, fit.ties, risk);
  const exposure = exposuresOf(sets, hazard, deathHazard);
  const martingale = new Array<number>(sets.rows).fill(0);
  const deviance = new Array<number>(sets.rows).fill(0);
  for (let at = 0; at < sets.rows; at += 1) {
    const expected = risk[at] * exposure[at];
    const residual = sets.isEvent[at] - expected;
    martingale[sets.order[at]] = residual;
    deviance[sets.order[at]] = Math.sign(residual) * Math.sqrt(Math.max(0, -2 * (residual + (sets.isEvent[at] ? Math.log(expected) : 0))));
  }
  return { martingale, deviance };
}

/** Score residuals by sorted position, in scaled units: what each row, unweighted, adds to the gradient. */
export function scoreResidualsOf(sets: RiskSets, ties: TieMethod, beta: ArrayLike<number>): Float64Array {
  const { rows, width, x, isEvent, exitSlot, entrySlot } = sets;
  const risk = risksOf(sets, beta);
  const { hazard, deathHazard, pull, deathPull, deathMean } = hazardStepsOf(sets, ties, risk);
  const exposure = exposuresOf(sets, hazard, deathHazard);
  const scores = new Float64Array(rows * width);
  for (let column = 0; column < width; column += 1) {
    const ofColumn = (values: Float64Array): Float64Array => hazard.map((_, slot) => values[slot * width + column]);
    const pulled = exposuresOf(sets, ofColumn(pull), ofColumn(deathPull));
    for (let at = 0; at < rows; at += 1) {
      const cell = at * width + column;
      const expected = exitSlot[at] === entrySlot[at] ? 0 : risk[at] * (x[cell] * exposure[at] - pulled[at]);
      scores[cell] = (isEvent[at] ? x[cell] - deathMean[exitSlot[at] * width + column] : 0) - expected;
    }
  }
  return scores;
}

/** What each row moves each coefficient by, row by row of the input, in the units of the coefficients. */
export function coxInfluence(observations: HazardObservations, fit: CoxFit): { readonly score: readonly (readonly number[])[] } {
  const { sets, beta } = refit(observations, fit);
  const scores = scoreResidualsOf(sets, fit.ties, beta);
  const score = new Array<readonly number[]>(sets.rows);
  for (let at = 0; at < sets.rows; at += 1) {
    score[sets.order[at]] = Array.from(sets.scales, (scale, column) => scores[at * sets.width + column] * scale);
  }
  return { score };
}

/** Of one event: its covariates less their mean over the risk set. */
export interface SchoenfeldResidual {
  readonly time: number;
  /** Row of the input, from 0. */
  readonly row: number;
  readonly residuals: readonly number[];
  /** The coefficient at about that time: fitted coefficient + events·covariance·residual. Grambsch and Therneau, Biometrika 81 (1994). */
  readonly scaled: readonly number[];
}

/** Per event by stratum, then time ascending, then row. @throws StatisticsError `BAD_DATA`, `NOT_FINITE` */
export function schoenfeldResiduals(observations: HazardObservations, fit: CoxFit): readonly SchoenfeldResidual[] {
  const { sets, beta } = refit(observations, fit);
  const { width, x, scales, order, slotStart, firstDeath, deaths, slotTime } = sets;
  const { deathMean } = hazardStepsOf(sets, fit.ties, risksOf(sets, beta));
  const found: SchoenfeldResidual[] = [];
  for (let stratum = 0; stratum + 1 < slotStart.length; stratum += 1) {
    for (let slot = slotStart[stratum + 1] - 2; slot >= slotStart[stratum]; slot -= 1) {
      for (let at = firstDeath[slot]; at < firstDeath[slot] + deaths[slot]; at += 1) {
        const residuals = Array.from(scales, (scale, column) => (x[at * width + column] - deathMean[slot * width + column]) * scale);
        const scaled = fit.coefficients.map(
          ({ estimate }, column) =>
            estimate + sets.events * residuals.reduce((sum, residual, other) => sum + residual * fit.covariance[column][other], 0),
        );
        found.push({ time: slotTime[slot], row: order[at], residuals, scaled });
      }
    }
  }
  return found;
}
