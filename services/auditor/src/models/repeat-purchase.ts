import type { Command } from 'commander';
import { Option } from 'commander';
import { StatisticsError } from '@touchstone/statistics';
import { analyseRepeatPurchase, dayNumberOf } from '@touchstone/loyalty/repeat-purchase';
import type { CustomerOutlook, PurchaseLog, RepeatPurchaseAnalysis, RepeatPurchaseOptions as LibraryOptions } from '@touchstone/loyalty/repeat-purchase';
import type { Desk } from '../analysis.js';
import { columnName, number, overTable, shown, wholeNumber } from '../analysis.js';
import { Unusable } from '../api.js';
import type { DataTable } from '../columns/data-table.js';
import { table as textTable, wrapped } from '../terminal.js';
import { repeatPurchaseFigure } from './repeat-purchase-figure.js';
import { repeatPurchaseSchema as schema } from './repeat-purchase-schema.js';
import { given, interval } from './table-columns.js';

const unitDays = { days: 1, weeks: 7, months: 30.4375 } as const;
type Unit = keyof typeof unitDays;

interface RepeatPurchaseOptions {
  readonly customer?: string;
  readonly date?: string;
  readonly value?: string;
  readonly spending: boolean;
  readonly calibrationEnd: string;
  readonly observationEnd?: string;
  readonly unit: Unit;
  readonly model: 'bg-nbd' | 'pareto-nbd';
  readonly horizon?: number;
  readonly discountRate?: number;
  readonly valued: 'repeat' | 'all';
  readonly penalty?: number;
  readonly confidence?: number;
  readonly top?: number;
}

export interface RepeatPurchaseResult extends RepeatPurchaseAnalysis {
  readonly source: string;
  readonly unit: Unit;
  readonly days: { readonly first: string; readonly calibrationEnd: string; readonly observationEnd: string };
}

const EXAMPLES = `
Columns left out are taken by name (customer, date, value); a file without a header and with four or five columns is read as customer,
[number in the sample,] date, quantity, value. Dates are YYYY-MM-DD or YYYYMMDD.

The model learns from the first half of the time and is held against the second, so that you see how far to trust it. To look ahead from
the last day on, let it learn from all of it: --calibration-end last.

Examples:
  touchstone models repeat-purchase CDNOW_sample.txt --svg cdnow.svg
  touchstone models repeat-purchase CDNOW_sample.txt --calibration-end last --horizon 26 --json
  touchstone models repeat-purchase --customer account --date ordered --no-spending --unit months --top 20 orders.csv
`;

export function addRepeatPurchase(models: Command, desk: Desk): void {
  const command = models.command('repeat-purchase').description('who still buys, how often they will, and what it is worth: BG/NBD, Pareto/NBD, Gamma-Gamma')
    .option('--customer <column>', 'who bought', columnName).option('--date <column>', 'when', columnName).option('--value <column>', 'what was paid', columnName)
    .option('--no-spending', 'leave what was paid out')
    .option('--calibration-end <date>', 'last day the model learns from: a date, middle, or last for all that was observed', 'middle').option('--observation-end <date>', 'last day observed; the last day of the file when left out')
    .addOption(new Option('--unit <unit>', 'of all times').choices(Object.keys(unitDays)).default('weeks'))
    .addOption(new Option('--model <model>', 'of buying and leaving').choices(['bg-nbd', 'pareto-nbd']).default('bg-nbd'))
    .option('--horizon <time>', 'time looked ahead; the time after calibration, or 52 units, when left out', number)
    .option('--discount-rate <rate>', 'for one unit of time (0)', number)
    .addOption(new Option('--valued <purchases>', 'purchases whose mean value counts').choices(['repeat', 'all']).default('repeat'))
    .option('--penalty <weight>', 'keeps estimates from small data finite, such as 0.01 (0)', number).option('--confidence <probability>', 'of the intervals (0.95)', number)
    .option('--top <customers>', 'list so many, by expected value (10; --json: all)', wholeNumber)
    .addHelpText('after', EXAMPLES);
  overTable<RepeatPurchaseResult, RepeatPurchaseOptions>(command, desk, { schema, compute, text, figure: repeatPurchaseFigure });
}

