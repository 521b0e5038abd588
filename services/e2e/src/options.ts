/** What the programs here have in common in what they are told on the command line. */
import type { ParseArgsConfig } from 'node:util';
import { parseArgs } from 'node:util';

/** A wrong option: the program ends with exit code 2. */
export class BadOption extends Error {
  readonly code = 'BAD_OPTION';
}

/** `parseArgs`, with what is wrong as a {@link BadOption} that says where help is. */
export function optionsOf<T extends ParseArgsConfig>(config: T, help = '--help'): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new BadOption(`${error instanceof Error ? error.message.split('. To specify')[0] : String(error)}; try ${help}`);
  }
}

/** The number in `text`. Throws {@link BadOption} when it is none, is out of bounds, or has a fraction where it may have none. */
export function numberOf(name: string, text: string, least: number, most: number, whole: boolean): number {
  const value = Number(text);
  if (!(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
    throw new BadOption(`${name} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}`);
  }
  return value;
}
