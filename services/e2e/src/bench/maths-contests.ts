import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CustomerHistory } from '@touchstone/loyalty/repeat-purchase';
import { fitBgNbd, summariesOf } from '@touchstone/loyalty/repeat-purchase';
import type { HazardObservations } from '@touchstone/loyalty/survival';
import { coxRegression } from '@touchstone/loyalty/survival';
import { addIndividual, createRuleWatcher, individualsLimits, individualsLimitsOf, initialIndividualsState, runRules } from '@touchstone/statistics';
import type { PythonJob } from './maths-python.js';

/** One thing to time. What it returns is looked at, so that no compiler leaves it out. */
export interface Work {
  readonly name: string;
  /** Times it is repeated in one measurement: more for what is over in a moment. */
  readonly repeats: number;
  readonly run: () => unknown;
  /** The time of this work, divided by that of the named one of the same group, or the other way round, and what is asked of it. */
  readonly against?: { readonly name: string; readonly ratio: 'ours ÷ theirs' | 'theirs ÷ ours'; readonly limit: number };
}

export interface MathsGroup {
  readonly what: string;
  /** How many of what one run is about: times are also given for each. */
  readonly items: number;
  readonly item: string;
  readonly inputBytes: number;
  readonly works: readonly Work[];
  /** The same by a Python package, where there is one. */
  readonly python?: PythonJob & { readonly ours: string; readonly limit: number };
}

/** Uniform deviates from a linear congruential generator, the same ones each time. */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) + 0.5) / 2 ** 32;
}

/** A process in control: normal deviates (Box–Muller) around 10. */
export function inControl(points: number): Float64Array {
  const uniform = uniforms(12345);
  return Float64Array.from({ length: points }, () => 10 + Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

const LIMIT_OF_PASSES = 30;
const LIMIT_OF_STREAM = 10;

export function chartAndRules(points: number): MathsGroup {
  const series = inControl(points);
  const summed = (): number => {
    let sum = 0;
    for (let index = 0; index < series.length; index += 1) sum += series[index] ?? NaN;
    return sum;
  };
  const batch = () => runRules(series, individualsLimits(series));
  const limits = individualsLimits(series);
  const streamed = () => {
    let state = initialIndividualsState();
    const watcher = createRuleWatcher(limits);
    let signals = 0;
    for (const point of series) {
      state = addIndividual(state, point);
      signals += watcher.push(point).length;
    }
    return [individualsLimitsOf(state), signals];
  };
  return {
    what: `individuals chart and all eight Nelson tests on ${points.toLocaleString('en-US')} points`, items: points, item: 'point', inputBytes: series.byteLength,
    works: [
      { name: 'one summing pass', repeats: 10, run: summed },
      { name: 'limits', repeats: 1, run: () => individualsLimits(series) },
      { name: 'eight tests', repeats: 1, run: () => runRules(series, limits) },
      { name: 'limits and eight tests, batch', repeats: 1, run: batch, against: { name: 'one summing pass', ratio: 'ours ÷ theirs', limit: LIMIT_OF_PASSES } },
      { name: 'limits and eight tests, streaming', repeats: 1, run: streamed, against: { name: 'limits and eight tests, batch', ratio: 'ours ÷ theirs', limit: LIMIT_OF_STREAM } },
    ],
  };
}

const CDNOW = fileURLToPath(new URL('../../../../infra/datasets/purchases/CDNOW_sample.txt', import.meta.url));

/** The 2,357 customers of the CDNOW sample in their first 39 weeks, as in the paper of the BG/NBD model. */
export function cdnowHistories(): readonly CustomerHistory[] {
  const rows = readFileSync(CDNOW, 'utf8').trim().split('\n').map((line) => line.trim().split(/\s+/));
  const day = (text = '') => `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
  return summariesOf({ customers: rows.map(([, customer = '']) => customer), days: rows.map(([, , date]) => day(date)) }, { calibrationEnd: '1997-09-30' }).customers;
}

export function repeatPurchase(): MathsGroup {
  const histories = cdnowHistories();
  const csv = ['frequency,recency,T', ...histories.map(({ frequency, recency, age }) => `${frequency},${recency},${age}`)].join('\n');
  return {
    what: 'BG/NBD fit on CDNOW', items: histories.length, item: 'customer', inputBytes: histories.length * 3 * 8,
    works: [{ name: 'fitBgNbd', repeats: 1, run: () => fitBgNbd(histories) }],
    python: {
      ours: 'fitBgNbd', limit: 5, module: 'lifetimes', csv,
      fit: 'from lifetimes import BetaGeoFitter\nfit = lambda d: BetaGeoFitter().fit(d["frequency"], d["recency"], d["T"])',
    },
  };
}

/** Exponential times with hazard exp(x·β), a third or so cut off at random, rounded so that some are tied. */
export function hazardRows(rows: number, columns: number): HazardObservations {
  const uniform = uniforms(777);
  const covariates = Array.from({ length: columns }, (_, column) => ({ name: `x${column + 1}`, values: Float64Array.from({ length: rows }, () => uniform() * 2 - 1) }));
  const time = new Float64Array(rows);
  const event = new Uint8Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const log = covariates.reduce((sum, { values }, column) => sum + ((values[row] ?? NaN) * (column - columns / 2)) / columns, 0);
    const [until, censored] = [-Math.log(uniform()) / Math.exp(log), -2 * Math.log(uniform())];
    time[row] = Math.ceil(Math.min(until, censored) * 1_000) / 1_000;
    event[row] = Number(until <= censored);
  }
  return { time, event, covariates };
}

export function cox(rows: number, columns: number): MathsGroup {
  const observations = hazardRows(rows, columns);
  const { time, event, covariates } = observations;
  const csv = (): string => [
    ['time', 'event', ...covariates.map(({ name }) => name)].join(),
    ...Array.from({ length: rows }, (_, row) => [time[row], event[row], ...covariates.map(({ values }) => values[row])].join()),
  ].join('\n');
  return {
    what: `Cox regression on ${rows.toLocaleString('en-US')} × ${columns}`, items: rows, item: 'row', inputBytes: rows * (columns + 1) * 8 + rows,
    works: [{ name: 'coxRegression', repeats: 1, run: () => coxRegression(observations) }],
    python: {
      ours: 'coxRegression', limit: 1, module: 'lifelines', csv,
      fit: 'from lifelines import CoxPHFitter\nfit = lambda d: CoxPHFitter().fit(d, "time", "event")',
    },
  };
}
