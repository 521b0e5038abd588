import { StatisticsError } from '../statistics-error.js';

/** A two-sided interval; a bound that would be negative is 0. */
export interface VarianceInterval {
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
}

/** One line of a gage R&R table. Percentages are 0 to 100. */
export interface VariationSource {
  /** Variance component; 0 where its estimate was negative. */
  readonly variance: number;
  readonly standardDeviation: number;
  /** `studyVariationSigmas` × the standard deviation. */
  readonly studyVariation: number;
  /** Share of the total variance; the shares of sources that add up do so as well. */
  readonly percentContribution: number;
  /** Share of the total standard deviation: %EV, %AV, %GRR, %PV of AIAG. These do not add up to 100. */
  readonly percentStudyVariation: number;
  /** Study variation as a share of the tolerance; null without a tolerance. */
  readonly percentTolerance: number | null;
  /** `standardDeviation` as a share of a historical process standard deviation; null without one. */
  readonly percentProcess: number | null;
}

export interface VariationOptions {
  /** Standard deviations that count as the width of a source. Default 6 (99.73 %); 5.15 (99 %) in older manuals. */
  readonly studyVariationSigmas?: number;
  /** Upper minus lower specification limit, in the unit of the measurements. */
  readonly tolerance?: number;
  /** Standard deviation of the process from elsewhere, in the unit of the measurements. */
  readonly processStandardDeviation?: number;
}

/** The sources every method reports. */
export interface Variation {
  /** EV: the same operator, the same part, again. */
  readonly repeatability: VariationSource;
  /** AV: between operators, including their interaction with parts. */
  readonly reproducibility: VariationSource;
  /** Repeatability and reproducibility together. */
  readonly gageRR: VariationSource;
  /** PV: between parts. */
  readonly parts: VariationSource;
  /** TV: everything. */
  readonly total: VariationSource;
}

/** How many groups of parts the gage can tell apart. */
export interface DistinctCategories {
  /** 1.41·PV/GRR; null when the gage showed no variation at all. */
  readonly ratio: number | null;
  /** The ratio without its fraction, as AIAG asks; five or more are wanted. Null as above. */
  readonly ndc: number | null;
}

/** Source: AIAG, Measurement Systems Analysis, 4th ed., chapter III section B: 1.41 and truncation. */
export function distinctCategories(parts: number, gageRR: number): DistinctCategories {
  if (gageRR === 0) return { ratio: null, ndc: null };
  const ratio = (1.41 * parts) / gageRR;
  return { ratio, ndc: Math.floor(ratio) };
}

/**
 * Turns variances into the lines of the table.
 * @throws StatisticsError `BAD_OPTION`; `BAD_DATA` when nothing varies
 */
export function variationTable(totalVariance: number, options: VariationOptions): (variance: number) => VariationSource {
  const { studyVariationSigmas = 6, tolerance, processStandardDeviation } = options;
  for (const [name, value] of Object.entries({ studyVariationSigmas, tolerance, processStandardDeviation })) {
    if (value !== undefined && !(Number.isFinite(value) && value > 0))
      throw new StatisticsError('BAD_OPTION', `${name} is a positive number`);
  }
  if (!(totalVariance > 0))
    throw new StatisticsError('BAD_DATA', 'all measurements agree: without variation there is nothing to divide among its sources');
  return (variance) => {
    const standardDeviation = Math.sqrt(variance);
    const studyVariation = studyVariationSigmas * standardDeviation;
    return {
      variance,
      standardDeviation,
      studyVariation,
      percentContribution: (100 * variance) / totalVariance,
      percentStudyVariation: 100 * Math.sqrt(variance / totalVariance),
      percentTolerance: tolerance === undefined ? null : (100 * studyVariation) / tolerance,
      percentProcess: processStandardDeviation === undefined ? null : (100 * standardDeviation) / processStandardDeviation,
    };
  };
}

/** @throws StatisticsError `BAD_OPTION` unless strictly between 0 and 1 */
export function levelOf(level: number | undefined): number {
  const value = level ?? 0.95;
  if (value > 0 && value < 1) return value;
  throw new StatisticsError('BAD_OPTION', 'a confidence level lies between 0 and 1, such as 0.95');
}
