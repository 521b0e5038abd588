import { StatisticsError } from '@touchstone/statistics';
import { MISSING_LEVEL } from './columns.js';
import type { Cell, Monotone } from './columns.js';

/** A numeric column as learnt. */
export interface NumericTerm {
  readonly kind: 'numeric';
  readonly column: string;
  readonly center: number;
  readonly scale: number;
  /** null where the column enters as a straight line. */
  readonly cuts: readonly number[] | null;
  readonly monotone: Monotone | null;
  /** Whether missing values are allowed. */
  readonly mayMiss: boolean;
  /** Whether they occurred, and so have an indicator; where none did, later ones count as the mean and contribute nothing. */
  readonly missing: boolean;
  /** What a missing value counts as. */
  readonly fill: readonly number[];
  readonly means: readonly number[];
}

/** A categorical column as learnt. */
export interface CategoricalTerm {
  readonly kind: 'categorical';
  readonly column: string;
  readonly levels: readonly string[];
  /** The level without an indicator; null where each level has one, or where levels are ordered. */
  readonly reference: string | null;
  readonly ordered: boolean;
  readonly monotone: Monotone | null;
  readonly unknown: 'refuse' | 'average';
  readonly means: readonly number[];
}

export type Term = NumericTerm | CategoricalTerm;

interface Label {
  readonly name: string;
  readonly sign: -1 | 0 | 1;
}

/** Names and sign constraints of a term's features, in the order in which they are encoded. */
export function labelsOf(term: Term): Label[] {
  const sign = term.monotone === null ? 0 : term.monotone === 'increasing' ? 1 : -1;
  if (term.kind === 'numeric') {
    const steps = term.cuts?.map((cut) => ({ name: `${term.column}>${cut}`, sign }) as const);
    const missing = term.missing ? [{ name: `${term.column} missing`, sign: 0 } as const] : [];
    return [...(steps ?? [{ name: term.column, sign } as const]), ...missing];
  }
  if (term.ordered) return term.levels.slice(0, -1).map((level) => ({ name: `${term.column}>${level}`, sign }));
  return term.levels.filter((level) => level !== term.reference).map((level) => ({ name: `${term.column}=${level}`, sign: 0 }));
}

/** Writes the features of one cell and says where the next ones go. */
export function encodeCell(term: Term, cell: Cell | undefined, into: Float64Array, at: number, where: string): number {
  return term.kind === 'numeric' ? encodeNumber(term, cell, into, at, where) : encodeCategory(term, cell, into, at, where);
}

function encodeNumber(term: NumericTerm, cell: Cell | undefined, into: Float64Array, at: number, where: string): number {
  let next = at;
  if (cell === null) {
    if (!term.mayMiss)
      throw new StatisticsError('BAD_DATA', `column "${term.column}"${where}: missing, which the model does not allow for`);
    for (const fill of term.fill) into[next++] = fill;
  } else if (typeof cell !== 'number' || !Number.isFinite(cell)) {
    throw new StatisticsError('NOT_FINITE', `column "${term.column}"${where}: not a finite number`);
  } else if (term.cuts === null) into[next++] = (cell - term.center) / term.scale;
  else for (const cut of term.cuts) into[next++] = cell > cut ? 1 : 0;
  if (term.missing) into[next++] = cell === null ? 1 : 0;
  return next;
}

function encodeCategory(term: CategoricalTerm, cell: Cell | undefined, into: Float64Array, at: number, where: string): number {
  const level = cell === null ? MISSING_LEVEL : cell;
  const known = typeof level === 'string' ? term.levels.indexOf(level) : -1;
  if (known < 0 && term.unknown === 'refuse') {
    const seen = term.levels.map((name) => `"${name}"`).join(', ');
    throw new StatisticsError('BAD_DATA', `column "${term.column}"${where}: "${level}" is not among the known levels ${seen}`);
  }
  let next = at;
  if (known < 0) for (const mean of term.means) into[next++] = mean;
  else if (term.ordered) for (let step = 0; step < term.levels.length - 1; step += 1) into[next++] = known > step ? 1 : 0;
  else for (const [index, name] of term.levels.entries()) if (name !== term.reference) into[next++] = index === known ? 1 : 0;
  return next;
}
