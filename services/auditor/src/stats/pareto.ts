import type { Command } from 'commander';
import { pareto } from '@touchstone/statistics/inference';
import type { ParetoAnalysis } from '@touchstone/statistics/inference';
import type { Desk } from '../analysis.js';
import { listOf, number, overTable, shown } from '../analysis.js';
import { Unusable } from '../api.js';
import type { DataTable } from '../columns/data-table.js';
import type { Figure } from '../plot/figure.js';
import { table as textTable } from '../terminal.js';
import { list, number as described, oneOf, record, sourceSchema, whole, word } from './described-values.js';

interface ParetoCommandOptions {
  readonly category: string;
  readonly count?: string;
  readonly weight?: string;
  readonly limits?: readonly number[];
}

interface ParetoResult {
  readonly source: string;
  readonly analysis: ParetoAnalysis;
}

const abc = oneOf(['A', 'B', 'C'], 'class');

const schema = record({
  source: sourceSchema,
  analysis: record({
    items: list(record({
      rank: whole('from 1'), category: word('category'), count: described('how often'), weighted: described('count times weight: what the order goes by'), cumulated: described('of this and those before'),
      share: described('of the total, 0 to 1'), cumulatedShare: described('of the total, 0 to 1'), class: abc,
    })),
    count: described('sum of the counts'), total: described('sum of counts times weights'),
    classes: list(record({ class: abc, categories: whole('categories in it'), share: described('of the total') })),
  }),
});

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export function addPareto(stats: Command, desk: Desk): void {
  const command = stats.command('pareto').description('which few causes make up most of the trouble: Pareto (ABC) analysis')
    .option('--category <column>', 'cause, defect or other category', '1')
    .option('--count <column>', 'how often; each line counts once when left out').option('--weight <column>', 'what one occurrence costs or weighs')
    .option('--limits <shares>', 'cumulated shares at which classes A and B end (0.8,0.95)', listOf(number))
    .addHelpText('after', '\nExamples:\n  touchstone stats pareto --category defect --count pieces defects.csv --svg pareto.svg\n  touchstone stats pareto --category reason --weight cost complaints.csv --limits 0.7,0.9\n');
  overTable<ParetoResult, ParetoCommandOptions>(command, desk, { schema, compute, text, figure });
}

function compute(table: DataTable, { category, count, weight, limits }: ParetoCommandOptions): ParetoResult {
  if (limits !== undefined && limits.length !== 2) throw new Unusable('--limits needs two shares, where class A and where class B ends, such as 0.8,0.95');
  const [a = 0.8, b = 0.95] = limits ?? [];
  const entries = { categories: table.texts(category), ...(count !== undefined && { counts: table.numbers(count) }), ...(weight !== undefined && { weights: table.numbers(weight) }) };
  return { source: table.source, analysis: pareto(entries, { limits: { a, b } }) };
}

function text({ source, analysis: { items, classes, count, total } }: ParetoResult, width: number): string {
  const weighted = count !== total;
  const heading = `Pareto analysis of ${source}: ${shown(count)} in ${items.length} categories${weighted ? `, ${shown(total)} by weight` : ''}\n\n`;
  const rows = items.map((item) => [String(item.rank), shown(item.count), ...(weighted ? [shown(item.weighted)] : []), percent(item.share), percent(item.cumulatedShare), item.class, item.category]);
  const right = (name: string) => ({ heading: name, align: 'right' as const });
  const columns = [right('rank'), right('count'), ...(weighted ? [right('weighted')] : []), right('share'), right('cumulated'), { heading: 'class' }, { heading: 'category' }];
  return `${heading}${textTable(columns, rows, width)}\n${classes.map((each) => `class ${each.class}: ${each.categories} ${each.categories === 1 ? 'category' : 'categories'}, ${percent(each.share)}`).join('; ')}\n`;
}

const MOST_BARS = 30;

function figure({ source, analysis: { items, classes, total } }: ParetoResult): Figure {
  const drawn = items.slice(0, MOST_BARS);
  const x = drawn.map(({ rank }) => rank);
  return {
    title: `Pareto chart of ${source}`,
    notes: [classes.map((each) => `class ${each.class}: ${each.categories} of ${items.length} categories with ${percent(each.share)}`).join('; '), `total ${shown(total)}${items.length > MOST_BARS ? `; the first ${MOST_BARS} of ${items.length} categories are drawn` : ''}`],
    panels: [{
      xLabel: '', yLabel: 'percent of the total', xNames: drawn.map(({ category }) => category), height: 320, y: { low: 0, high: 105 },
      marks: [
        { kind: 'bars', x: x.map((at) => [at - 0.4, at + 0.4] as const), y: drawn.map(({ share }) => 100 * share), ink: 'blue' },
        { kind: 'level', at: 80, label: '80 %', ink: 'grey', dashes: true },
        { kind: 'line', x, y: drawn.map(({ cumulatedShare }) => 100 * cumulatedShare), ink: 'vermillion' },
        { kind: 'points', x, y: drawn.map(({ cumulatedShare }) => 100 * cumulatedShare), ink: 'vermillion' },
      ],
      legend: [{ text: 'share', ink: 'blue' }, { text: 'cumulated', ink: 'vermillion' }],
    }],
  };
}
