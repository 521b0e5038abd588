import { BadOption, numberOf, optionsOf } from '../options.js';

export interface DrillOptions {
  readonly seed: number;
  /** Lots that are worked on before the backup, and again as many after it. */
  readonly lots: number;
  readonly json: boolean;
}

const MOST_LOTS = 20_000;

export const drillHelp = `Usage: npm run drill -- restore [options]

Starts five services on a PostgreSQL of its own in a temporary folder, works, backs up the database of one (control), works on, puts
the backup back: once while the service is down, once under its hands. Shows that it refuses, starts a new epoch, and goes on. Exit
code 0 when all checks hold, 1 otherwise, 2 for a wrong option.

  --seed <number>   the work that is done (default: 1)
  --lots <number>   lots before the backup, and again after it; at most ${MOST_LOTS} (default: 200)
  --json            figures and checks as JSON on stdout, for programs
  --help            this text
`;

export function drillOptions(args: readonly string[]): DrillOptions | 'help' {
  const { values, positionals } = parsed(args);
  if (values.help) return 'help';
  if (positionals.length > 1 || (positionals[0] ?? 'restore') !== 'restore') throw new BadOption(`${positionals.join(' ')} is no drill: there is restore`);
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new BadOption('--seed must be a whole number from 0');
  return { seed, lots: numberOf('--lots', values.lots, 1, MOST_LOTS, true), json: values.json };
}

const parsed = (args: readonly string[]) => optionsOf({
  args: [...args], strict: true, allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' }, lots: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
  },
});
