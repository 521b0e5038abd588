import { StatisticsError, sumOf } from '@touchstone/statistics';
import { encodeCell, labelsOf } from './encoding.js';
import type { CategoricalTerm, NumericTerm, Term } from './encoding.js';
import { MISSING_LEVEL } from './columns.js';
import type { CategoricalColumn, NumericColumn, RiskColumn, Row } from './columns.js';

/** One column of the design matrix. */
export interface Feature {
  /** `tenure`, `contract=One year`, `age>30`, `income missing`. */
  readonly name: string;
  readonly column: string;
  /** 1: the coefficient may not be negative; −1: not positive; 0: free. */
  readonly sign: -1 | 0 | 1;
  /** Mean over the rows the design was made from. */
  readonly mean: number;
}

/** How columns become numbers: plain JSON, made from the fitting rows and applied unchanged to all later ones. */
export interface DesignSpecification {
  readonly terms: readonly Term[];
  readonly features: readonly Feature[];
}

/** Numbers by rows: `values[row * features.length + feature]`. The intercept is not among them. */
export interface DesignMatrix {
  readonly rows: number;
  readonly features: readonly Pick<Feature, 'name' | 'sign'>[];
  readonly values: Float64Array;
}

/**
 * Learns how to encode the columns: means and deviations of numbers, levels of categories.
 * @param rows which rows to learn from, 0-based; default all
 * @throws StatisticsError `BAD_DATA` for names given twice, lengths that differ, one value only, or missing cells that were not allowed for;
 *   `NOT_FINITE`, `BAD_OPTION`, `TOO_FEW_POINTS`
 */
export function specifyDesign(columns: readonly RiskColumn[], rows?: ArrayLike<number>): DesignSpecification {
  const chosen = rows ?? allRows(columns);
  assertColumns(columns);
  if (chosen.length === 0) throw new StatisticsError('TOO_FEW_POINTS', 'a design needs at least one row');
  const terms = columns.map((column) => (column.kind === 'numeric' ? numericTerm(column, chosen) : categoricalTerm(column, chosen)));
  const bare = terms.map((term) => labelsOf(term).map((label) => ({ ...label, column: term.column })));
  const matrix = encode(terms, bare.flat(), columns, chosen);
  const features = bare.flat().map((label, index) => ({ ...label, mean: meanOf(matrix, index) }));
  let at = 0;
  const filled = terms.map((term, index) => ({ ...term, means: features.slice(at, (at += bare[index].length)).map(({ mean }) => mean) }));
  return { terms: filled, features };
}

/** The columns as the specification encodes them. @throws as `specifyDesign`, and for categories it does not know */
export function designMatrix(design: DesignSpecification, columns: readonly RiskColumn[], rows?: ArrayLike<number>): DesignMatrix {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const ordered = design.terms.map((term) => {
    const column = byName.get(term.column);
    if (column === undefined) throw new StatisticsError('BAD_DATA', `column "${term.column}" is missing`);
    return column;
  });
  assertColumns(ordered);
  return encode(design.terms, design.features, ordered, rows ?? allRows(ordered));
}

/** One customer's features. @throws StatisticsError `BAD_DATA`, `NOT_FINITE` naming the column */
export function encodeRow(design: DesignSpecification, row: Row): Float64Array {
  const into = new Float64Array(design.features.length);
  let at = 0;
  for (const term of design.terms) {
    const cell = row[term.column];
    if (cell === undefined) throw new StatisticsError('BAD_DATA', `column "${term.column}" is missing`);
    at = encodeCell(term, cell, into, at, '');
  }
  return into;
}

/** As many rows as the columns have. */
export function allRows(columns: readonly RiskColumn[]): Int32Array {
  if (columns.length === 0) throw new StatisticsError('TOO_FEW_POINTS', 'no columns were given');
  return Int32Array.from({ length: columns[0].values.length }, (_, row) => row);
}

function assertColumns(columns: readonly RiskColumn[]): void {
  const names = new Set<string>();
  for (const column of columns) {
    if (names.has(column.name)) throw new StatisticsError('BAD_DATA', `column "${column.name}" is given twice`);
    names.add(column.name);
    const [first] = columns;
    if (column.values.length !== first.values.length) {
      throw new StatisticsError(
        'BAD_DATA',
        `column "${column.name}" has ${column.values.length} rows, "${first.name}" has ${first.values.length}`,
      );
    }
  }
}

