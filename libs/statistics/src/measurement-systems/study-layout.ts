import { StatisticsError, finite } from '../statistics-error.js';

/** What a column calls a part or an appraiser. Numbers and words that read alike are the same name. */
export type Name = string | number;

/** Columns of equal length, one row a measurement, in any order. */
export interface GageStudy {
  readonly parts: readonly Name[];
  readonly operators: readonly Name[];
  /** In one unit; variation is in it, variances in its square. */
  readonly measurements: ArrayLike<number>;
}

/** A balanced study as a table: `cells[operator][part]` holds the trials in the order of the rows. */
export interface BalancedStudy {
  readonly parts: readonly string[];
  readonly operators: readonly string[];
  readonly trials: number;
  readonly cells: readonly (readonly (readonly number[])[])[];
}

/**
 * Crossed: every operator measured every part equally often.
 * @throws StatisticsError `BAD_DATA` naming the cell that is missing or uneven, `TOO_FEW_POINTS`, `NOT_FINITE`
 */
export function crossedLayout(study: GageStudy): BalancedStudy {
  const cells = cellsOf(study);
  const operators = namesOf(study.operators);
  const parts = namesOf(study.parts);
  const rows = operators.map((operator) => parts.map((part) => cells.get(keyOf(operator, part)) ?? []));
  const trials = usualSize(rows.flat());
  for (const [o, row] of rows.entries()) {
    for (const [p, cell] of row.entries()) {
      if (cell.length === trials) continue;
      throw new StatisticsError(
        'BAD_DATA',
        `operator ${operators[o]} measured part ${parts[p]} ${times(cell.length)} where others were measured ${times(trials)}; a crossed study needs every cell equally often`,
      );
    }
  }
  if (operators.length < 2) throw new StatisticsError('TOO_FEW_POINTS', 'a gage study needs at least two operators');
  if (parts.length < 2) throw new StatisticsError('TOO_FEW_POINTS', 'a gage study needs at least two parts');
  return { parts, operators, trials, cells: rows };
}

/**
 * Nested: each operator measured parts of their own (a destructive test). A part name under two operators is two parts.
 * @throws StatisticsError `BAD_DATA` naming what is uneven, `TOO_FEW_POINTS`, `NOT_FINITE`
 */
export function nestedLayout(study: GageStudy): Omit<BalancedStudy, 'parts'> & { readonly partsEach: number } {
  const cells = cellsOf(study);
  const operators = namesOf(study.operators);
  const names = operators.map((operator) => namesOf(study.parts.filter((_, row) => String(study.operators[row]) === operator)));
  const rows = operators.map((operator, o) => names[o].map((part) => cells.get(keyOf(operator, part)) ?? []));
  const partsEach = usualSize(names);
  const trials = usualSize(rows.flat());
  for (const [o, row] of rows.entries()) {
    if (row.length !== partsEach) {
      throw new StatisticsError('BAD_DATA', `operator ${operators[o]} measured ${row.length} parts where others measured ${partsEach}`);
    }
    const uneven = row.findIndex((cell) => cell.length !== trials);
    if (uneven >= 0) {
      throw new StatisticsError(
        'BAD_DATA',
        `operator ${operators[o]} measured part ${names[o][uneven]} ${times(row[uneven].length)} where others were measured ${times(trials)}`,
      );
    }
  }
  if (operators.length < 2 || partsEach < 2) {
    throw new StatisticsError('TOO_FEW_POINTS', 'a nested gage study needs at least two operators with at least two parts each');
  }
  return { operators, partsEach, trials, cells: rows };
}

/** The names of a column in the order they first appear. */
export function namesOf(column: readonly Name[]): string[] {
  return [...new Set(column.map(String))];
}

/** @throws StatisticsError `BAD_DATA` unless all columns have the same length above 0 */
export function assertColumns(columns: Readonly<Record<string, ArrayLike<unknown>>>): number {
  const lengths = Object.entries(columns).map(([name, column]) => [name, column.length] as const);
  const [first] = lengths;
  if (first[1] === 0) throw new StatisticsError('TOO_FEW_POINTS', `the column ${first[0]} is empty`);
  const odd = lengths.find(([, length]) => length !== first[1]);
  if (odd !== undefined) {
    throw new StatisticsError('BAD_DATA', `the columns ${first[0]} and ${odd[0]} have ${first[1]} and ${odd[1]} rows`);
  }
  return first[1];
}

function cellsOf(study: GageStudy): Map<string, number[]> {
  const rows = assertColumns({ measurements: study.measurements, parts: study.parts, operators: study.operators });
  const cells = new Map<string, number[]>();
  for (let row = 0; row < rows; row += 1) {
    const key = keyOf(String(study.operators[row]), String(study.parts[row]));
    const cell = cells.get(key);
    const measurement = finite(study.measurements[row]);
    if (cell === undefined) cells.set(key, [measurement]);
    else cell.push(measurement);
  }
  return cells;
}

const keyOf = (operator: string, part: string): string => JSON.stringify([operator, part]);

export const times = (count: number): string => (count === 0 ? 'never' : count === 1 ? 'once' : `${count} times`);

/** The most frequent size, of several the largest: one cell that is short is then the one the message names. */
function usualSize(groups: readonly { readonly length: number }[]): number {
  const counts = new Map<number, number>();
  for (const { length } of groups) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].reduce((best, size) => (size[1] > best[1] || (size[1] === best[1] && size[0] > best[0]) ? size : best))[0];
}
