import type { Figure, Panel } from '../plot/figure.js';
import type { RiskResult } from './risk.js';

/** Whether probabilities come true, and what is found when the riskiest are looked at first; both on rows held out. */
export function riskFigure(result: RiskResult): Figure {
  const { source, outcome, crossValidation: judged } = result;
  const { auc, brier } = judged;
  return {
    title: `Risk of ${outcome.column}${outcome.value === null ? '' : ` ${outcome.value}`}, ${source}`,
    notes: [
      `${judged.n} rows, ${judged.events} with the event; judged on ${judged.folds.length} folds held out`,
      `AUC ${auc.estimate.toFixed(4)} (${auc.lower?.toFixed(4) ?? '-'} to ${auc.upper?.toFixed(4) ?? '-'}), Brier score ${brier.score.toFixed(4)}, calibration slope ${judged.calibration.slope.estimate.toFixed(3)}`,
    ],
    panels: [calibration(judged), gains(judged), ...(result.explained === null ? [] : [reasons(result.explained)])],
  };
}

function calibration({ calibration: { table } }: RiskResult['crossValidation']): Panel {
  const x = table.map(({ meanForecast }) => meanForecast);
  return {
    xLabel: 'forecast probability (mean of a tenth of the rows)', yLabel: 'rate of the event', x: { low: 0, high: 1 }, y: { low: 0, high: 1 }, height: 300,
    marks: [
      { kind: 'line', x: [0, 1], y: [0, 1], ink: 'grey', dashes: true },
      ...table.map(({ meanForecast, lower, upper }) => ({ kind: 'line', x: [meanForecast, meanForecast], y: [lower, upper], ink: 'blue', thin: true }) as const),
      { kind: 'line', x, y: table.map(({ observedRate }) => observedRate), ink: 'blue' }, { kind: 'points', x, y: table.map(({ observedRate }) => observedRate), ink: 'blue' },
    ],
    legend: [{ text: 'observed, with 95 % intervals', ink: 'blue' }, { text: 'forecasts that come true', ink: 'grey', dashes: true }],
  };
}

function gains({ lift, n }: RiskResult['crossValidation']): Panel {
  const [x, y] = [[0, ...lift.map(({ cumulativeN }) => cumulativeN / n)], [0, ...lift.map(({ cumulativeGain }) => cumulativeGain)]];
  return {
    xLabel: 'share of the rows looked at, riskiest first', yLabel: 'share of the events found', x: { low: 0, high: 1 }, y: { low: 0, high: 1.12 }, height: 260,
    marks: [
      { kind: 'line', x: [0, 1], y: [0, 1], ink: 'grey', dashes: true },
      { kind: 'line', x, y, ink: 'vermillion' },
      { kind: 'points', x: x.slice(1), y: y.slice(1), ink: 'vermillion', labels: lift.map(({ cumulativeLift }) => (cumulativeLift > 1.005 ? `×${cumulativeLift.toFixed(2)}` : '')) },
    ],
    legend: [{ text: 'by the model (× how many times chance)', ink: 'vermillion' }, { text: 'by chance', ink: 'grey', dashes: true }],
  };
}

function reasons({ id, contributions, probability }: NonNullable<RiskResult['explained']>): Panel {
  const largest = [...contributions].sort((a, b) => Math.abs(a.contribution) - Math.abs(b.contribution)).slice(-12);
  const ends = Math.max(...largest.map(({ contribution }) => Math.abs(contribution))) * 1.4;
  return {
    xLabel: `reasons for ${id}: log-odds added, probability ${(100 * probability).toFixed(1)} %`, yLabel: 'reason', yNames: largest.map((_, index) => String(largest.length - index)), x: { low: -ends, high: ends }, height: 60 + 28 * largest.length,
    marks: [
      { kind: 'upright', at: 0, ink: 'grey' },
      ...largest.map(({ contribution }, index) => ({ kind: 'span', y: index + 1, low: Math.min(0, contribution), high: Math.max(0, contribution), ink: contribution > 0 ? 'vermillion' : 'blue' }) as const),
      { kind: 'points', shape: 'square', ink: 'black', x: largest.map(({ contribution }) => contribution), y: largest.map((_, index) => index + 1), labels: largest.map(({ column, value }) => `${column} ${value ?? 'missing'}`) },
    ],
  };
}
