import { BadOption, numberOf, optionsOf } from '../../options.js';

export const tableHelp = `Usage: npm run bench -- append-table [options]

One event an append, by 1 and 4 writer processes of 1, 16 and 64 writers each, on the disk as it is and on one whose fsync takes 3 ms
longer: this store against plain inserts and against a lock that is held over the fsync. Then the curve: what an append costs on
logs of 10,000 events and more. No target that is missed makes it fail.

  --rounds <number>    that count, each contender once a round (default: 3; with --write 5)
  --seconds <number>   a contender works in a round (default: 0.6; with --write 1)
  --only <part>        table or curve (default: both)
  --large              the curve up to 10,000,000 events, which takes minutes and 25 GB for a while (with --write always)
  --json               the report as JSON on stdout, for programs
  --write              writes the report to docs/reference/benchmarks-append.md as well
  --help               this text
`;

export const parts = ['table', 'curve'] as const;
export type Part = (typeof parts)[number];

export interface TableOptions {
  readonly rounds: number;
  /** How long a contender works in a round. */
  readonly durationMs: number;
  readonly parts: readonly Part[];
  /** Lengths of the logs of the curve, ascending; costs are compared with the first. */
  readonly lengths: readonly number[];
  readonly json: boolean;
  readonly write: boolean;
}

const LENGTHS = [10_000, 100_000, 1_000_000];
const LARGE = 10_000_000;

/** Throws {@link BadOption}. */
export function tableOptions(args: readonly string[]): TableOptions | 'help' {
  const { rounds, seconds, only, large, json, write, help } = parsed(args);
  if (help) return 'help';
  const chosen = parts.filter((part) => only === undefined || part === only);
  if (chosen.length === 0) throw new BadOption(`--only must be one of ${parts.join(', ')}`);
  return {
    rounds: numberOf('--rounds', rounds ?? (write ? '5' : '3'), 1, 1_000, true),
    durationMs: numberOf('--seconds', seconds ?? (write ? '1' : '0.6'), 0.01, 600, false) * 1_000,
    parts: chosen, lengths: large || write ? [...LENGTHS, LARGE] : LENGTHS, json, write,
  };
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' as const };
  const flag = { type: 'boolean' as const, default: false };
  return optionsOf({ args: [...args], options: { rounds: text, seconds: text, only: text, large: flag, json: flag, write: flag, help: flag } }, 'append-table --help').values;
}
