import { loadavg } from 'node:os';
import { appendArea } from './append.js';
import type { OpenArea } from './area.js';
import { batchesArea } from './batches.js';
import { commandsArea } from './commands.js';
import { cpuArea } from './cpu.js';
import type { BenchServer } from './database.js';
import { startBenchServer } from './database.js';
import { httpArea } from './http.js';
import { lagArea } from './lag.js';
import { loadArea } from './load.js';
import type { Machine } from './machine.js';
import { machine } from './machine.js';
import type { Area, Row } from './measure.js';
import { compete } from './measure.js';
import { memoryArea } from './memory.js';
import type { BenchOptions } from './options.js';
import { peerVersions } from './peers/versions.js';
import { replayArea } from './replay.js';
import type { Verdict } from './targets.js';
import { verdictsOf } from './targets.js';

/** All that a reader needs to judge the numbers, and the numbers. */
export interface Report {
  readonly date: string;
  readonly machine: Machine;
  /** Load average over one minute before and after: above the number of cores, others were at work too. */
  readonly load: { readonly before: number; readonly after: number };
  readonly node: string;
  readonly postgres: { readonly version: string; readonly fsync: string; readonly synchronousCommit: string };
  /** `Emmett 0.42.0`. */
  readonly peers: readonly string[];
  readonly options: Pick<BenchOptions, 'rounds' | 'durationMs' | 'events' | 'areas'>;
  readonly rows: readonly Row[];
  readonly verdicts: readonly Verdict[];
  /** What was left out and why, and which pools were best. */
  readonly notes: readonly string[];
}

export type Tell = (what: string) => void;

/** Throws when it could not run; whatever was measured is a result. */
export async function runBenchmarks(options: BenchOptions, tell: Tell): Promise<Report> {
  const [before = 0] = loadavg();
  const server = await startBenchServer();
  const interrupted = () => void server.remove().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  try {
    const measured: Measured = { rows: [], verdicts: [], notes: [] };
    for (const area of options.areas) await runArea(area, server, options, tell, measured);
    const [after = 0] = loadavg();
    const { rounds, durationMs, events, areas } = options;
    return {
      date: new Date().toISOString(), machine: machine(), load: { before, after }, node: process.version, postgres: await server.settings(), peers: peerVersions(),
      options: { rounds, durationMs, events, areas }, ...measured,
    };
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, interrupted);
    await server.remove();
  }
}

const opening: Readonly<Record<Area, OpenArea>> = {
  append: appendArea, batches: batchesArea, commands: commandsArea, load: loadArea, replay: replayArea, memory: memoryArea, lag: lagArea, cpu: cpuArea, http: httpArea,
};

interface Measured {
  readonly rows: Row[];
  readonly verdicts: Verdict[];
  readonly notes: string[];
}

async function runArea(area: Area, server: BenchServer, options: BenchOptions, tell: Tell, { rows, verdicts, notes }: Measured): Promise<void> {
  const opened = await opening[area](server, options);
  try {
    for (const contest of opened.contests) {
      tell(`${contest.area}: ${contest.what}`);
      const own = await compete(contest, options.rounds);
      rows.push(...own);
      verdicts.push(...verdictsOf(contest, own));
    }
  } finally {
    await opened.close();
  }
  notes.push(...(opened.notes ?? []));
}
