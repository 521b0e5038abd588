import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { COVARIATE_ROLES, compareExposed, eventStudy } from '@touchstone/loyalty/attribution';
import type { ControlColumn, Covariate, CovariateRole, EventStudy, ExposureComparison } from '@touchstone/loyalty/attribution';
import type { Desk } from '../analysis.js';
import { columnName, listOf, number, overTable, wholeNumber } from '../analysis.js';
import { Unusable } from '../api.js';
import type { DataTable } from '../columns/data-table.js';
import { attributionFigure } from './attribution-figure.js';
import { attributionSchema as schema } from './attribution-schema.js';
import { attributionText } from './attribution-text.js';
import { eventColumn, given, labels } from './table-columns.js';

export interface AskedAttribution {
  readonly outcome: string;
  readonly exposed?: string;
  readonly strata?: readonly string[];
  readonly roles?: readonly (readonly [column: string, role: CovariateRole])[];
  readonly measuredAfter?: readonly string[];
  readonly negativeControl?: readonly string[];
  readonly negativeExposure?: readonly string[];
  readonly minimumAccounts?: number;
  readonly minimumEvents?: number;
  readonly confidence?: number;
  readonly eventStudy?: boolean;
  readonly account?: string;
  readonly period?: string;
  readonly exposedFrom?: string;
  readonly leads?: number;
  readonly lags?: number;
}

interface NamedColumn {
  readonly column: string;
  readonly value: string | null;
}

export interface AttributionResult {
  readonly source: string;
  readonly outcome: NamedColumn;
  readonly exposed: NamedColumn | null;
  readonly comparison: ExposureComparison | null;
  readonly eventStudy: EventStudy | null;
  readonly assumed: readonly string[];
}

const EXAMPLES = `
Strata are combinations of the values of their columns. A column is only adjusted for if it was there before the failure and made both the
failure and the outcome likelier (confounder); what the failure itself changed (mediator, collider) is refused.

Examples:
  touchstone models attribution --exposed failed --outcome churned --strata site,segment --roles site=confounder,segment=confounder --negative-control late_before accounts.csv
  touchstone models attribution --event-study --account account --period month --exposed-from failed_in --outcome orders panel.csv --svg study.svg
`;

export function addAttribution(models: Command, desk: Desk): void {
  const command = models.command('attribution').description('what quality failures did to loyalty: exposed against unexposed accounts within strata, or an event study')
    .requiredOption('--outcome <column[=value]>', 'what may have changed; of an event study, a column of numbers', columnName)
    .option('--exposed <column[=value]>', 'whom a failure reached: column=value, or a column of 0 and 1', columnName)
    .option('--strata <columns>', 'to compare within', listOf(columnName)).option('--roles <column=role,…>', `what the columns of the strata are: ${COVARIATE_ROLES.join(', ')}`, listOf(roleOf))
    .option('--measured-after <columns>', 'columns of the strata that were measured after exposure (refused)', listOf(columnName))
    .option('--negative-control <columns>', 'outcomes that the failure cannot have changed', listOf(columnName)).option('--negative-exposure <columns>', 'exposures that cannot have had an effect', listOf(columnName))
    .option('--minimum-accounts <number>', 'in each arm, for a claim (50)', wholeNumber).option('--minimum-events <number>', 'in each arm, for a claim (5)', wholeNumber)
    .option('--confidence <probability>', 'of the intervals (0.95)', number)
    .option('--event-study', 'rows are accounts by period: effects by periods since exposure').option('--account <column>', 'of an event study', columnName).option('--period <column>', 'of an event study: whole numbers', columnName)
    .option('--exposed-from <column>', 'period of first exposure, empty for an account never exposed', columnName).option('--leads <periods>', 'before exposure (4)', wholeNumber).option('--lags <periods>', 'after exposure (4)', wholeNumber)
    .addHelpText('after', EXAMPLES);
  overTable<AttributionResult, AskedAttribution>(command, desk, { schema, compute, text: attributionText, figure: attributionFigure });
}

function roleOf(text: string): readonly [string, CovariateRole] {
  const at = text.lastIndexOf('=');
  const role = COVARIATE_ROLES.find((each) => each === text.slice(at + 1));
  if (at < 1 || role === undefined) throw new InvalidArgumentError(`It must be column=role, the role one of ${COVARIATE_ROLES.join(', ')}.`);
  return [text.slice(0, at), role];
}

const compute = (table: DataTable, options: AskedAttribution): AttributionResult => (options.eventStudy ? study(table, options) : comparison(table, options));

function comparison(table: DataTable, options: AskedAttribution): AttributionResult {
  const { strata = [], roles = [], measuredAfter = [], negativeControl = [], negativeExposure = [], exposed: asked } = options;
  if (asked === undefined) throw new Unusable('say whom a failure reached with --exposed <column>, or ask for an --event-study');
  const stray = [...roles.map(([column]) => column), ...measuredAfter].find((column) => !strata.includes(column));
  if (stray !== undefined) throw new Unusable(`${stray} is not among the columns of --strata (${strata.join(', ') || 'none'})`);
  const { values: outcome, ...outcomeColumn } = eventColumn(table, options.outcome);
  const { values: exposed, ...exposedColumn } = eventColumn(table, asked);
  const covariates = strata.map((name): Covariate => ({
    name, role: roles.find(([column]) => column === name)?.[1] ?? 'confounder', measured: measuredAfter.includes(name) ? 'after-exposure' : 'before-exposure', values: labels(table, name),
  }));
  const control = (kind: ControlColumn['kind']) => (name: string): ControlColumn => ({ name, kind, values: eventColumn(table, name).values });
  const negativeControls = [...negativeControl.map(control('outcome')), ...negativeExposure.map(control('exposure'))];
  return {
    source: table.source, outcome: outcomeColumn, exposed: exposedColumn, eventStudy: null,
    comparison: compareExposed({ outcome, exposed, covariates }, { ...common(options), negativeControls }),
    assumed: strata.filter((name) => !roles.some(([column]) => column === name)),
  };
}

const common = ({ confidence, minimumAccounts, minimumEvents }: AskedAttribution) => ({ ...given({ confidence }), minimums: given({ accountsPerArm: minimumAccounts, eventsPerArm: minimumEvents }) });

function study(table: DataTable, options: AskedAttribution): AttributionResult {
  const { account, period, exposedFrom, outcome, leads, lags } = options;
  if (account === undefined || period === undefined || exposedFrom === undefined) throw new Unusable('an event study needs --account, --period and --exposed-from');
  if (options.exposed !== undefined || options.strata !== undefined) throw new Unusable('an event study takes no --exposed and no --strata: accounts are compared with themselves before exposure');
  const panel = { account: labels(table, account), period: table.numbers(period), outcome: table.numbers(outcome), exposedFrom: table.numbersOrNull(exposedFrom) };
  return { source: table.source, outcome: { column: outcome, value: null }, exposed: null, comparison: null, eventStudy: eventStudy(panel, { ...common(options), ...given({ leads, lags }) }), assumed: [] };
}
