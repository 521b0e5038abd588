import type { Command } from 'commander';
import { Option } from 'commander';
import { StatisticsError } from '@touchstone/statistics';
import { coxRegression, testProportionality } from '@touchstone/loyalty/survival';
import type { Covariate, CoxFit, HazardObservations, ProportionalityTest, TieMethod, TimeTransform } from '@touchstone/loyalty/survival';
import type { Desk } from '../analysis.js';
import { columnName, listOf, number, overTable, shown } from '../analysis.js';
import { Unusable } from '../api.js';
import type { DataTable } from '../columns/data-table.js';
import type { Figure } from '../plot/figure.js';
import { table as textTable, wrapped } from '../terminal.js';
import { coxSchema as schema } from './survival-schema.js';
import { eventColumn, given, interval, labels, pShown } from './table-columns.js';

interface CoxOptions {
  readonly time: string;
  readonly event: string;
  readonly covariates: readonly string[];
  readonly start?: string;
  readonly weight?: string;
  readonly strata?: string;
  readonly cluster?: string;
  readonly ties: TieMethod;
  readonly transform: TimeTransform;
  readonly confidence?: number;
}

interface CoxResult {
  readonly source: string;
  readonly event: { readonly column: string; readonly value: string | null };
  readonly fit: CoxFit;
  readonly proportionality: ProportionalityTest | null;
  readonly proportionalityUntested: string | null;
}

const EXAMPLES = `
A covariate of words counts by its levels, against the first in order.

Examples:
  touchstone models cox --time week --event arrest --covariates fin,age,race,wexp,mar,paro,prio rossi.csv
  touchstone models cox --time stop --start start --event Churn=Yes --covariates complaints,Contract --cluster customerID periods.csv --svg effects.svg
`;

export function addCox(models: Command, desk: Desk): void {
  const command = models.command('cox').description('what makes customers leave sooner: proportional hazards regression, and whether hazards are proportional')
    .requiredOption('--time <column>', 'how long each row was observed', columnName).requiredOption('--event <column[=value]>', 'what ended it: column=value, or a column with 1 for the event and 0 for cut off', columnName)
    .requiredOption('--covariates <columns>', 'whose effects are wanted', listOf(columnName))
    .option('--start <column>', 'when observation of the row began: rows are intervals', columnName).option('--weight <column>', 'how often the row counts', columnName)
    .option('--strata <column>', 'rows of different strata are never compared', columnName).option('--cluster <column>', 'rows that belong together: robust errors', columnName)
    .addOption(new Option('--ties <method>', 'for events at one time').choices(['efron', 'breslow']).default('efron'))
    .addOption(new Option('--transform <time>', 'time scale of the test of proportionality').choices(['km', 'rank', 'identity', 'log']).default('km'))
    .option('--confidence <probability>', 'of the intervals (0.95)', number)
    .addHelpText('after', EXAMPLES);
  overTable<CoxResult, CoxOptions>(command, desk, { schema, compute, text, figure });
}

function compute(table: DataTable, options: CoxOptions): CoxResult {
  const { column, value, values: event } = eventColumn(table, options.event);
  const terms = options.covariates.map((name) => termOf(table, name));
  const observations: HazardObservations = {
    time: table.numbers(options.time), event, covariates: terms.flat(),
    ...(options.start !== undefined && { entry: table.numbers(options.start) }), ...(options.weight !== undefined && { weights: table.numbers(options.weight) }),
    ...(options.strata !== undefined && { strata: labels(table, options.strata) }), ...(options.cluster !== undefined && { cluster: table.texts(options.cluster) }),
  };
  const fit = coxRegression(observations, { ties: options.ties, ...given({ confidence: options.confidence }) });
  const levels = options.covariates.map((name, index) => ({ name, columns: (terms[index] ?? []).map((each) => each.name) })).filter(({ columns }) => columns.length > 1);
  return { source: table.source, event: { column, value }, fit, ...tested(() => testProportionality(observations, fit, { transform: options.transform, terms: levels })) };
}

/** A column of numbers itself; of words, an indicator for each level but the first. */
function termOf(table: DataTable, column: string): Covariate[] {
  const name = table.names[table.indexOf(column)] ?? column;
  if (table.isNumeric(column)) return [{ name, values: table.numbers(column) }];
  const texts = table.texts(column);
  const levels = [...new Set(texts)].sort();
  if (levels.length > 50) throw new Unusable(`${table.source}: ${column} has ${levels.length} different words, too many for effects of their own; leave it out, or join them`);
  if (levels.length === 1) throw new Unusable(`${table.source}: ${column} is ${levels[0] ?? ''} in every row, so it can have no effect; leave it out`);
  return levels.slice(1).map((level) => ({ name: `${name}=${level}`, values: texts.map((text) => Number(text === level)) }));
}

