import { ImportFault } from './import-fault.js';
import { invalid } from './expressions.js';
import type { RowFormat } from './rows.js';
import type { Overlap } from './time-zones.js';

/** One kind of command that every row gives rise to. Values are expressions (see expressions.ts). */
export interface CommandMapping {
  readonly type: string;
  /** Sent for the first row of each key only, and before the row's other commands. */
  readonly once?: string;
  /** What makes this command the same command on another day; required unless `once` says it. */
  readonly identity?: readonly unknown[];
  readonly occurredAt?: unknown;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A decimal column that is summed over what was read and over what was accepted. */
export interface TotalMapping {
  readonly of: string;
  /** The command whose answer decides where the amount is counted. */
  readonly command: string;
}

/** A mapping file: which rows become which commands. mapping.schema.json describes it for editors. */
export interface MappingFile extends RowFormat {
  /** Where the records come from; part of every command's identity. */
  readonly source: string;
  /** The only service this mapping is for, where it names one. */
  readonly service?: string;
  readonly decimal: '.' | ',';
  readonly thousands?: string;
  readonly timeZone?: string;
  readonly overlap: Overlap;
  /** Consecutive rows for which this text is equal become one command each. */
  readonly groupBy?: string;
  readonly derive: Readonly<Record<string, unknown>>;
  readonly totals: readonly TotalMapping[];
  readonly commands: readonly CommandMapping[];
}

type Members = Readonly<Record<string, unknown>>;

const MEMBERS = new Set(
  '$schema title notes source service format delimiter skipLines columns decimal thousands timeZone overlap groupBy derive totals commands'.split(
    ' ',
  ),
);
const COMMAND_MEMBERS = new Set('type once identity occurredAt body'.split(' '));

/** Reads a mapping file's text. Throws ImportFault MAPPING_UNREADABLE or MAPPING_INVALID with a JSON Pointer. */
export function parseMapping(json: string): MappingFile {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new ImportFault('MAPPING_UNREADABLE', `the mapping is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
  const members = objectAt(value, '');
  refuseUnknown(members, MEMBERS, '');
  const format = oneOf(members, 'format', ['csv', 'columns', 'ndjson', 'json'] as const);
  const commands = commandsOf(members['commands']);
  const columns = members['columns'] === undefined ? undefined : namesAt(members['columns'], '/columns');
  if (format === 'columns' && !columns) throw invalid('the format "columns" has no header: name the columns', '/columns');
  const mapping: MappingFile = {
    format,
    source: textAt(members['source'], '/source'),
    decimal: oneOf(members, 'decimal', ['.', ','] as const, '.'),
    overlap: oneOf(members, 'overlap', ['refuse', 'earlier', 'later'] as const, 'refuse'),
    derive: members['derive'] === undefined ? {} : objectAt(members['derive'], '/derive'),
    totals: totalsOf(members['totals'], commands),
    commands,
    skipLines: countAt(members['skipLines']),
    ...(columns && { columns }),
    ...optionalText(members, ['service', 'delimiter', 'thousands', 'timeZone', 'groupBy']),
  };
  checkSeparators(mapping);
  return mapping;
}

function commandsOf(value: unknown): CommandMapping[] {
  if (!Array.isArray(value) || value.length === 0) throw invalid('a mapping names at least one command', '/commands');
  return value.map((item: unknown, index) => {
    const pointer = `/commands/${index}`;
    const members = objectAt(item, pointer);
    refuseUnknown(members, COMMAND_MEMBERS, pointer);
    const { once, identity, occurredAt } = members;
    if (once === undefined && identity === undefined)
      throw invalid('a command needs identity: what makes it the same on a second run', pointer);
    if (once !== undefined && identity !== undefined) throw invalid('once is the identity already', `${pointer}/identity`);
    return {
      type: textAt(members['type'], `${pointer}/type`),
      body: objectAt(members['body'], `${pointer}/body`),
      ...(once !== undefined && { once: textAt(once, `${pointer}/once`) }),
      ...(identity !== undefined && { identity: listAt(identity, `${pointer}/identity`) }),
      ...(occurredAt !== undefined && { occurredAt }),
    };
  });
}

function totalsOf(value: unknown, commands: readonly CommandMapping[]): TotalMapping[] {
  if (value === undefined) return [];
  const repeated = commands.filter(({ once }) => once === undefined).map(({ type }) => type);
  return listAt(value, '/totals').map((item, index) => {
    const pointer = `/totals/${index}`;
    const members: Members = typeof item === 'string' ? { of: item, command: repeated.at(-1) } : objectAt(item, pointer);
    refuseUnknown(members, new Set(['of', 'command']), pointer);
    const command = repeated.find((type) => type === members['command']);
    if (command === undefined) throw invalid('a total needs a command of this mapping that every row sends', `${pointer}/command`);
    return { of: textAt(members['of'], `${pointer}/of`), command };
  });
}

function checkSeparators({ delimiter, decimal, thousands, format }: MappingFile): void {
  if (delimiter !== undefined && (delimiter.length !== 1 || delimiter === '"'))
    throw invalid('a delimiter is one character and no quote', '/delimiter');
  if (delimiter !== undefined && format !== 'csv') throw invalid('only csv has a delimiter', '/delimiter');
  if (thousands !== undefined && (thousands === decimal || !/^[.,' \u00a0\u2019\u202f]$/u.test(thousands))) {
    throw invalid('thousands are separated by a point, comma, apostrophe or blank, and not by the decimal mark', '/thousands');
  }
}

function refuseUnknown(members: Members, known: ReadonlySet<string>, pointer: string): void {
  const unknown = Object.keys(members).find((name) => !known.has(name));
  if (unknown !== undefined) throw invalid(`unknown member; known: ${[...known].join(' ')}`, `${pointer}/${unknown}`);
}

function objectAt(value: unknown, pointer: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('expected an object', pointer);
  return value as Members;
}

function listAt(value: unknown, pointer: string): unknown[] {
  if (!Array.isArray(value)) throw invalid('expected a list', pointer);
  return value;
}

function textAt(value: unknown, pointer: string): string {
  if (typeof value !== 'string' || value === '') throw invalid('expected text', pointer);
  return value;
}

function namesAt(value: unknown, pointer: string): string[] {
  const names = listAt(value, pointer).map((name, index) => textAt(name, `${pointer}/${index}`));
  if (names.length === 0 || new Set(names).size !== names.length) throw invalid('expected different column names', pointer);
  return names;
}

function countAt(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw invalid('expected a number of lines', '/skipLines');
  return value;
}

function oneOf<T extends string>(members: Members, name: string, allowed: readonly T[], otherwise?: T): T {
  const value = members[name] ?? otherwise;
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw invalid(`expected one of ${allowed.join(' ')}`, `/${name}`);
  return found;
}

function optionalText<N extends string>(members: Members, names: readonly N[]): { readonly [name in N]?: string } {
  const present = names.filter((name) => members[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, textAt(members[name], `/${name}`)])) as { [name in N]?: string };
}
