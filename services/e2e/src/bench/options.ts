import { BadOption, numberOf, optionsOf } from '../options.js';
import type { Area } from './measure.js';
import { areas } from './measure.js';

export interface BenchOptions {
  readonly rounds: number;
  readonly areas: readonly Area[];
  /** How long a contender works in a round, where it is not a job with an end. */
  readonly durationMs: number;
  /** Length of the log that `replay` reads. */
  readonly events: number;
  /** Memory is measured on a log of five million events, too. */
  readonly large: boolean;
  readonly json: boolean;
  readonly write: boolean;
}

export const benchHelp = `Usage: npm run bench -- [options]
       npm run bench -- maths [options]    the mathematics, without a database; see maths --help
       npm run bench -- kafka [options]    between services, over a Kafka of its own; see kafka --help

Measures the event store and the service around it against Emmett, evtstore, castore, pgbench (where installed), plain PostgreSQL
and a plain controller, on a PostgreSQL of its own in a temporary folder, with fsync and synchronous_commit on. Reports medians,
spread (min–max), ratios, and which targets were reached; no ratio makes it fail.

  --rounds <number>    that count, each contender once a round, A B A B (default: 3; 5 for the page or with --large)
  --only <areas>       some of ${areas.join(', ')}; with commas (default: all)
  --seconds <number>   a contender works in a round (default: 0.3; 1 for the page or with --large)
  --events <number>    in the log that is replayed (default: 50000; 1000000 for the page or with --large)
  --large              the sizes of the page
  --json               the report as JSON on stdout, for programs
  --write              writes the report to docs/reference/benchmarks.md as well; takes about twelve minutes
  --help               this text
`;

/** Throws {@link BadOption}. */
export function benchOptions(args: readonly string[]): BenchOptions | 'help' {
  const { rounds, only, seconds, events, large, json, write, help } = parsed(args);
  if (help) return 'help';
  const isLarge = large || write;
  const wanted = only?.split(',');
  if (wanted?.some((each) => !areas.some((area) => area === each))) throw new BadOption(`--only takes ${areas.join(', ')}`);
  return {
    rounds: numberOf('--rounds', rounds ?? (isLarge ? '5' : '3'), 1, 1_000, true), areas: areas.filter((area) => wanted?.includes(area) ?? true),
    durationMs: numberOf('--seconds', seconds ?? (isLarge ? '1' : '0.3'), 0.01, 600, false) * 1_000,
    events: numberOf('--events', events ?? (isLarge ? '1000000' : '50000'), 1, 10_000_000, true), large: isLarge, json, write,
  };
}

const parsed = (args: readonly string[]) => optionsOf({
  args: [...args], strict: true, allowPositionals: false,
  options: {
    rounds: { type: 'string' }, only: { type: 'string' }, seconds: { type: 'string' }, events: { type: 'string' },
    large: { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
}).values;
