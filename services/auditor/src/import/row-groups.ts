import type { RowScope, Scope, Template } from './expressions.js';
import { ImportFault, RowProblem } from './import-fault.js';
import { isUnreadable, type ReadRow } from './rows.js';

/** The most rows that one command may be made of. */
export const MAX_GROUP_ROWS = 10_000;

/** Rows that become commands together: one row, or consecutive rows with the same key. */
export interface RowGroup {
  /** The line of the first row. */
  readonly line: number;
  readonly rows: number;
  /** Absent where the rows cannot be read; then `problem` says why. */
  readonly scope?: Scope;
  readonly problem?: RowProblem;
  readonly withoutLineEnd: boolean;
}

type Fixed = Pick<Scope, 'fileName' | 'occurrences'>;

export async function* groupRows(rows: AsyncIterable<ReadRow>, key: Template | undefined, fixed: Fixed): AsyncGenerator<RowGroup> {
  yield* key ? keyedGroups(rows, key, fixed) : singleRows(rows, fixed);
}

async function* singleRows(rows: AsyncIterable<ReadRow>, fixed: Fixed): AsyncGenerator<RowGroup> {
  let rowNumber = 0;
  for await (const row of rows) {
    rowNumber += 1;
    yield isUnreadable(row) ? unreadable(row.line, row.problem) : groupOf([{ row, rowNumber, worked: new Map() }], fixed, false);
  }
}

async function* keyedGroups(rows: AsyncIterable<ReadRow>, key: Template, fixed: Fixed): AsyncGenerator<RowGroup> {
  let members: RowScope[] = [];
  let openKey: string | undefined;
  let besideUnreadable = false;
  let rowNumber = 0;
  for await (const row of rows) {
    rowNumber += 1;
    const member: RowScope | RowProblem = isUnreadable(row) ? row.problem : { row, rowNumber, worked: new Map() };
    const keyed = member instanceof RowProblem ? member : keyOf(member, key, fixed);
    if (members.length > 0 && keyed !== openKey) {
      yield groupOf(members, fixed, besideUnreadable || keyed instanceof RowProblem);
      members = [];
      besideUnreadable = false;
    }
    if (keyed instanceof RowProblem) {
      yield unreadable(row.line, keyed);
      besideUnreadable = true;
    } else if (!(member instanceof RowProblem)) {
      openKey = keyed;
      members.push(member);
      if (members.length > MAX_GROUP_ROWS)
        throw new ImportFault('GROUP_TOO_LONG', `more than ${MAX_GROUP_ROWS} rows share one groupBy key`, row.line);
    }
  }
  if (members.length > 0) yield groupOf(members, fixed, besideUnreadable);
}

const unreadable = (line: number, problem: RowProblem): RowGroup => ({ line, rows: 1, problem, withoutLineEnd: false });

/** A group next to a row that cannot be read may lack that row: it is not sent, since a sample must not be sent in part. */
function groupOf(members: readonly RowScope[], fixed: Fixed, besideUnreadable: boolean): RowGroup {
  const [first] = members;
  const last = members.at(-1)?.row;
  if (!first) throw new RangeError('a group has at least one row');
  const found = { line: first.row.line, rows: members.length, withoutLineEnd: last?.withoutLineEnd ?? false };
  if (besideUnreadable)
    return { ...found, problem: new RowProblem('GROUP_INCOMPLETE', 'a row beside this group cannot be read and may belong to it') };
  return { ...found, scope: { ...fixed, ...first, group: members } };
}

function keyOf(member: RowScope, key: Template, fixed: Fixed): string | RowProblem {
  try {
    return key({ ...fixed, ...member, group: [member] });
  } catch (error) {
    if (error instanceof RowProblem) return error;
    throw error;
  }
}
