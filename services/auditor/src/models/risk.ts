import type { Command } from 'commander';
import { Option } from 'commander';
import { buildScorecard, crossValidateRisk, fitRisk, riskScores, scorePoints, scoreRisk } from '@touchstone/loyalty/risk';
import type { CrossValidation, PointsScore, RiskColumn, RiskModel, RiskOptions, RiskScore, Row, Scorecard } from '@touchstone/loyalty/risk';
import type { Desk } from '../analysis.js';
import { columnName, listOf, number, overTable, wholeNumber } from '../analysis.js';
import { Unusable } from '../api.js';
import type { DataTable } from '../columns/data-table.js';
import { riskFigure } from './risk-figure.js';
import { riskSchema as schema } from './risk-schema.js';
import { riskText } from './risk-text.js';
import { eventColumn, given } from './table-columns.js';

export interface AskedRisk {
  readonly outcome: string;
  readonly id?: string;
  readonly columns?: readonly string[];
  readonly leaveOut?: readonly string[];
  readonly categories?: readonly string[];
  readonly folds: number;
  readonly seed: number;
  readonly l2?: number;
  readonly l1?: number;
  readonly calibration?: 'platt' | 'isotonic';
  readonly explain?: string;
  readonly scorecard?: boolean;
  readonly bins?: number;
  readonly basePoints?: number;
  readonly baseOdds?: number;
  readonly doublePoints?: number;
  readonly scores?: boolean;
}

export interface RiskResult {
  readonly source: string;
  readonly outcome: { readonly column: string; readonly value: string | null };
  readonly columns: readonly { readonly name: string; readonly kind: RiskColumn['kind']; readonly missing: number }[];
  readonly seed: number;
  readonly model: RiskModel;
  readonly crossValidation: Omit<CrossValidation, 'probabilities'>;
  readonly explained: (RiskScore & { readonly id: string; readonly heldOutProbability: number }) | null;
  readonly scorecard: Scorecard | null;
  readonly points: (PointsScore & { readonly id: string }) | null;
  readonly scores: readonly { readonly id: string | number; readonly event: boolean; readonly probability: number; readonly heldOutProbability: number }[] | null;
}

const EXAMPLES = `
Columns of numbers enter as straight lines, all others by their levels; a missing number is a level of its own.

Examples:
  touchstone models risk --outcome Churn=Yes --id customerID Telco-Customer-Churn.csv --svg churn.svg
  touchstone models risk --outcome Churn=Yes --id customerID --explain 7590-VHVEG --scorecard Telco-Customer-Churn.csv
`;

export function addRisk(models: Command, desk: Desk): void {
  const command = models.command('risk').description('who is likely to leave, and why: logistic risk model, cross-validated, with reasons or as a scorecard')
    .requiredOption('--outcome <column[=value]>', 'the event: column=value, or a column of 0 and 1', columnName).option('--id <column>', 'what names a row', columnName)
    .option('--columns <columns>', 'to learn from; all others when left out', listOf(columnName)).option('--leave-out <columns>', 'not to learn from', listOf(columnName))
    .option('--categories <columns>', 'columns whose numbers are names', listOf(columnName))
    .option('--folds <number>', 'of the cross-validation', wholeNumber, 5).option('--seed <number>', 'that folds are drawn by', wholeNumber, 1)
    .option('--l2 <weight>', 'of the penalty ½Σβ² on standardised columns (1)', number).option('--l1 <weight>', 'of the penalty Σ|β| (0)', number)
    .addOption(new Option('--calibration <method>', 'of the probabilities, on folds held out').choices(['platt', 'isotonic']))
    .option('--explain <id>', 'reasons for the row of this id (or of this number, from 1, without --id)')
    .option('--scorecard', 'also as points to add up').option('--bins <number>', 'of a column of numbers in the scorecard (5)', wholeNumber)
    .option('--base-points <points>', 'points at --base-odds (600)', number).option('--base-odds <odds>', 'of staying to leaving (50)', number).option('--double-points <points>', 'points that double the odds (20)', number)
    .option('--scores', 'the probability of every row, in --json')
    .addHelpText('after', EXAMPLES);
  overTable<RiskResult, AskedRisk>(command, desk, { schema, compute, text: riskText, figure: riskFigure });
}

