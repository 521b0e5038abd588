import { sumOf } from '../numerics/summation.js';
import { StatisticsError } from '../statistics-error.js';
import { anovaRow, modifiedLargeSampleInterval } from './mean-squares.js';
import type { AnovaRow, WeightedMeanSquare } from './mean-squares.js';
import { crossedLayout } from './study-layout.js';
import type { BalancedStudy, GageStudy } from './study-layout.js';
import { distinctCategories, levelOf, variationTable } from './variation.js';
import type { DistinctCategories, VarianceInterval, Variation, VariationOptions, VariationSource } from './variation.js';

export interface GageAnovaOptions extends VariationOptions {
  /**
   * Whether the interaction of operators and parts stays in the model. `auto` (default) pools it with repeatability when its
   * p-value is above `poolingAlpha`; `always` keeps it; `never` pools it.
   */
  readonly interaction?: 'auto' | 'always' | 'never';
  /** Default 0.05; 0.25 in AIAG and in older software. */
  readonly poolingAlpha?: number;
  /** Confidence level of the intervals of the variances. Default 0.95. */
  readonly level?: number;
}

/** Crossed gage R&R by analysis of variance, parts and operators random. */
export interface GageAnova extends Variation, DistinctCategories {
  readonly study: { readonly parts: number; readonly operators: number; readonly trials: number };
  readonly anova: {
    readonly parts: AnovaRow;
    readonly operators: AnovaRow;
    readonly interaction: AnovaRow;
    /** Null for a single trial, where nothing separates it from the interaction. */
    readonly repeatability: AnovaRow | null;
    readonly total: { readonly sumOfSquares: number; readonly df: number };
  };
  readonly interactionKept: boolean;
  /** The analysis with the interaction pooled into repeatability; null where it is kept. */
  readonly reducedAnova: { readonly parts: AnovaRow; readonly operators: AnovaRow; readonly repeatability: AnovaRow } | null;
  /** The part of reproducibility that is the same on all parts. */
  readonly operators: VariationSource;
  /** The part of reproducibility that differs between parts; null where it was pooled. */
  readonly interaction: VariationSource | null;
  /** Variance components whose estimate was negative; they count as 0. */
  readonly setToZero: readonly ('parts' | 'operators' | 'interaction')[];
  /** Of variances, by modified large samples (repeatability: exact). */
  readonly intervals: Readonly<Record<'repeatability' | 'reproducibility' | 'gageRR' | 'parts' | 'total', VarianceInterval>>;
}

/**
 * Gage repeatability and reproducibility of a crossed study by a two-way analysis of variance with random effects.
 *
 * With the interaction: σ²(E) = MSE, σ²(PO) = (MSPO − MSE)/r, σ²(O) = (MSO − MSPO)/(pr), σ²(P) = (MSP − MSPO)/(or); pooled,
 * the error mean square stands in the place of MSPO. Parts and operators are tested against the mean square that is
 * subtracted from theirs.
 * Source: AIAG, Measurement Systems Analysis, 4th ed., chapter III section B and appendix A; D. C. Montgomery, Introduction to
 * Statistical Quality Control, section 8.7.
 *
 * @throws StatisticsError `BAD_DATA` naming the cell of an unbalanced study, or when nothing varies; `TOO_FEW_POINTS`, `NOT_FINITE`, `BAD_OPTION`
 */
export function gageAnova(study: GageStudy, options: GageAnovaOptions = {}): GageAnova {
  const { interaction: mode = 'auto', poolingAlpha = 0.05 } = options;
  if (!(poolingAlpha >= 0 && poolingAlpha <= 1)) throw new StatisticsError('BAD_OPTION', 'poolingAlpha lies between 0 and 1');
  const layout = crossedLayout(study);
  const full = fullAnova(layout);
  if (full.repeatability === null && mode !== 'never') {
    throw new StatisticsError(
      'TOO_FEW_POINTS',
      'with one trial a cell the interaction cannot be told from repeatability; measure twice or ask for interaction: never',
    );
  }
  const pValue = full.interaction.pValue ?? (full.interaction.meanSquare > 0 ? 0 : 1);
  const interactionKept = mode === 'always' || (mode === 'auto' && pValue <= poolingAlpha);
  const reducedAnova = interactionKept ? null : pooled(full);
  const error = reducedAnova?.repeatability ?? full.repeatability ?? full.interaction;
  const between = reducedAnova?.repeatability ?? full.interaction;
  return {
    study: { parts: layout.parts.length, operators: layout.operators.length, trials: layout.trials },
    anova: full,
    interactionKept,
    reducedAnova,
    ...components({ layout, parts: full.parts, operators: full.operators, between, error, interactionKept }, options),
  };
}

