import { BadOption, numberOf, optionsOf } from '../options.js';
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