function compute(table: DataTable, options: RepeatPurchaseOptions): RepeatPurchaseResult {
  const { unit, model, horizon, discountRate, valued, penalty, confidence, top } = options;
  const columns = columnsOf(table, options);
  const log = { customers: table.texts(columns.customer), days: daysIn(table, columns.date), ...(columns.value !== undefined && { values: table.numbers(columns.value) }) };
  const lastObserved = dayAsked('--observation-end', options.observationEnd);
  const lastLearned = lastLearnedOf(options.calibrationEnd, log.days, lastObserved);
  const analysis = analysed(log, {
    model, unitDays: unitDays[unit], valued, ...given({ horizon, discountRate, penalty, confidence, calibrationEnd: lastLearned, observationEnd: lastObserved }),
  });
  const { firstDay, calibrationEnd, observationEnd } = analysis.summaries;
  const days = { first: isoDay(firstDay), calibrationEnd: isoDay(calibrationEnd), observationEnd: isoDay(observationEnd) };
  const customers = top === undefined ? analysis.customers : best(analysis.customers, top);
  return { source: table.source, unit, days, ...analysis, customers };
}

/** Where only the values stand in the way, the refusal says how to do without them. */
function analysed(log: PurchaseLog, options: LibraryOptions): RepeatPurchaseAnalysis {
  try {
    return analyseRepeatPurchase(log, options);
  } catch (error) {
    if (!(error instanceof StatisticsError) || log.values === undefined) throw error;
    analyseRepeatPurchase({ customers: log.customers, days: log.days }, options);
    throw new Unusable(`${error.message}; --no-spending leaves what was paid out`);
  }
}

/** Which column is which: as asked, by its name, or by where it stands in the files of the literature (Fader and Hardie's CDNOW). */
function columnsOf(table: DataTable, { customer, date, value, spending }: RepeatPurchaseOptions): { customer: string; date: string; value?: string } {
  const unnamed = table.names.every((name, index) => name === String(index + 1));
  const [places, named] = [{ 4: ['1', '2', '4'], 5: ['1', '3', '5'] }[unnamed ? table.names.length : 0], ['customer', 'date', 'value'].map((name) => (table.names.includes(name) ? name : undefined))];
  const [who, when, worth] = [customer ?? named[0] ?? places?.[0], date ?? named[1] ?? places?.[1], value ?? named[2] ?? places?.[2]];
  if (who === undefined) throw new Unusable(`${table.source}: say which column names the customer with --customer; it has ${table.names.join(', ')}`);
  if (when === undefined) throw new Unusable(`${table.source}: say which column is the day of purchase with --date; it has ${table.names.join(', ')}`);
  return { customer: who, date: when, ...(spending && worth !== undefined && { value: worth }) };
}

function daysIn(table: DataTable, column: string): number[] {
  return table.texts(column).map((text, row) => {
    try {
      return dayNumberOf(text);
    } catch (error) {
      if (!(error instanceof StatisticsError)) throw error;
      throw new Unusable(`${table.source}, line ${table.lineOf(row)}: ${table.names[table.indexOf(column)] ?? column}: ${error.message}`);
    }
  });
}

function dayAsked(option: string, day: string | undefined): number | undefined {
  if (day === undefined) return undefined;
  try {
    return dayNumberOf(day);
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error;
    throw new Unusable(`${option}: ${error.message}`);
  }
}

/** Undefined: all that was observed. */
function lastLearnedOf(asked: string, days: readonly number[], lastObserved?: number): number | undefined {
  if (asked === 'last') return undefined;
  if (asked !== 'middle') return dayAsked('--calibration-end', asked);
  const [first, last] = days.reduce(([least, most], day) => [Math.min(least, day), Math.max(most, day)], [Infinity, -Infinity]);
  return Math.floor((first + (lastObserved ?? last)) / 2);
}

const isoDay = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

const worth = ({ lifetimeValue, expectedPurchases }: CustomerOutlook): number => lifetimeValue ?? expectedPurchases;
const best = (customers: readonly CustomerOutlook[], count: number): CustomerOutlook[] =>
  [...customers].sort((a, b) => worth(b) - worth(a) || b.expectedPurchases - a.expectedPurchases || (a.customer < b.customer ? -1 : 1)).slice(0, count);

const modelNames = { 'bg-nbd': 'BG/NBD', 'pareto-nbd': 'Pareto/NBD' } as const;

