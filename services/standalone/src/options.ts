import type { ParseArgsOptionsConfig } from 'node:util';
import { parseArgs } from 'node:util';
import type { Instant } from '@touchstone/kernel';
import { instant } from '@touchstone/kernel';

export class BadOption extends Error {
  readonly code = 'BAD_OPTION';
}

export interface StartOptions {
  readonly data: string;
  readonly port: number;
  readonly simulatedClock?: Instant;
  readonly logLevel: string;
}

export const startHelp = `Usage: npm start -- [options]

Runs the whole platform in this process: five services, a PostgreSQL of its own, events in process. Bound to loopback.

  --data <folder>             where everything is kept (default: touchstone-data)
  --port <number>             of the API (default: 7400; 0: any free one)
  --simulated-clock <when>    for simulated data: the clock stands at this instant, e.g. 2026-07-01T00:00:00Z
  --log <level>               trace, debug, info, warn or error (default: info)
  --help                      this text

A token for yourself:  npx touchstone token --data <folder> --sub <you> --roles quality-manager
Roles:                 inspector, quality-engineer, quality-manager, process-owner, logistics, customer-care, analyst,
                       auditor, importer, integration, operator
`;

export function startOptions(args: readonly string[]): StartOptions | 'help' {
  const { values } = parsed(args, {
    data: { type: 'string', default: 'touchstone-data' }, port: { type: 'string', default: '7400' }, 'simulated-clock': { type: 'string' },
    log: { type: 'string', default: 'info' }, help: { type: 'boolean', default: false },
  });
  if (values['help'] === true) return 'help';
  const at = values['simulated-clock'];
  const simulatedClock = typeof at === 'string' ? instant(at) : undefined;
  if (at !== undefined && simulatedClock === undefined) throw new BadOption('--simulated-clock must be an instant with its zone, e.g. 2026-07-01T00:00:00Z');
  return { data: String(values['data']), port: portOf(String(values['port'])), logLevel: levelOf(String(values['log'])), ...(simulatedClock !== undefined && { simulatedClock }) };
}

export interface ClusterOptions extends Omit<StartOptions, 'simulatedClock'> {
  /** Runs the demonstration over it, instead of an empty one. */
  readonly demo?: DemoOptions;
}

export const clusterHelp = `Usage: npm run cluster -- [options]

Runs the five services as processes of their own over Kafka, on a PostgreSQL of its own, behind one address. Bound to loopback.
Kafka is that of TOUCHSTONE_KAFKA_BROKERS (with TOUCHSTONE_KAFKA_TLS, _CA_FILE, _USERNAME, _PASSWORD, _PREFIX); without it one is
started here, which needs Java 17 or newer. A service that ends is started again.

  --data <folder>    where everything is kept (default: touchstone-cluster)
  --port <number>    of the API (default: 7400; 0: any free one)
  --log <level>      trace, debug, info, warn or error (default: info; with --demo: warn)
  --demo             the demonstration of npm run demo, over these processes; with its options --seed, --serve and --json, and
                     the folder touchstone-cluster-demo, made anew
  --help             this text

A token for yourself:  npx touchstone token --data <folder> --sub <you> --roles quality-manager
`;

export function clusterOptions(args: readonly string[]): ClusterOptions | 'help' {
  const demo = args.includes('--demo');
  const { values } = parsed(args, {
    data: { type: 'string', default: demo ? 'touchstone-cluster-demo' : 'touchstone-cluster' }, port: { type: 'string', default: '7400' }, log: { type: 'string', default: demo ? 'warn' : 'info' },
    help: { type: 'boolean', default: false }, ...(demo && { demo: { type: 'boolean' }, ...OF_A_DEMO }),
  });
  if (values['help'] === true) return 'help';
  const kept = { data: String(values['data']), port: portOf(String(values['port'])), logLevel: levelOf(String(values['log'])) };
  return demo ? { ...kept, demo: demoOf(values) } : kept;
}

export interface DemoOptions {
  readonly data: string;
  readonly port: number;
  readonly json: boolean;
  readonly serve: boolean;
  readonly seed: number;
}

export const demoHelp = `Usage: npm run demo -- [options]

Imports the real data sets, runs three months of a simulated company over the HTTP API, and tells what happened.

  --data <folder>    made anew (default: touchstone-demo); only a folder that a demo made before is replaced
  --port <number>    of the API (default: 7400; 0: any free one)
  --seed <number>    another company (default: 7); the same seed gives the same read models
  --serve            keep the API running afterwards, until Ctrl-C
  --json             the findings as JSON on stdout, for programs
  --help             this text
`;

export function demoOptions(args: readonly string[]): DemoOptions | 'help' {
  const { values } = parsed(args, {
    data: { type: 'string', default: 'touchstone-demo' }, port: { type: 'string', default: '7400' }, help: { type: 'boolean', default: false }, ...OF_A_DEMO,
  });
  return values['help'] === true ? 'help' : demoOf(values);
}

const OF_A_DEMO = { seed: { type: 'string', default: '7' }, serve: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } satisfies ParseArgsOptionsConfig;

function demoOf(values: Readonly<Record<string, unknown>>): DemoOptions {
  const seed = Number(values['seed']);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new BadOption('--seed must be a whole number from 0');
  return { data: String(values['data']), port: portOf(String(values['port'])), seed, serve: values['serve'] === true, json: values['json'] === true };
}

function parsed(args: readonly string[], options: ParseArgsOptionsConfig): { values: Readonly<Record<string, unknown>> } {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
  } catch (error) {
    throw new BadOption(`${error instanceof Error ? error.message.split('. To specify')[0] : String(error)}; try --help`);
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new BadOption('--port must be a port number, 0 to 65535');
  return port;
}

function levelOf(text: string): string {
  if (!['trace', 'debug', 'info', 'warn', 'error'].includes(text)) throw new BadOption('--log must be trace, debug, info, warn or error');
  return text;
}
