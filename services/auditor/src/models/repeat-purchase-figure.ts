import type { Figure, Panel } from '../plot/figure.js';
import type { RepeatPurchaseResult } from './repeat-purchase.js';

/** What was bought and what the model expects: over time, by customer, and after calibration. */
export function repeatPurchaseFigure(result: RepeatPurchaseResult): Figure {
  const { source, fit, days, summaries } = result;
  return {
    title: `Repeat purchases of ${source}: ${fit.model === 'bg-nbd' ? 'BG/NBD' : 'Pareto/NBD'} model`,
    notes: [
      `${fit.customers} customers, ${fit.repeatPurchases} repeat purchases from ${days.first} to ${days.calibrationEnd}; log-likelihood ${fit.logLikelihood.toFixed(1)}`,
      fit.estimates.map(({ name, estimate }) => `${name} ${estimate.toPrecision(4)}`).join(', '),
    ],
    panels: [tracking(result), frequencies(result), ...(summaries.holdout > 0 ? [holdout(result)] : [])],
  };
}

function tracking({ tracking: points, summaries, unit }: RepeatPurchaseResult): Panel {
  const x = points.map(({ time }) => time);
  const calibration = (summaries.calibrationEnd - summaries.firstDay) / summaries.unitDays;
  return {
    xLabel: `${unit} since the first purchase`, yLabel: 'repeat purchases so far', y: { low: 0 },
    marks: [
      { kind: 'line', x, y: points.map(({ actual }) => actual), ink: 'blue' },
      { kind: 'line', x, y: points.map(({ expected }) => expected), ink: 'vermillion', dashes: true },
      ...(summaries.holdout > 0 ? [{ kind: 'upright', at: calibration, label: 'end of calibration', ink: 'grey', dashes: true } as const] : []),
    ],
    legend: [{ text: 'actual', ink: 'blue' }, { text: 'expected', ink: 'vermillion', dashes: true }],
  };
}

function frequencies({ frequencies: rows }: RepeatPurchaseResult): Panel {
  const at = (low: number, high: number) => rows.map((_, index) => [index + low, index + high] as const);
  return {
    xLabel: 'repeat purchases in calibration', yLabel: 'customers', xNames: rows.map(({ purchases, orMore }) => `${purchases}${orMore ? '+' : ''}`),
    marks: [
      { kind: 'bars', x: at(0.65, 0.98), y: rows.map(({ actual }) => actual), ink: 'blue' },
      { kind: 'bars', x: at(1.02, 1.35), y: rows.map(({ expected }) => expected), ink: 'vermillion' },
    ],
    legend: [{ text: 'actual (left)', ink: 'blue' }, { text: 'expected (right)', ink: 'vermillion' }],
    y: { low: 0 },
  };
}

function holdout({ holdout: compared, unit }: RepeatPurchaseResult): Panel {
  const groups = compared?.groups ?? [];
  const x = groups.map((_, index) => index + 1);
  const [actual, expected] = [groups.map(({ actualMean }) => actualMean), groups.map(({ expectedMean }) => expectedMean)];
  return {
    xLabel: 'repeat purchases in calibration', yLabel: `purchases in the ${Math.round(compared?.holdout ?? 0)} ${unit} after`, xNames: groups.map(({ frequency, orMore }) => `${frequency}${orMore ? '+' : ''}`), y: { low: 0 },
    marks: [
      { kind: 'line', x, y: actual, ink: 'blue' }, { kind: 'points', x, y: actual, ink: 'blue' },
      { kind: 'line', x, y: expected, ink: 'vermillion', dashes: true }, { kind: 'points', x, y: expected, ink: 'vermillion', shape: 'square' },
    ],
    legend: [{ text: 'actual mean a customer', ink: 'blue' }, { text: 'foreseen', ink: 'vermillion', dashes: true }],
  };
}