function numericTerm(column: NumericColumn, rows: ArrayLike<number>): NumericTerm {
  const { name, cuts = null, monotone = null } = column;
  const values: number[] = [];
  for (let at = 0; at < rows.length; at += 1) {
    const value = column.values[rows[at]];
    if (value === null) {
      if (column.missing !== 'indicator') throw missing(name, rows[at]);
    } else if (typeof value === 'number' && Number.isFinite(value)) values.push(value);
    else throw new StatisticsError('NOT_FINITE', `column "${name}", row ${rows[at] + 1}: not a finite number`);
  }
  if (values.length === 0) throw new StatisticsError('BAD_DATA', `column "${name}" has no values`);
  const center = sumOf(values) / values.length;
  const spread = Math.sqrt(sumOf(values.map((value) => (value - center) ** 2)) / values.length);
  if (values.every((value) => value === values[0])) {
    throw new StatisticsError('BAD_DATA', `column "${name}" has the one value ${values[0]}; it can explain nothing, leave it out`);
  }
  if (!(spread > 0 && spread < Infinity)) {
    throw new StatisticsError(
      'BAD_DATA',
      `the values of column "${name}" are too large or too close to have a spread; give it in another unit`,
    );
  }
  if (cuts !== null && (cuts.length === 0 || cuts.some((cut, index) => !Number.isFinite(cut) || (index > 0 && cut <= cuts[index - 1])))) {
    throw new StatisticsError('BAD_OPTION', `cuts of column "${name}" must be finite and ascending`);
  }
  const [shift, scale] = (column.standardise ?? true) ? [center, spread] : [0, 1];
  const fill = cuts === null ? [(center - shift) / scale] : cuts.map((cut) => values.filter((value) => value > cut).length / values.length);
  return {
    kind: 'numeric',
    column: name,
    center: shift,
    scale,
    cuts,
    monotone,
    mayMiss: column.missing === 'indicator',
    missing: values.length < rows.length,
    fill,
    means: [],
  };
}

function categoricalTerm(column: CategoricalColumn, rows: ArrayLike<number>): CategoricalTerm {
  const { name, order = null, monotone = null, unknown = 'refuse', coding = 'reference' } = column;
  const seen = new Set<string>();
  for (let at = 0; at < rows.length; at += 1) {
    const value = column.values[rows[at]];
    if (value === null && column.missing !== 'category') throw missing(name, rows[at]);
    if (value !== null && typeof value !== 'string')
      throw new StatisticsError('BAD_DATA', `column "${name}", row ${rows[at] + 1}: not a category`);
    seen.add(value ?? MISSING_LEVEL);
  }
  if (monotone !== null && order === null) {
    throw new StatisticsError('BAD_OPTION', `column "${name}" can only be monotone along an order of its levels; give "order"`);
  }
  const stranger = order === null ? undefined : [...seen].find((level) => !order.includes(level));
  if (stranger !== undefined) throw new StatisticsError('BAD_OPTION', `level "${stranger}" of column "${name}" is not in its order`);
  const levels = order ?? [...seen].sort((one, other) => (one < other ? -1 : 1));
  if (seen.size < 2)
    throw new StatisticsError('BAD_DATA', `column "${name}" has the one level "${levels[0]}"; it can explain nothing, leave it out`);
  if (new Set(levels).size < levels.length) throw new StatisticsError('BAD_OPTION', `the order of column "${name}" names a level twice`);
  const reference = column.reference ?? levels[0];
  if (!levels.includes(reference)) throw new StatisticsError('BAD_OPTION', `reference "${reference}" does not occur in column "${name}"`);
  const kept = order === null && coding === 'reference' ? reference : null;
  return { kind: 'categorical', column: name, levels, reference: kept, ordered: order !== null, monotone, unknown, means: [] };
}

const missing = (name: string, row: number): StatisticsError =>
  new StatisticsError('BAD_DATA', `column "${name}", row ${row + 1}: the value is missing; leave the row out or let missing values count`);

function encode(
  terms: readonly Term[],
  features: DesignMatrix['features'],
  columns: readonly RiskColumn[],
  rows: ArrayLike<number>,
): DesignMatrix {
  const values = new Float64Array(rows.length * features.length);
  let next = 0;
  for (let at = 0; at < rows.length; at += 1) {
    for (const [index, term] of terms.entries())
      next = encodeCell(term, columns[index].values[rows[at]], values, next, `, row ${rows[at] + 1}`);
  }
  return { rows: rows.length, features, values };
}

function meanOf({ rows, features, values }: DesignMatrix, index: number): number {
  return sumOf(Array.from({ length: rows }, (_, row) => values[row * features.length + index])) / rows;
}
