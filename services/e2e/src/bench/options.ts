import { parseArgs } from 'node:util';
import type { Area } from './measure.js';

export class BadOption extends Error {
  readonly code = 'BAD_OPTION';
}

export interface BenchOptions {
  readonly rounds: number;
  readonly areas: readonly Area[];
  /** How long each contender of `append` and `http` works in a round. */
  readonly durationMs: number;
  /** Length of the log that `replay` reads. */
  readonly events: number;
  readonly json: boolean;
  readonly write: boolean;
}

const areas: readonly Area[] = ['append', 'replay', 'http'];

export const benchHelp = `Usage: npm run bench -- [options]
       npm run bench -- maths [options]    the mathematics, without a database; see maths --help

Measures what an event log costs against plain PostgreSQL and a plain controller, on a PostgreSQL of its own in a temporary
folder, with fsync and synchronous_commit on. Reports medians, spread (min–max) and ratios; no ratio makes it fail.

  --rounds <number>    that count, each contender once a round, A B A B (default: 5)
  --only <area>        append, replay or http (default: all three)
  --seconds <number>   a contender works in a round of append and http (default: 1)
  --events <number>    in the log that is replayed (default: 20000)
  --json               the report as JSON on stdout, for programs
  --write              writes the report to docs/reference/benchmarks.md as well
  --help               this text
`;

/** Throws {@link BadOption}. */
export function benchOptions(args: readonly string[]): BenchOptions | 'help' {
  const { rounds, only, seconds, events, json, write, help } = parsed(args);
  if (help) return 'help';
  const chosen = areas.filter((area) => only === undefined || area === only);
  if (chosen.length === 0) throw new BadOption(`--only must be one of ${areas.join(', ')}`);
  return {
    rounds: numberOf('--rounds', rounds, 1, 1_000, true), areas: chosen, durationMs: numberOf('--seconds', seconds, 0.01, 600, false) * 1_000,
    events: numberOf('--events', events, 1, 10_000_000, true), json, write,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args], strict: true, allowPositionals: false,
      options: {
        rounds: { type: 'string', default: '5' }, only: { type: 'string' }, seconds: { type: 'string', default: '1' },
        events: { type: 'string', default: '20000' }, json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new BadOption(`${error instanceof Error ? error.message.split('. To specify')[0] : String(error)}; try --help`);
  }
}

function numberOf(name: string, text: string, least: number, most: number, whole: boolean): number {
  const value = Number(text);
  if (!(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
    throw new BadOption(`${name} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}`);
  }
  return value;
}
