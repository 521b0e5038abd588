// Scores of questions that customers answer on a scale: NPS, CSAT, CES. All three are one command each, over one way of grouping rows.
import { Type } from '@sinclair/typebox';
import type { TSchema } from '@sinclair/typebox';
import type { Answers, Reliability, Scale } from '@touchstone/loyalty/voice';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { Desk } from '../analysis.js';
import { columnName, number, overTable, shown, wholeNumber } from '../analysis.js';
import type { DataTable } from '../columns/data-table.js';
import type { Figure } from '../plot/figure.js';
import { table as textTable, wrapped } from '../terminal.js';
import { confidence, flag, list, number as numberOf, numberOrNull, orNull, source, text as textOf } from './described.js';
import { answers, interval, pShown, rowsByGroup } from './table-columns.js';

export interface AskedScores {
  readonly score: string;
  readonly by?: string;
  readonly confidence?: number;
  readonly minimum?: number;
}

/** What scores of all three kinds have. */
export interface ScoreOfAnswers {
  readonly n: number;
  readonly unanswered: number;
  readonly confidence: number;
  readonly reliability: Reliability;
}

/** How a score moved from the group before. */
export interface Change {
  readonly estimate: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly changed: boolean | null;
  readonly standardError: number | null;
  readonly pValue: number | null;
  readonly confidence: number;
}

export interface ScoresResult<S> {
  readonly source: string;
  readonly all: S;
  readonly groups: readonly { readonly group: string; readonly score: S; readonly change: Change | null }[];
}

/** One kind of score: how it is computed, and shown. */
export interface Question<S extends ScoreOfAnswers, O extends AskedScores> {
  readonly title: string;
  readonly schema: TSchema;
  readonly scale: (options: O) => Scale;
  readonly measure: (answers: Answers, options: O) => S;
  readonly difference: (earlier: Answers, later: Answers, options: O) => Change;
  /** What stands in the columns of the table. */
  readonly headings: readonly string[];
  readonly cells: (score: S) => string[];
  /** How a change is written, with the unit. */
  readonly changed: (points: number | null) => string;
  readonly figure: (result: ScoresResult<S>, rows: readonly { readonly group: string; readonly score: S }[]) => Figure;
}

export const reliabilitySchema = Type.Object({ sufficient: flag('whether there are enough answers'), minimumAnswers: numberOf('asked for'), note: textOf('in words') });
export const answersSchema = { n: numberOf('answers'), unanswered: numberOf('rows without an answer'), confidence, reliability: reliabilitySchema };

export function scaleAsked(text: string): Scale {
  const [, lowest, highest] = /^(-?\d{1,3})(?:-|\.\.|:)(\d{1,3})$/.exec(text) ?? [];
  if (lowest === undefined || highest === undefined) throw new InvalidArgumentError('It must be two whole numbers, such as 1-5.');
  return { lowest: Number(lowest), highest: Number(highest) };
}

/** Registers the command of a question; its own options are set already. */
export function addQuestion<S extends ScoreOfAnswers, O extends AskedScores>(command: Command, desk: Desk, question: Question<S, O>): void {
  command.requiredOption('--score <column>', 'the answers; an empty cell is no answer', columnName).option('--by <column>', 'groups or periods, in order, each compared with the one before', columnName)
    .option('--confidence <probability>', 'of the intervals (0.95)', number).option('--minimum <answers>', 'fewer are said to be few (30)', wholeNumber);
  const change = Type.Object({
    estimate: numberOf('this group less the one before'), lower: numberOrNull('lower end of the interval'), upper: numberOrNull('upper end'), changed: Type.Union([Type.Boolean(), Type.Null()], { description: 'whether the interval leaves out zero' }),
    standardError: numberOrNull('of the change'), pValue: numberOrNull('of no change'), confidence,
  });
  const schema = Type.Object({
    source, all: question.schema, groups: list(Type.Object({ group: textOf('value of the --by column'), score: question.schema, change: orNull(change, 'null for the first') }), 'in order; empty without --by'),
  });
  overTable<ScoresResult<S>, O>(command, desk, {
    schema,
    compute: (table, options) => computeScores(question, table, options),
    text: (result, width, options) => scoresText(question, result, width, options),
    figure: (result) => question.figure(result, rowsOf(result)),
  });
}

function computeScores<S extends ScoreOfAnswers, O extends AskedScores>(question: Question<S, O>, table: DataTable, options: O): ScoresResult<S> {
  const given = answers(table, options.score, question.scale(options));
  const groups = options.by === undefined ? [] : rowsByGroup(table, options.by).map(({ group, rows }) => ({ group, given: rows.map((row) => given[row] ?? null) }));
  return {
    source: table.source,
    all: question.measure(given, options),
    groups: groups.map(({ group, given: own }, index) => {
      const before = groups[index - 1];
      return { group, score: question.measure(own, options), change: before === undefined ? null : question.difference(before.given, own, options) };
    }),
  };
}

const rowsOf = <S>({ all, groups }: ScoresResult<S>): { group: string; score: S }[] => [...(groups.length > 1 ? [] : [{ group: 'all', score: all }]), ...(groups.length > 1 ? groups : [])];

function scoresText<S extends ScoreOfAnswers, O extends AskedScores>({ title, headings, cells, changed }: Question<S, O>, { source, all, groups }: ScoresResult<S>, width: number, { score, by }: O): string {
  const rows = [...groups.map((each) => ({ ...each, name: each.group })), { name: 'all', score: all, change: null }];
  const changes = groups.length > 1 ? [{ heading: 'change', align: 'right' as const }, { heading: 'interval' }, { heading: 'p', align: 'right' as const }] : [];
  const table = textTable([{ heading: by ?? '' }, { heading: 'answers', align: 'right' }, ...headings.map((heading) => ({ heading, align: 'right' as const })), ...changes],
    rows.map(({ name, score: own, change }) => [name, shown(own.n), ...cells(own), ...(changes.length === 0 ? [] : change === null ? ['', '', ''] : [changed(change.estimate), interval(change.lower, change.upper, 3), pShown(change.pValue)])]), width);
  const few = rows.filter(({ score: own }) => !own.reliability.sufficient).map(({ name, score: own }) => `${name}: ${own.reliability.note}`);
  const heading = `${title} of ${score}, ${source}: ${all.n} answers, ${all.unanswered} rows without; ${100 * all.confidence} % intervals`;
  return `${wrapped(heading, width).join('\n')}\n\n${table}${few.length === 0 ? '' : `\n${few.flatMap((line) => wrapped(line, width)).join('\n')}\n`}`;
}