function compute(table: DataTable, options: AskedRisk): RiskResult {
  const { column, value, values: outcomes } = eventColumn(table, options.outcome);
  const ids = options.id === undefined ? Array.from({ length: table.length }, (_, row) => String(row + 1)) : table.texts(options.id);
  const asked = options.explain === undefined ? -1 : rowOf(table, ids, options.explain);
  const columns = columnsOf(table, options, column);
  const learning: RiskOptions = given({ l2: options.l2, l1: options.l1, calibration: options.calibration && { method: options.calibration, seed: options.seed } });
  const model = fitRisk(columns, outcomes, learning);
  const { probabilities, ...crossValidation } = crossValidateRisk(columns, outcomes, { folds: options.folds, seed: options.seed }, learning);
  const card = options.scorecard ? buildScorecard(columns.map((each) => (each.kind === 'numeric' ? { ...each, ...given({ bins: options.bins }) } : each)), outcomes, scaleOf(options)) : null;
  const row: Row = Object.fromEntries(columns.map((each) => [each.name, each.values[asked] ?? null]));
  return {
    source: table.source, outcome: { column, value },
    columns: columns.map((each) => ({ name: each.name, kind: each.kind, missing: Array.from<unknown>(each.values).filter((cell) => cell === null).length })),
    seed: options.seed, model, crossValidation,
    explained: asked < 0 ? null : { id: ids[asked] ?? '', ...scoreRisk(model, row), heldOutProbability: probabilities[asked] ?? 0 },
    scorecard: card,
    points: asked < 0 || card === null ? null : { id: ids[asked] ?? '', ...scorePoints(card, row) },
    scores: options.scores ? [...riskScores(model, columns).probabilities].map((probability, at) => ({ id: ids[at] ?? at + 1, event: outcomes[at] === 1, probability, heldOutProbability: probabilities[at] ?? 0 })) : null,
  };
}

const scaleOf = ({ basePoints, baseOdds, doublePoints, l2 }: AskedRisk) => given({ basePoints, baseOdds, pointsToDoubleOdds: doublePoints, l2 });

function rowOf(table: DataTable, ids: readonly string[], id: string): number {
  const row = ids.indexOf(id);
  if (row < 0) throw new Unusable(`${table.source}: no row has the id ${id}`);
  return row;
}

/** Every column but the outcome, the id and those left out; in a model nothing may name the row or be the same in all. */
function columnsOf(table: DataTable, { columns, leaveOut = [], categories = [], id }: AskedRisk, outcome: string): RiskColumn[] {
  const not = new Set([outcome, ...(id === undefined ? [] : [id]), ...leaveOut].map((name) => table.indexOf(name)));
  const named = new Set(categories.map((name) => table.indexOf(name)));
  const chosen = columns?.map((name) => table.indexOf(name)) ?? table.names.map((_, index) => index).filter((index) => !not.has(index));
  return chosen.map((index) => {
    const name = table.names[index] ?? '';
    const place = String(index + 1);
    const at = table.names.indexOf(place) >= 0 ? name : place;
    if (table.isNumeric(at) && !named.has(index)) return { name, kind: 'numeric', values: table.numbersOrNull(at), missing: 'indicator' };
    const values = table.texts(at);
    const levels = new Set(values).size;
    if (levels > 200) throw new Unusable(`${table.source}: ${name} has ${levels} different words; if it names the row give it as --id, else leave it out with --leave-out ${name}`);
    // A rare level may be missing from the rows of a fold; there it says nothing, for want of anything learnt.
    return { name, kind: 'categorical', values, unknown: 'average' };
  });
}