function text(result: RepeatPurchaseResult, width: number, { top = 10 }: RepeatPurchaseOptions): string {
  const { source, unit, days, summaries, fit, horizon } = result;
  const heading = `${modelNames[fit.model]} model of ${source}: ${fit.customers} customers, ${fit.repeatCustomers} of whom bought again, ${fit.repeatPurchases} repeat purchases from ${days.first} to ${days.calibrationEnd}`
    + `${summaries.holdout > 0 ? `, held against ${shown(summaries.holdout, 4)} ${unit} more, to ${days.observationEnd}` : ''}. ${summaries.mergedSameDay} purchases were merged with one of the same customer and day. Times in ${unit}.`;
  return [
    `${wrapped(heading, width).join('\n')}\n`,
    parameters(fit, width), `log-likelihood ${fit.logLikelihood.toFixed(2)}, AIC ${fit.aic.toFixed(2)}, BIC ${fit.bic.toFixed(2)}\n`,
    spendingText(result, width), fitText(result, width), holdoutText(result, width), customersText(result, horizon, top, width),
  ].filter((part) => part !== '').join('\n');
}

function parameters({ estimates, confidence }: Pick<RepeatPurchaseResult['fit'], 'estimates' | 'confidence'>, width: number): string {
  return textTable([{ heading: 'parameter' }, { heading: 'estimate', align: 'right' }, { heading: 'standard error', align: 'right' }, { heading: `${100 * confidence} % interval` }],
    estimates.map(({ name, estimate, standardError, lower, upper }) => [name, shown(estimate), shown(standardError, 4), interval(lower, upper)]), width);
}

function spendingText({ spending }: RepeatPurchaseResult, width: number): string {
  if (spending === null) return '';
  const { customers, populationMean, frequencyValueCorrelation: correlation } = spending;
  const words = `Gamma-Gamma model of what a purchase is worth, from ${customers} customers who bought again: mean ${populationMean === null ? 'infinite (q is not above 1)' : shown(populationMean, 5)}.`
    + (correlation === null ? '' : ` Frequency and value correlate by ${correlation.toFixed(3)}, where the model takes them to be independent.`);
  return `${wrapped(words, width).join('\n')}\n${parameters(spending, width)}`;
}

function fitText({ frequencies }: RepeatPurchaseResult, width: number): string {
  return textTable([{ heading: 'repeat purchases' }, { heading: 'customers', align: 'right' }, { heading: 'expected', align: 'right' }],
    frequencies.map(({ purchases, orMore, actual, expected }) => [`${purchases}${orMore ? ' or more' : ''}`, shown(actual), expected.toFixed(1)]), width);
}

function holdoutText({ holdout, unit }: RepeatPurchaseResult, width: number): string {
  if (holdout === null) return '';
  const heading = `${shown(holdout.actual)} purchases in the ${shown(holdout.holdout, 4)} ${unit} after calibration, ${holdout.expected.toFixed(1)} foreseen; mean absolute error ${holdout.meanAbsoluteError.toFixed(3)} a customer`
    + `${holdout.correlation === null ? '' : `, correlation ${holdout.correlation.toFixed(3)}`}`;
  return `${wrapped(heading, width).join('\n')}\n${textTable([{ heading: 'repeat purchases before' }, { heading: 'customers', align: 'right' }, { heading: 'mean after', align: 'right' }, { heading: 'foreseen', align: 'right' }],
    holdout.groups.map(({ frequency, orMore, n, actualMean, expectedMean }) => [`${frequency}${orMore ? ' or more' : ''}`, String(n), actualMean.toFixed(3), expectedMean.toFixed(3)]), width)}`;
}

function customersText({ customers, unit, spending }: RepeatPurchaseResult, horizon: number, top: number, width: number): string {
  if (top === 0) return '';
  const listed = best(customers, top);
  const columns = [{ heading: 'customer' }, ...['repeat', 'last', 'known for', 'P(alive)', 'expected', ...(spending ? ['spend', 'value'] : [])].map((heading) => ({ heading, align: 'right' as const }))];
  const rows = listed.map((each) => [each.customer, String(each.frequency), each.recency.toFixed(1), each.age.toFixed(1), each.probabilityAlive.toFixed(4), each.expectedPurchases.toFixed(3),
    ...(spending ? [shown(each.expectedSpend, 5), shown(each.lifetimeValue, 6)] : [])]);
  return `the ${listed.length} customers of the highest expected ${spending ? 'value' : 'number of purchases'} within ${shown(horizon, 4)} ${unit}\n${textTable(columns, rows, width)}`;
}
