import { shown } from '../analysis.js';
import { table as textTable, wrapped } from '../terminal.js';
import type { AskedRisk, RiskResult } from './risk.js';
import { interval, percent } from './table-columns.js';

const right = (...headings: string[]) => headings.map((heading) => ({ heading, align: 'right' as const }));

/** How good the model is, first; then its effects, and the reasons of the row asked for. */
export function riskText(result: RiskResult, width: number, _: AskedRisk): string {
  const { source, outcome, columns, model, crossValidation: judged, seed } = result;
  const heading = `${source}: risk of ${outcome.column}${outcome.value === null ? '' : ` ${outcome.value}`} from ${columns.length} columns, ${model.fit.n} rows, ${model.fit.events} with the event (${percent(model.fit.events / model.fit.n)})`;
  const missing = columns.filter((column) => column.missing > 0).map(({ name, missing: cells }) => `${name} ${cells}`);
  return [
    `${wrapped(heading + (missing.length === 0 ? '' : `; missing: ${missing.join(', ')}`), width).join('\n')}\n`,
    `${wrapped(`judged on ${judged.folds.length} folds held out (seed ${seed})`, width).join('\n')}\n${qualityText(judged, width)}`,
    calibrationText(judged, width), liftText(judged, width), effectsText(result, width), explainedText(result, width), scorecardText(result, width), pointsText(result, width),
  ].filter((part) => part !== '').join('\n');
}

function qualityText({ auc, aucMean, aucStandardDeviation, averagePrecision, brier, calibration }: RiskResult['crossValidation'], width: number): string {
  const { slope, calibrationInTheLarge } = calibration;
  return textTable([{ heading: 'measure' }, { heading: 'value', align: 'right' }, { heading: 'what it says' }], [
    ['AUC', auc.estimate.toFixed(4), `${100 * auc.confidence} % interval ${interval(auc.lower, auc.upper)} (DeLong); folds ${aucMean.toFixed(4)} ± ${aucStandardDeviation.toFixed(4)}; Gini ${auc.gini.toFixed(3)}`],
    ['average precision', averagePrecision.toFixed(4), `${percent(auc.events / auc.n)} would be chance`],
    ['Brier score', brier.score.toFixed(4), `${percent(brier.skill)} better than always the overall rate`],
    ['calibration slope', slope.estimate.toFixed(3), `interval ${interval(slope.lower, slope.upper, 3)}; 1 is right, below it forecasts are too extreme`],
    ['calibration in the large', calibrationInTheLarge.estimate.toFixed(3), `interval ${interval(calibrationInTheLarge.lower, calibrationInTheLarge.upper, 3)}; 0 is right, above it forecasts are too low`],
    ['calibration error', calibration.expectedCalibrationError.toFixed(4), `mean distance of rate and forecast; largest ${calibration.largestCalibrationError.toFixed(4)}`],
  ], width);
}

const calibrationText = ({ calibration }: RiskResult['crossValidation'], width: number): string => textTable(
  [{ heading: 'forecast' }, ...right('rows', 'mean forecast', 'rate'), { heading: '95 % interval' }],
  calibration.table.map(({ lowest, highest, n, meanForecast, observedRate, lower, upper }) => [interval(lowest, highest, 3), String(n), meanForecast.toFixed(4), observedRate.toFixed(4), interval(lower, upper, 3)]), width);

const liftText = ({ lift }: RiskResult['crossValidation'], width: number): string => textTable(
  [...right('riskiest tenth', 'rows', 'events', 'rate', 'lift', 'events found so far')],
  lift.map(({ group, n, events, rate, lift: times, cumulativeGain }) => [String(group), String(n), shown(events, 5), percent(rate), times.toFixed(2), percent(cumulativeGain)]), width);

/** Effects by size; odds ratios of numbers are those of one standard deviation, which is what makes them comparable. */
function effectsText({ model }: RiskResult, width: number): string {
  const effects = [...model.fit.coefficients].sort((a, b) => Math.abs(b.estimate) - Math.abs(a.estimate));
  const listed = effects.slice(0, 20);
  return textTable([{ heading: 'effect, largest first' }, ...right('log-odds', 'odds ratio')], listed.map(({ feature, estimate, oddsRatio }) => [feature, estimate.toFixed(4), oddsRatio.toFixed(3)]), width)
    + (effects.length > listed.length ? `and ${effects.length - listed.length} smaller ones (--json)\n` : '');
}

function explainedText({ explained, outcome }: RiskResult, width: number): string {
  if (explained === null) return '';
  const { id, probability, heldOutProbability, base, score, contributions } = explained;
  const words = `${id}: ${outcome.column}${outcome.value === null ? '' : ` ${outcome.value}`} with probability ${percent(probability)} (${percent(heldOutProbability)} by the model that had not seen this row); log-odds ${score.toFixed(4)}, of which ${base.toFixed(4)} are those of the mean profile`;
  const reasons = [...contributions].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  return `${wrapped(words, width).join('\n')}\n${textTable([{ heading: 'reason' }, { heading: 'value' }, ...right('log-odds')], reasons.map(({ column, value, contribution }) => [column, value === null ? 'missing' : String(value), `${contribution >= 0 ? '+' : ''}${contribution.toFixed(4)}`]), width)}`;
}

function scorecardText({ scorecard }: RiskResult, width: number): string {
  if (scorecard === null) return '';
  const { startPoints, lowest, highest, sections } = scorecard;
  const rows = sections.flatMap(({ column, informationValue, bins }) => bins.map((bin, index) => [index === 0 ? `${column} (${informationValue.toFixed(3)})` : '', bin.label, String(bin.n), percent(bin.eventRate), bin.weightOfEvidence.toFixed(3), String(bin.points)]));
  return `scorecard: start with ${startPoints} points, more is safer, ${lowest} to ${highest} reachable\n${textTable([{ heading: 'column (information value)' }, { heading: 'bin' }, ...right('rows', 'rate', 'evidence', 'points')], rows, width)}`;
}

function pointsText({ points }: RiskResult, width: number): string {
  if (points === null) return '';
  const rows = [['start', '', String(points.startPoints)], ...points.contributions.map(({ column, bin, points: each }) => [column, bin, String(each)])];
  return `${points.id}: ${points.points} points, probability ${percent(points.probability)}\n${textTable([{ heading: 'column' }, { heading: 'bin' }, ...right('points')], rows, width)}`;
}
