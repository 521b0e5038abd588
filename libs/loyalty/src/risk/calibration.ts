import { StatisticsError, sumOf } from '@touchstone/statistics';
import { chiSquareUpper, normalQuantile } from '@touchstone/statistics/distributions';
import type { DesignMatrix } from './design-matrix.js';
import { groupsOf, rangesOf } from './forecast-groups.js';
import { logisticRegression } from './logistic-regression.js';
import type { Coefficient } from './logistic-regression.js';
import { assertConfidence } from '../confidence.js';
import { assertProbabilities, eventsOf } from './outcomes.js';
import type { Outcomes } from './outcomes.js';

export interface CalibrationOptions {
  /** Default 10. */
  readonly groups?: number;
  /** `size` (default): groups of equally many rows. `width`: equal ranges of probability. */
  readonly by?: 'size' | 'width';
  /** Default 0.95. */
  readonly confidence?: number;
  /** Probabilities nearer to 0 or 1 than this count as this near for slope and intercept, which need finite log-odds. Default 1e-6. */
  readonly clip?: number;
}

/** One group of similar forecasts. */
export interface CalibrationGroup {
  readonly n: number;
  readonly events: number;
  readonly lowest: number;
  readonly highest: number;
  readonly meanForecast: number;
  readonly observedRate: number;
  /** Wilson's interval of the observed rate. */
  readonly lower: number;
  readonly upper: number;
}

export interface CalibrationReport {
  readonly table: readonly CalibrationGroup[];
  /** Mean |observed − forecast| over the groups, by their sizes. */
  readonly expectedCalibrationError: number;
  readonly largestCalibrationError: number;
  /** Of the outcome on the forecast's log-odds: below 1 forecasts are too extreme, above 1 too timid (D. R. Cox, Biometrika 45 (1958)). */
  readonly slope: Coefficient;
  /** With that slope. */
  readonly intercept: Coefficient;
  /** Intercept with the slope held at 1: above 0 forecasts are too low over all. */
  readonly calibrationInTheLarge: Coefficient;
  /** Σ (observed − expected)²/(n·p̄·(1 − p̄)), χ² with groups − 2 degrees of freedom on the rows the model was fitted to; null below three groups. */
  readonly hosmerLemeshow: { readonly statistic: number; readonly df: number; readonly pValue: number } | null;
}

/**
 * Whether probabilities come true as often as they say.
 * @throws StatisticsError `BAD_DATA`, `NOT_FINITE`, `BAD_OPTION`; `NO_CONVERGENCE` where the forecasts separate the outcomes perfectly
 */
export function calibrationReport(
  probabilities: ArrayLike<number>,
  outcomes: Outcomes,
  options: CalibrationOptions = {},
): CalibrationReport {
  const { groups = 10, by = 'size', confidence = 0.95, clip = 1e-6 } = options;
  assertConfidence(confidence);
  if (!(clip > 0 && clip < 0.5)) throw new StatisticsError('BAD_OPTION', `clip ${clip} is not between 0 and 0.5`);
  assertProbabilities(probabilities, outcomes);
  eventsOf(outcomes);
  const rows = by === 'size' ? groupsOf(probabilities, groups) : rangesOf(probabilities, groups);
  const table = rows.map((group) => groupRow(group, probabilities, outcomes, confidence));
  const gaps = table.map((group) => Math.abs(group.observedRate - group.meanForecast));
  const logOdds = Float64Array.from({ length: outcomes.length }, (_, row) => {
    const p = Math.min(1 - clip, Math.max(clip, probabilities[row]));
    return Math.log(p / (1 - p));
  });
  const alone: DesignMatrix = { rows: outcomes.length, features: [], values: new Float64Array(0) };
  const { slope, intercept } = recalibration(logOdds, outcomes, confidence);
  return {
    table,
    expectedCalibrationError: sumOf(gaps.map((gap, index) => (gap * table[index].n) / outcomes.length)),
    largestCalibrationError: Math.max(...gaps),
    slope,
    intercept,
    calibrationInTheLarge: logisticRegression(alone, outcomes, { offset: logOdds, confidence }).intercept,
    hosmerLemeshow: hosmerLemeshow(table),
  };
}

function recalibration(logOdds: Float64Array, outcomes: Outcomes, confidence: number): { slope: Coefficient; intercept: Coefficient } {
  if (logOdds.every((value) => value === logOdds[0]))
    throw new StatisticsError('BAD_DATA', 'all forecasts are the same; their slope cannot be judged');
  const line: DesignMatrix = { rows: outcomes.length, features: [{ name: 'log-odds', sign: 0 }], values: logOdds };
  const { coefficients, intercept } = logisticRegression(line, outcomes, { confidence });
  return { slope: coefficients[0], intercept };
}

function groupRow(rows: readonly number[], probabilities: ArrayLike<number>, outcomes: Outcomes, confidence: number): CalibrationGroup {
  const n = rows.length;
  const forecasts = rows.map((row) => probabilities[row]);
  const events = rows.reduce((sum, row) => sum + outcomes[row], 0);
  const z2 = normalQuantile(0.5 + confidence / 2) ** 2;
  const center = (events + z2 / 2) / (n + z2);
  const margin = Math.sqrt(z2 * ((events * (n - events)) / n + z2 / 4)) / (n + z2);
  return {
    n,
    events,
    lowest: forecasts.reduce((least, value) => Math.min(least, value)),
    highest: forecasts.reduce((most, value) => Math.max(most, value)),
    meanForecast: sumOf(forecasts) / n,
    observedRate: events / n,
    lower: events === 0 ? 0 : center - margin,
    upper: events === n ? 1 : center + margin,
  };
}

function hosmerLemeshow(table: readonly CalibrationGroup[]): CalibrationReport['hosmerLemeshow'] {
  const degenerate = table.some(({ meanForecast, n, events }) => (meanForecast === 0 && events > 0) || (meanForecast === 1 && events < n));
  if (table.length < 3 || degenerate) return null;
  const statistic = sumOf(
    table.map(({ n, events, meanForecast }) =>
      events === n * meanForecast ? 0 : (events - n * meanForecast) ** 2 / (n * meanForecast * (1 - meanForecast)),
    ),
  );
  const df = table.length - 2;
  return { statistic, df, pValue: chiSquareUpper(statistic, df) };
}
