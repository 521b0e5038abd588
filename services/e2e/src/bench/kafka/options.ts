import { BadOption, numberOf, optionsOf } from '../../options.js';

export const parts = ['relay', 'trip', 'ingest', 'catch-up', 'export'] as const;
export type Part = (typeof parts)[number];

export const kafkaHelp = `Usage: npm run bench -- kafka [options]

What passes between services, over a Kafka and a PostgreSQL of its own in temporary folders: the relay against the client's own
sends, one event's way into another service's read model against a bare round trip, ingest with projection against the projection
alone, a new consumer on a long topic, and the export to Parquet against DuckDB's own COPY. Needs Java 17 or newer. No target that
is missed makes it fail.

  --rounds <number>    that count, each contender once a round, A B A B (default: 3; with --write 5)
  --only <parts>       some of ${parts.join(', ')}; with commas (default: all)
  --events <number>    that are relayed, taken in and exported a round (default: 20000; with --write 50000)
  --trips <number>     a round (default: 100; with --write 300)
  --long <number>      events of the topic that a new consumer catches up with (default: 100000; with --write 1000000)
  --json               the report as JSON on stdout, for programs
  --write              writes the report to docs/reference/benchmarks-kafka.md as well; takes less than ten minutes
  --help               this text
`;

export interface KafkaOptions {
  readonly rounds: number;
  readonly parts: readonly Part[];
  readonly events: number;
  readonly trips: number;
  readonly long: number;
  readonly json: boolean;
  readonly write: boolean;
}

/** Throws {@link BadOption}. */
export function kafkaOptions(args: readonly string[]): KafkaOptions | 'help' {
  const { rounds, only, events, trips, long, json, write, help } = parsed(args);
  if (help) return 'help';
  const wanted = only?.split(',');
  if (wanted?.some((each) => !parts.some((part) => part === each))) throw new BadOption(`--only takes ${parts.join(', ')}`);
  return {
    rounds: numberOf('--rounds', rounds ?? (write ? '5' : '3'), 1, 1_000, true), parts: parts.filter((part) => wanted?.includes(part) ?? true),
    events: numberOf('--events', events ?? (write ? '50000' : '20000'), 1, 1_000_000, true),
    trips: numberOf('--trips', trips ?? (write ? '300' : '100'), 1, 100_000, true),
    long: numberOf('--long', long ?? (write ? '1000000' : '100000'), 10, 10_000_000, true), json, write,
  };
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' as const };
  const flag = { type: 'boolean' as const, default: false };
  return optionsOf({ args: [...args], options: { rounds: text, only: text, events: text, trips: text, long: text, json: flag, write: flag, help: flag } }, 'kafka --help').values;
}
