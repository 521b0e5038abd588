import type { ChartType } from '@touchstone/statistics/charts';
import { Unusable } from '../api.js';
import type { DataTable } from '../columns/data-table.js';

/** Where the values of a chart stand in the table. */
export interface ChartColumns {
  readonly columns?: readonly string[];
  readonly subgroup?: number;
  readonly by?: string;
  readonly count?: string;
  readonly size?: string;
  readonly sizeEach?: number;
}

export const ATTRIBUTE_CHARTS: readonly ChartType[] = ['p', 'np', 'c', 'u', 'laney-p', 'laney-u'];

/** The points of a chart, in the shape the chart takes. @throws Unusable */
export function chartData(type: ChartType, table: DataTable, at: ChartColumns): readonly unknown[] {
  if (ATTRIBUTE_CHARTS.includes(type)) return attributes(type, table, at);
  if (type === 't2') return vectors(table, at);
  const rows = table.byRow(at.columns ?? table.names.filter((name) => name !== at.by));
  if (at.by !== undefined) return grouped(table, rows, at.by);
  const subgrouped = type === 'xbar-r' || type === 'xbar-s' || (type !== 'i-mr' && at.subgroup !== undefined);
  if (!subgrouped) return rows.flat();
  const size = at.subgroup ?? rows[0]?.length ?? 0;
  if (size === 1 && at.subgroup === undefined) throw new Unusable(`${table.source} has one column: say with --subgroup how many values belong together, or with --by which column says so`);
  return cut(rows.flat(), size);
}

/** Values row by row, so many to a subgroup; the last may have fewer. */
function cut<T>(values: readonly T[], size: number): T[][] {
  if (size < 1) throw new Unusable('--subgroup must be at least 1');
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) => values.slice(index * size, (index + 1) * size));
}

/** A subgroup for each run of rows with the same text in a column. */
function grouped(table: DataTable, rows: readonly (readonly (number | null)[])[], by: string): (number | null)[][] {
  const labels = table.texts(by);
  const groups: (number | null)[][] = [];
  for (const [row, values] of rows.entries()) {
    if (row > 0 && labels[row] === labels[row - 1]) groups.at(-1)?.push(...values);
    else groups.push([...values]);
  }
  return groups;
}

function attributes(type: ChartType, table: DataTable, { count = '1', size, sizeEach }: ChartColumns) {
  if (size === undefined && sizeEach === undefined && type !== 'c') {
    throw new Unusable(`a chart of type ${type} needs --size, the column of sample sizes, or --size-each, one number for all`);
  }
  const sizes = size === undefined ? undefined : table.numbers(size);
  return table.numbersOrNull(count).map((each, row) => ({ count: each, size: sizes?.[row] ?? sizeEach ?? 1 }));
}

function vectors(table: DataTable, { columns, subgroup }: ChartColumns) {
  const rows = table.byRow(columns ?? table.names);
  return subgroup === undefined || subgroup === 1 ? rows : cut(rows, subgroup);
}
