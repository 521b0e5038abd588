import { arch, availableParallelism, cpus, loadavg, totalmem, type } from 'node:os';
import { appendContests } from './append.js';
import type { BenchServer } from './database.js';
import { startBenchServer } from './database.js';
import { httpContests } from './http.js';
import type { Area, Contest, Row } from './measure.js';
import { compete } from './measure.js';
import type { BenchOptions } from './options.js';
import { replayContests } from './replay.js';

/** All that a reader needs to judge the numbers, and the numbers. */
export interface Report {
  readonly date: string;
  readonly machine: { readonly system: string; readonly processor: string; readonly cores: number; readonly memoryGiB: number };
  /** Load average over one minute before and after: above the number of cores, others were at work too. */
  readonly load: { readonly before: number; readonly after: number };
  readonly node: string;
  readonly postgres: { readonly version: string; readonly fsync: string; readonly synchronousCommit: string };
  readonly options: Pick<BenchOptions, 'rounds' | 'durationMs' | 'events' | 'areas'>;
  readonly rows: readonly Row[];
}

export type Tell = (what: string) => void;

/** Throws when it could not run; whatever was measured is a result. */
export async function runBenchmarks(options: BenchOptions, tell: Tell): Promise<Report> {
  const [before = 0] = loadavg();
  const server = await startBenchServer();
  const interrupted = () => void server.remove().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  try {
    const rows: Row[] = [];
    for (const area of options.areas) rows.push(...(await runArea(area, server, options, tell)));
    const [after = 0] = loadavg();
    const { rounds, durationMs, events, areas } = options;
    return {
      date: new Date().toISOString(), machine: machine(), load: { before, after }, node: process.version, postgres: await server.settings(),
      options: { rounds, durationMs, events, areas }, rows,
    };
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, interrupted);
    await server.remove();
  }
}

async function runArea(area: Area, server: BenchServer, { rounds, durationMs, events }: BenchOptions, tell: Tell): Promise<Row[]> {
  const open = { append: () => appendContests(server, durationMs), replay: () => replayContests(server, events), http: () => httpContests(server, durationMs) };
  const { contests, close } = await open[area]();
  try {
    const rows: Row[] = [];
    for (const contest of contests) rows.push(...(await told(contest, rounds, tell)));
    return rows;
  } finally {
    await close();
  }
}

async function told(contest: Contest, rounds: number, tell: Tell): Promise<Row[]> {
  tell(`${contest.area}: ${contest.what}`);
  return compete(contest, rounds);
}

const machine = (): Report['machine'] => ({
  system: `${type()} ${arch()}`, processor: cpus()[0]?.model.trim() ?? 'unknown', cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
});
