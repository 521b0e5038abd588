import { StatisticsError } from '@touchstone/statistics';
import type { Cell, NumericColumn, CategoricalColumn, Row } from './columns.js';
import { logisticRegression } from './logistic-regression.js';
import type { LogisticFit } from './logistic-regression.js';
import type { Outcomes } from './outcomes.js';
import { binLevels, binNumbers, binOf, weighEvidence } from './weight-of-evidence.js';
import type { Bin, Binning } from './weight-of-evidence.js';

/** A column of a scorecard: numbers are cut into bins, categories have a bin a level, what is missing has its own. */
export type ScorecardColumn =
  (Pick<NumericColumn, 'name' | 'kind' | 'values'> & Binning) | Pick<CategoricalColumn, 'name' | 'kind' | 'values'>;

/** The scale of the points. */
export interface PointsScale {
  /** Points at `baseOdds`. Default 600. */
  readonly basePoints?: number;
  /** Non-events to events at `basePoints`. Default 50. */
  readonly baseOdds?: number;
  /** Points that double the odds. Default 20. */
  readonly pointsToDoubleOdds?: number;
}

export interface ScorecardOptions extends PointsScale {
  /** Of the logistic regression on the weights of evidence. Default 0. */
  readonly l2?: number;
  /** For bins without events or without non-events, see `weighEvidence`. Default 0.5. */
  readonly smoothing?: number;
}

export interface ScorecardBin extends Bin {
  /** Whole points; more is safer. */
  readonly points: number;
}

export interface ScorecardSection {
  readonly column: string;
  readonly coefficient: number;
  readonly informationValue: number;
  readonly bins: readonly ScorecardBin[];
}

/** Points to be added up by hand: plain JSON. */
export interface Scorecard {
  /** Points everybody starts with: those of average evidence. */
  readonly startPoints: number;
  readonly sections: readonly ScorecardSection[];
  /** Points a natural logarithm of the odds. */
  readonly factor: number;
  /** Points at even odds. */
  readonly offset: number;
  readonly lowest: number;
  readonly highest: number;
  readonly fit: LogisticFit;
}

/** Factor and offset of a scale: points = offset + factor·ln(odds). @throws StatisticsError `BAD_OPTION` */
export function pointsScale({ basePoints = 600, baseOdds = 50, pointsToDoubleOdds = 20 }: PointsScale = {}): {
  readonly factor: number;
  readonly offset: number;
} {
  if (!(baseOdds > 0 && baseOdds < Infinity)) throw new StatisticsError('BAD_OPTION', `base odds ${baseOdds} are not a positive number`);
  if (!(pointsToDoubleOdds > 0 && pointsToDoubleOdds < Infinity))
    throw new StatisticsError('BAD_OPTION', `points to double the odds are ${pointsToDoubleOdds}, not a positive number`);
  if (!Number.isFinite(basePoints)) throw new StatisticsError('BAD_OPTION', 'base points are not a finite number');
  const factor = pointsToDoubleOdds / Math.LN2;
  return { factor, offset: basePoints - factor * Math.log(baseOdds) };
}

/**
 * A points scorecard: logistic regression on weights of evidence, no coefficient against its evidence, scaled so that some points double the
 * odds of staying safe and rounded to whole points (N. Siddiqi, Credit Risk Scorecards (2006), chapter 6).
 * @throws StatisticsError `BAD_DATA`, `NOT_FINITE`, `BAD_OPTION`, `NO_CONVERGENCE`
 */
export function buildScorecard(columns: readonly ScorecardColumn[], outcomes: Outcomes, options: ScorecardOptions = {}): Scorecard {
  const { factor, offset } = pointsScale(options);
  if (columns.length === 0) throw new StatisticsError('TOO_FEW_POINTS', 'no columns were given');
  if (new Set(columns.map(({ name }) => name)).size < columns.length) throw new StatisticsError('BAD_DATA', 'a column is given twice');
  const binned = columns.map((column) => {
    const counts =
      column.kind === 'numeric' ? binNumbers(column.name, column.values, outcomes, column) : binLevels(column.values, outcomes);
    if (counts.length < 2)
      throw new StatisticsError('BAD_DATA', `column "${column.name}" has one bin only; it can explain nothing, leave it out`);
    return weighEvidence(column.name, counts, options.smoothing);
  });
  const values = new Float64Array(outcomes.length * columns.length);
  for (const [index, { name, values: cells }] of columns.entries()) {
    const { bins } = binned[index];
    for (let row = 0; row < outcomes.length; row += 1)
      values[row * columns.length + index] = bins[binOf(name, bins, cells[row])].weightOfEvidence;
  }
  const features = columns.map(({ name }) => ({ name, sign: -1 }) as const);
  const fit = logisticRegression({ rows: outcomes.length, features, values }, outcomes, { l2: options.l2 });
  const sections = binned.map(({ column, bins, informationValue }, index): ScorecardSection => {
    const coefficient = fit.coefficients[index].estimate;
    const pointed = bins.map((bin) => ({ ...bin, points: wholePoints(-coefficient * bin.weightOfEvidence * factor) }));
    return { column, coefficient, informationValue, bins: pointed };
  });
  const startPoints = wholePoints(offset - factor * fit.intercept.estimate);
  const extreme = (pick: (...points: number[]) => number): number =>
    sections.reduce((sum, { bins }) => sum + pick(...bins.map(({ points }) => points)), startPoints);
  return { startPoints, sections, factor, offset, lowest: extreme(Math.min), highest: extreme(Math.max), fit };
}

export interface PointsScore {
  /** Start plus the points of each section: whole numbers, so the sum is exact. */
  readonly points: number;
  readonly startPoints: number;
  readonly contributions: readonly { readonly column: string; readonly value: Cell; readonly bin: string; readonly points: number }[];
  /** Of the event, as the points say. */
  readonly probability: number;
}

/** One customer's points. @throws StatisticsError `BAD_DATA` for a level without a bin, `NOT_FINITE` */
export function scorePoints(card: Scorecard, row: Row): PointsScore {
  const contributions = card.sections.map(({ column, bins }) => {
    const bin = bins[binOf(column, bins, row[column])];
    return { column, value: row[column], bin: bin.label, points: bin.points };
  });
  const points = contributions.reduce((sum, contribution) => sum + contribution.points, card.startPoints);
  return { points, startPoints: card.startPoints, contributions, probability: 1 / (1 + Math.exp((points - card.offset) / card.factor)) };
}

/** To the nearest whole number, halves away from zero; never −0. */
const wholePoints = (points: number): number => Math.sign(points) * Math.round(Math.abs(points)) || 0;
