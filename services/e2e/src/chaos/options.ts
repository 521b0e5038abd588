import { BadOption, numberOf, optionsOf } from '../options.js';
import type { KafkaFault } from './kafka/plan.js';
import { kafkaFaults } from './kafka/plan.js';
import type { Fault } from './store/plan.js';
import { faults, PLACES } from './store/plan.js';

export interface StoreChaosOptions {
  readonly seed: number;
  readonly points: number;
  readonly durationMs: number;
  readonly only?: Fault;
  readonly plan: boolean;
  readonly json: boolean;
  readonly write: boolean;
}

export const storeChaosHelp = `Usage: npm run chaos -- [store] [options]
       npm run chaos -- kafka [options]    services over Kafka: see its --help

Lets faults loose on the event store, on a PostgreSQL of its own in a temporary folder, and checks after each that nothing that was
acknowledged is lost, nothing skipped and nothing done twice, and that every read model equals its rebuild. Bugs that are planted
must be found. Exit code 0 when nothing was found but them, 1 otherwise, 2 for a wrong option.

  --seed <number>     the plan of faults; the same seed, the same plan (default: 1)
  --points <number>   places at which a process is killed; ${PLACES} cover every place once (default: 320)
  --seconds <number>  how long faults that last, last (default: 3)
  --only <fault>      ${faults.slice(0, 6).join(', ')},
                      ${faults.slice(6).join(', ')}
  --plan              prints the plan and ends
  --json              the plan and the report as JSON on stdout, for programs
  --write             writes the report to docs/reference/chaos.md as well
  --help              this text
`;

/** Throws {@link BadOption}. */
export function storeChaosOptions(args: readonly string[]): StoreChaosOptions | 'help' {
  const { seed, points, seconds, only, plan, json, write, help } = parsed(args);
  if (help) return 'help';
  const fault = faults.find((each) => each === only);
  if (only !== undefined && fault === undefined) throw new BadOption(`--only must be one of ${faults.join(', ')}`);
  return {
    seed: numberOf('--seed', seed, 0, 2 ** 32 - 1, true), points: numberOf('--points', points, 1, 100_000, true),
    durationMs: numberOf('--seconds', seconds, 0.1, 600, false) * 1_000, only: fault, plan, json, write,
  };
}

const parsed = (args: readonly string[]) => optionsOf({
  args: [...args], strict: true, allowPositionals: false,
  options: {
    seed: { type: 'string', default: '1' }, points: { type: 'string', default: '320' }, seconds: { type: 'string', default: '3' }, only: { type: 'string' },
    plan: { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
  },
}).values;

export interface KafkaChaosOptions {
  readonly seed: number;
  /** Of each fault at most so many points; all, when left out. */
  readonly rounds?: number;
  readonly only?: KafkaFault;
  readonly plan: boolean;
  readonly json: boolean;
  readonly write: boolean;
}

export const kafkaChaosHelp = `Usage: npm run chaos -- kafka [options]

Lets faults loose on two services that hear of each other over a Kafka broker of its own, and checks after each that every event that
clients were told of is once in the log of whoever listens, in order; that what cannot be taken in is parked with what follows it, and
nothing else, until it is replayed or discarded; that reactions acted once and read models equal their rebuild. Bugs that are planted
must be found. Needs Java 17 or newer.
Exit code 0 when nothing was found but them, 1 otherwise, also when it could not run, 2 for a wrong option.

  --seed <number>     the plan of faults; the same seed, the same plan (default: 1)
  --rounds <number>   of each fault at most so many points (default: all, about ten minutes)
  --only <fault>      ${kafkaFaults.slice(0, 6).join(', ')},
                      ${kafkaFaults.slice(6).join(', ')}
  --plan              prints the plan and ends
  --json              the plan and the report as JSON on stdout, for programs
  --write             writes the report to docs/reference/chaos-kafka.md as well
  --help              this text
`;

/** Throws {@link BadOption}. */
export function kafkaChaosOptions(args: readonly string[]): KafkaChaosOptions | 'help' {
  const { seed, rounds, only, plan, json, write, help } = optionsOf({
    args: [...args], strict: true, allowPositionals: false,
    options: {
      seed: { type: 'string', default: '1' }, rounds: { type: 'string' }, only: { type: 'string' },
      plan: { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
    },
  }).values;
  if (help) return 'help';
  const fault = kafkaFaults.find((each) => each === only);
  if (only !== undefined && fault === undefined) throw new BadOption(`--only must be one of ${kafkaFaults.join(', ')}`);
  return {
    seed: numberOf('--seed', seed, 0, 2 ** 32 - 1, true), ...(rounds !== undefined && { rounds: numberOf('--rounds', rounds, 1, 1_000, true) }), ...(fault && { only: fault }), plan, json, write,
  };
}
