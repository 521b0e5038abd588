import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { CommanderError, InvalidArgumentError, Option } from 'commander';
import type { TSchema } from '@sinclair/typebox';
import { Unusable } from './api.js';
import { delimiters, readTable } from './columns/data-table.js';
import type { DataTable, Delimiter, TableFormat } from './columns/data-table.js';
import type { Figure } from './plot/figure.js';
import { svgOf } from './plot/figure.js';
import { printable } from './terminal.js';

/** What a computation on a file needs of the command line; no platform takes part. */
export interface Desk {
  /** Columns of the terminal. */
  readonly width: number;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** A computation on columns, and the three forms its result is shown in. `R` is what `--json` prints; `schema` describes it. */
export interface Analysis<R, O> {
  readonly schema: TSchema;
  compute(table: DataTable, options: O): R;
  /** For people, in lines of at most `width`. */
  text(result: R, width: number, options: O): string;
  /** For print; left out where there is nothing to draw. */
  figure?(result: R, options: O): Figure;
}

interface CommonOptions {
  readonly delimiter?: Delimiter;
  readonly header?: boolean;
  readonly skip?: number;
  readonly decimal?: 'point' | 'comma';
  readonly svg?: string;
  readonly json?: boolean;
}

/** A command that reads a table of columns from a file or standard input, computes, and prints text, JSON (`--json`) or a chart (`--svg`). */
export function overTable<R, O>(command: Command, desk: Desk, analysis: Analysis<R, O>): Command {
  command.argument('[file]', 'CSV, TSV, semicolons or blanks; standard input for - or when left out', '-')
    .addOption(new Option('--delimiter <kind>', 'what separates columns; found out when left out').choices(Object.keys(delimiters)))
    .option('--header', 'the first line names the columns; found out when left out').option('--no-header', 'the first line holds values already')
    .option('--skip <lines>', 'lines before the table', wholeNumber)
    .addOption(new Option('--decimal <sign>', 'sign before the decimals').choices(['point', 'comma']).default('point'));
  return described(command, analysis.schema, desk, analysis.figure !== undefined, async (file: string, options) => {
    const format: TableFormat = { delimiter: options.delimiter, header: options.header, skipLines: options.skip, decimal: options.decimal };
    const result = analysis.compute(await readTable(file, desk.stdin, format), options as O);
    await show(desk, options, result, () => analysis.text(result, desk.width, options as O), analysis.figure && (() => analysis.figure?.(result, options as O)));
  });
}

/** A command that computes from its options alone. */
export function overOptions<R, O>(command: Command, desk: Desk, analysis: Omit<Analysis<R, O>, 'compute'> & { compute(options: O): R }): Command {
  return described(command, analysis.schema, desk, analysis.figure !== undefined, async (_: unknown, options) => {
    const result = analysis.compute(options as O);
    await show(desk, options, result, () => analysis.text(result, desk.width, options as O), analysis.figure && (() => analysis.figure?.(result, options as O)));
  });
}

function described(command: Command, schema: TSchema, desk: Desk, drawn: boolean, act: (file: string, options: CommonOptions) => Promise<void>): Command {
  if (drawn) command.option('--svg <file>', 'write a chart as SVG; - for standard output, instead of the text');
  return command.option('--schema', 'print the JSON Schema of what --json prints')
    .on('option:schema', () => {
      desk.stdout.write(`${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema }, undefined, 2)}\n`);
      throw new CommanderError(0, 'touchstone.schema', 'printed'); // as for --help: before anything is missed that a computation needs
    })
    .action((...given: unknown[]) => act(typeof given[0] === 'string' ? given[0] : '-', (given.at(-1) as Command).optsWithGlobals<CommonOptions>()));
}

async function show(desk: Desk, { json, svg }: CommonOptions, result: unknown, text: () => string, figure?: () => Figure | undefined): Promise<void> {
  const drawn = svg === undefined ? undefined : figure?.();
  if (svg === '-' && drawn) return void desk.stdout.write(svgOf(drawn));
  desk.stdout.write(json ? `${JSON.stringify(result, undefined, 2)}\n` : text());
  if (svg === undefined || !drawn) return;
  await writeFile(svg, svgOf(drawn)).catch((error: unknown) => {
    throw new Unusable(`--svg ${svg} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  });
  desk.stderr.write(`${printable(svg)} written\n`);
}

/** For options: a number; whole; several, separated by commas; names of columns. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

export const listOf = <T>(one: (text: string) => T) => (text: string): T[] => text.split(',').map((each) => one(each.trim()));
export const columnName = (text: string): string => text;

/** Six significant digits, as a report shows a number; `-` for what does not exist. */
export function shown(value: number | null | undefined, digits = 6): string {
  if (value === null || value === undefined) return '-';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const text = value.toPrecision(digits);
  return text.includes('e') ? text : text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}