function fullAnova({ cells, parts, operators, trials }: BalancedStudy): GageAnova['anova'] {
  const [p, o, r] = [parts.length, operators.length, trials];
  const center = meanOf(cells.flat(2));
  // Deviations from the grand mean: what is squared below is then of the size of the variation, however large the values.
  const means = cells.map((row) => row.map((cell) => meanOf(cell.map((value) => value - center))));
  const byOperator = means.map(meanOf);
  const byPart = parts.map((_, part) => meanOf(means.map((row) => row[part])));
  const ofParts = o * r * squares(byPart);
  const ofOperators = p * r * squares(byOperator);
  const ofInteraction = r * squares(means.flatMap((row, operator) => row.map((mean, part) => mean - byOperator[operator] - byPart[part])));
  const ofError = squares(
    cells.flatMap((row, operator) => row.flatMap((cell, part) => cell.map((value) => value - center - means[operator][part]))),
  );
  const repeatability = r === 1 ? null : anovaRow(ofError, p * o * (r - 1));
  const interaction = anovaRow(ofInteraction, (p - 1) * (o - 1), repeatability ?? undefined);
  return {
    parts: anovaRow(ofParts, p - 1, interaction),
    operators: anovaRow(ofOperators, o - 1, interaction),
    interaction,
    repeatability,
    total: { sumOfSquares: ofParts + ofOperators + ofInteraction + ofError, df: p * o * r - 1 },
  };
}

function pooled({ parts, operators, interaction, repeatability }: GageAnova['anova']): NonNullable<GageAnova['reducedAnova']> {
  const error = anovaRow(interaction.sumOfSquares + (repeatability?.sumOfSquares ?? 0), interaction.df + (repeatability?.df ?? 0));
  return {
    parts: anovaRow(parts.sumOfSquares, parts.df, error),
    operators: anovaRow(operators.sumOfSquares, operators.df, error),
    repeatability: error,
  };
}

interface Model {
  readonly layout: BalancedStudy;
  readonly parts: AnovaRow;
  readonly operators: AnovaRow;
  /** What parts and operators are compared with. */
  readonly between: AnovaRow;
  readonly error: AnovaRow;
  readonly interactionKept: boolean;
}

function components(model: Model, options: GageAnovaOptions): Omit<GageAnova, 'study' | 'anova' | 'interactionKept' | 'reducedAnova'> {
  const { layout, parts, operators, between, error, interactionKept } = model;
  const [p, o, r] = [layout.parts.length, layout.operators.length, layout.trials];
  const estimates = {
    parts: (parts.meanSquare - between.meanSquare) / (o * r),
    operators: (operators.meanSquare - between.meanSquare) / (p * r),
    interaction: interactionKept ? (between.meanSquare - error.meanSquare) / r : 0,
  };
  const ofParts = Math.max(0, estimates.parts);
  const ofOperators = Math.max(0, estimates.operators);
  const ofInteraction = Math.max(0, estimates.interaction);
  const gage = error.meanSquare + ofOperators + ofInteraction;
  const source = variationTable(gage + ofParts, options);
  return {
    repeatability: source(error.meanSquare),
    reproducibility: source(ofOperators + ofInteraction),
    operators: source(ofOperators),
    interaction: interactionKept ? source(ofInteraction) : null,
    gageRR: source(gage),
    parts: source(ofParts),
    total: source(gage + ofParts),
    ...distinctCategories(Math.sqrt(ofParts), Math.sqrt(gage)),
    setToZero: (['parts', 'operators', 'interaction'] as const).filter((name) => estimates[name] < 0),
    intervals: intervalsOf(model, levelOf(options.level)),
  };
}

/** Each variance as a combination of mean squares; pooled, the weights of the interaction fall to the error. */
function intervalsOf({ layout, parts, operators, between, error, interactionKept }: Model, level: number): GageAnova['intervals'] {
  const [p, o, r] = [layout.parts.length, layout.operators.length, layout.trials];
  const interval = (ofParts: number, ofOperators: number, ofBetween: number, ofError: number): VarianceInterval => {
    const weighted = (weight: number, { meanSquare, df }: AnovaRow): WeightedMeanSquare => ({ weight, meanSquare, df });
    const rest = interactionKept ? [weighted(ofBetween, between), weighted(ofError, error)] : [weighted(ofBetween + ofError, error)];
    return modifiedLargeSampleInterval([weighted(ofParts, parts), weighted(ofOperators, operators), ...rest], level);
  };
  const operator = 1 / (p * r);
  const part = 1 / (o * r);
  return {
    repeatability: interval(0, 0, 0, 1),
    reproducibility: interval(0, operator, 1 / r - operator, -1 / r),
    gageRR: interval(0, operator, 1 / r - operator, 1 - 1 / r),
    parts: interval(part, 0, -part, 0),
    total: interval(part, operator, 1 / r - operator - part, 1 - 1 / r),
  };
}

export function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length;
}

export function squares(values: readonly number[]): number {
  return sumOf(values.map((value) => value * value));
}