/** A fit stands without the test of what it supposes; why there is none is said. */
function tested(test: () => ProportionalityTest): Pick<CoxResult, 'proportionality' | 'proportionalityUntested'> {
  try {
    return { proportionality: test(), proportionalityUntested: null };
  } catch (error) {
    if (error instanceof StatisticsError && error.code === 'BAD_DATA') return { proportionality: null, proportionalityUntested: error.message };
    throw error;
  }
}

function text({ source, event, fit, proportionality, proportionalityUntested }: CoxResult, width: number): string {
  const { coefficients, confidence, concordance, logLikelihood } = fit;
  const heading = `${source}: proportional hazards of ${event.column}${event.value === null ? '' : ` is ${event.value}`}, ${fit.n} rows, ${fit.events} events, ties by ${fit.ties === 'efron' ? 'Efron' : 'Breslow'}${fit.isRobust ? ', robust errors' : ''}`;
  const effects = textTable([{ heading: '' }, ...['coefficient', 'error', 'z', 'p', 'hazard ratio'].map((each) => ({ heading: each, align: 'right' as const })), { heading: `${100 * confidence} % interval` }],
    coefficients.map(({ name, estimate, standardError, z, pValue, hazardRatio, lower, upper }) => [name, shown(estimate, 4), shown(standardError, 4), z.toFixed(3), pShown(pValue), shown(hazardRatio, 4), interval(lower, upper)]), width);
  const tests = ([['likelihood ratio', fit.likelihoodRatioTest], ['Wald', fit.waldTest], ['score (log-rank)', fit.scoreTest]] as const)
    .map(([name, { chiSquare, df, pValue }]) => `${name} χ² ${shown(chiSquare, 5)} (${df} df, p ${pShown(pValue)})`).join('; ');
  const whole = `log-likelihood ${logLikelihood.model.toFixed(4)} (${logLikelihood.null.toFixed(4)} without effects); ${tests}; concordance ${shown(concordance.estimate, 4)}`;
  return `${wrapped(heading, width).join('\n')}\n\n${effects}\n${wrapped(whole, width).join('\n')}\n\n${proportionalText(proportionality, proportionalityUntested, width)}`;
}

function proportionalText(test: ProportionalityTest | null, untested: string | null, width: number): string {
  if (test === null) return `${wrapped(`proportional hazards cannot be tested: ${untested ?? ''}`, width).join('\n')}\n`;
  const rows = [...test.terms.map(({ name, ...each }) => [name, each] as const), ['all together', test.global] as const];
  const changing = test.terms.filter(({ pValue }) => pValue < 0.05).map(({ name }) => name);
  const words = changing.length === 0 ? 'no effect is seen to change over time' : `the effect of ${changing.join(', ')} changes over time: its hazard ratio is an average; consider --strata or rows split in time`;
  return textTable([{ heading: `proportional hazards (${test.transform})` }, { heading: 'χ²', align: 'right' }, { heading: 'df', align: 'right' }, { heading: 'p', align: 'right' }],
    rows.map(([name, { chiSquare, df, pValue }]) => [name, chiSquare.toFixed(4), String(df), pShown(pValue)]), width) + `${wrapped(words, width).join('\n')}\n`;
}

/** Forest plot on the scale of the coefficients, where intervals are symmetric; hazard ratios in words above them. */
function figure({ source, fit }: CoxResult): Figure {
  const rows = [...fit.coefficients].reverse();
  return {
    title: `Hazard ratios of ${source}`,
    notes: [`Cox regression, ${fit.n} rows, ${fit.events} events, ties by ${fit.ties}; hazard ratios with ${100 * fit.confidence} % intervals`, `concordance ${shown(fit.concordance.estimate, 4)}; likelihood ratio χ² ${shown(fit.likelihoodRatioTest.chiSquare, 5)}, p ${pShown(fit.likelihoodRatioTest.pValue)}`],
    panels: [{
      xLabel: 'coefficient: natural logarithm of the hazard ratio (left of 0 later, right sooner)', yLabel: '', yNames: rows.map(({ name }) => name), height: 60 + 40 * rows.length,
      marks: [
        { kind: 'upright', at: 0, ink: 'grey', dashes: true },
        ...rows.map(({ lower, upper }, index) => ({ kind: 'span', y: index + 1, low: Math.log(lower), high: Math.log(upper), ink: 'blue' }) as const),
        { kind: 'points', shape: 'square', ink: 'blue', x: rows.map(({ estimate }) => estimate), y: rows.map((_, index) => index + 1), labels: rows.map(({ name, hazardRatio, lower, upper }) => `${name.length > 10 ? `${name}: ` : ''}${hazardRatio.toFixed(2)} (${lower.toFixed(2)} to ${upper.toFixed(2)})`) },
      ],
    }],
  };
}
