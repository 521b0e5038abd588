/**
 * Rows → commands, by a mapping file. A command's id is derived from the source, its type and its identity, so that the same
 * record gives the same command on every run and a second run changes nothing.
 */
import { derivedId, sum, type Decimal } from '@touchstone/kernel';
import { decimalOf } from './cell-values.js';
import {
  compileExpression,
  compileObject,
  compileParts,
  compileTemplate,
  invalid,
  type Expression,
  type ExpressionSettings,
  type JsonValue,
  type Scope,
} from './expressions.js';
import { RowProblem } from './import-fault.js';
import { parseMapping, type CommandMapping, type MappingFile } from './mapping-file.js';
import { groupRows, type RowGroup } from './row-groups.js';
import type { ReadRow, RowFormat } from './rows.js';
import { Occurrences, SeenKeys } from './seen-keys.js';

/** A command as it is sent, one JSON object a line. */
export interface BulkCommand {
  readonly line: number;
  readonly id: string;
  readonly type: string;
  readonly occurredAt?: string;
  readonly body: JsonValue;
}

export interface MappedCommand {
  readonly command: BulkCommand;
  /** The control amounts that stand or fall with this command: [index of the total, amount]. */
  readonly amounts: readonly (readonly [number, Decimal])[];
}

/** What became of one row, or of the rows grouped into one. */
export interface MappedRows {
  readonly line: number;
  readonly rows: number;
  readonly commands: readonly MappedCommand[];
  readonly problem?: RowProblem;
  /** Control amounts of the rows; undefined where a cell is no number. */
  readonly amounts: readonly (Decimal | undefined)[];
  readonly withoutLineEnd: boolean;
}

export interface Mapping {
  readonly file: MappingFile;
  /** How to read the file, with the columns that must be there. */
  readonly format: RowFormat;
  mapRows(rows: AsyncIterable<ReadRow>, fileName: string): AsyncGenerator<MappedRows>;
}

interface CompiledCommand {
  readonly type: string;
  readonly once: boolean;
  readonly identity: (scope: Scope) => string[];
  readonly occurredAt: Expression | undefined;
  readonly body: Expression;
  /** Indices of the control totals whose amounts go with this command. */
  readonly carries: readonly number[];
}

/** Compiles a mapping file's text; throws ImportFault with a JSON Pointer to what is wrong in it. */
export function compileMapping(json: string): Mapping {
  const file = parseMapping(json);
  const derived = new Map<string, Expression>();
  const settings: ExpressionSettings = {
    numbers: { decimal: file.decimal, ...(file.thousands !== undefined && { thousands: file.thousands }) },
    timeZone: file.timeZone,
    overlap: file.overlap,
    derived,
    columns: new Set(),
  };
  for (const [name, value] of Object.entries(file.derive)) {
    if (file.columns?.includes(name)) throw invalid('a column has this name already', `/derive/${name}`);
    derived.set(name, compileExpression(value, settings, `/derive/${name}`));
  }
  const commands = file.commands.map((command, index) => ({
    ...compileCommand(command, settings, `/commands/${index}`),
    carries: totalsCarriedBy(index, file),
  }));
  const groupKey = file.groupBy === undefined ? undefined : compileTemplate(file.groupBy, settings, '/groupBy').text;
  const totals = file.totals.map(({ of }, index) => compileTemplate(of, settings, `/totals/${index}`).text);
  const requiredColumns = [...settings.columns];
  const unnamed = file.columns && requiredColumns.find((column) => !file.columns?.includes(column));
  if (unnamed !== undefined) throw invalid(`\${${unnamed}} is none of the columns`, '/columns');

  return {
    file,
    format: { ...file, requiredColumns },
    async *mapRows(rows, fileName) {
      const occurrences = new Occurrences();
      const sent = new SeenKeys();
      for await (const group of groupRows(rows, groupKey, { fileName, occurrences })) {
        const amounts = totals.map((total) => amountOf(group, total, settings));
        yield {
          line: group.line,
          rows: group.rows,
          amounts,
          withoutLineEnd: group.withoutLineEnd,
          ...commandsOf(group, commands, file, amounts, sent),
        };
      }
    },
  };
}

function compileCommand(
  { type, once, identity, occurredAt, body }: CommandMapping,
  settings: ExpressionSettings,
  pointer: string,
): Omit<CompiledCommand, 'carries'> {
  const named = once === undefined ? '/identity' : '/once';
  return {
    type,
    once: once !== undefined,
    identity: compileParts(once === undefined ? identity : [once], settings, pointer + named),
    occurredAt: occurredAt === undefined ? undefined : compileExpression(occurredAt, settings, `${pointer}/occurredAt`),
    body: compileObject(body, settings, `${pointer}/body`),
  };
}

/** All commands of a row or none: half a record would be worse than a refused one. */
function commandsOf(
  { line, scope, problem }: RowGroup,
  commands: readonly CompiledCommand[],
  { source }: MappingFile,
  amounts: readonly (Decimal | undefined)[],
  sent: SeenKeys,
): Pick<MappedRows, 'commands' | 'problem'> {
  if (!scope) return { commands: [], ...(problem && { problem }) };
  try {
    const made: MappedCommand[] = [];
    const firsts: string[] = [];
    for (const { type, once, identity, occurredAt, body, carries } of [...commands].sort((a, b) => Number(b.once) - Number(a.once))) {
      const id = derivedId('command', source, type, ...identity(scope));
      if (once && sent.has(id)) continue;
      if (once) firsts.push(id);
      const at = occurredAt?.(scope);
      const command = { line, id, type, ...(typeof at === 'string' && { occurredAt: at }), body: body(scope) ?? {} };
      made.push({ command, amounts: carries.flatMap((index) => amountAt(index, amounts)) });
    }
    for (const id of firsts) sent.add(id);
    return { commands: made };
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    return { commands: [], problem: error };
  }
}

function amountAt(index: number, amounts: readonly (Decimal | undefined)[]): (readonly [number, Decimal])[] {
  const amount = amounts[index];
  return amount === undefined ? [] : [[index, amount]];
}

/** The totals whose amounts the command at this place carries: those of its type, unless an earlier command has them. */
function totalsCarriedBy(place: number, { commands, totals }: MappingFile): number[] {
  return [...totals.keys()].filter((index) => commands.findIndex(({ type }) => type === totals[index]?.command) === place);
}

function amountOf({ scope }: RowGroup, total: (scope: Scope) => string, { numbers }: ExpressionSettings): Decimal | undefined {
  if (!scope) return undefined;
  try {
    return sum(scope.group.map((member) => decimalOf(total({ ...scope, ...member }), numbers, undefined)));
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    return undefined;
  }
}
