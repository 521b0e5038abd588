import { loadavg } from 'node:os';
import type { BenchServer } from '../database.js';
import { asOwner, startBenchServer } from '../database.js';
import type { Cell, Configuration, Disk, Run } from './cells.js';
import { cellOf, configurations, nameOf, together } from './cells.js';
import { APPEND_UNDER_LOCK, contenders, PLAIN_TABLE } from './contenders.js';
import type { Point } from './curve.js';
import { measureCurve } from './curve.js';
import type { Machine } from '../machine.js';
import { machine } from '../machine.js';
import type { ContenderName } from './messages.js';
import type { TableOptions } from './options.js';
import type { NoSlowDisk, SlowDisk } from './slow-disk.js';
import { slowDisk } from './slow-disk.js';
import type { Verdict } from './verdicts.js';
import { verdictsOf } from './verdicts.js';
import type { WriterProcesses } from './writer-processes.js';
import { startWriterProcesses } from './writer-processes.js';

/** All that a reader needs to judge the numbers, and the numbers. */
export interface TableReport {
  readonly date: string;
  readonly machine: Machine;
  /** Load average over one minute before and after. */
  readonly load: { readonly before: number; readonly after: number };
  readonly node: string;
  readonly postgres: { readonly version: string; readonly fsync: string; readonly synchronousCommit: string };
  readonly options: Pick<TableOptions, 'rounds' | 'durationMs' | 'lengths' | 'parts'>;
  readonly cells: readonly Cell[];
  readonly curve: readonly Point[];
  readonly verdicts: readonly Verdict[];
  /** What was not run, and why. */
  readonly notes: readonly string[];
}

type Tell = (what: string) => void;

const PROCESSES = 4;
const SLOWED_BY_US = 3_000;
const WARM_UP_MS = 250;

/** Throws when it could not run; whatever was measured is a result. `disk` is handed in by tests. */
export async function runTable(options: TableOptions, tell: Tell, disk: SlowDisk | NoSlowDisk = slowDisk()): Promise<TableReport> {
  const [before = 0] = loadavg();
  const slow = 'why' in disk ? undefined : disk;
  const server = await startBenchServer(slow?.environment);
  const writers = await startWriterProcesses(PROCESSES);
  const clear = async () => {
    await writers.end();
    slow?.setDelayUs(0);
    await server.remove();
    slow?.remove();
  };
  const interrupted = () => void clear().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  try {
    const works = slow !== undefined && slow.calls() > 0;
    const notes = works ? [] : [`The slowed disk: not run: ${'why' in disk ? disk.why : 'the server did not load the library'}.`];
    const cells = options.parts.includes('table') ? await measureTable(server, writers, options, works ? slow : undefined, tell) : [];
    const curve = options.parts.includes('curve') ? await measureCurve(server, writers, options, tell) : { points: [], notes: [] };
    const [after = 0] = loadavg();
    const { rounds, durationMs, lengths, parts } = options;
    return {
      date: new Date().toISOString(), machine: machine(), load: { before, after }, node: process.version, postgres: await server.settings(),
      options: { rounds, durationMs, lengths, parts }, cells, curve: curve.points, verdicts: verdictsOf(cells, curve.points), notes: [...notes, ...curve.notes],
    };
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, interrupted);
    await clear();
  }
}

/** Each contender has a database of its own: none pays for the length of another's tables. */
async function measureTable(server: BenchServer, writers: WriterProcesses, { rounds, durationMs }: TableOptions, slow: SlowDisk | undefined, tell: Tell): Promise<Cell[]> {
  const names = Object.keys(contenders) as ContenderName[];
  const urls = new Map<ContenderName, string>();
  for (const name of names) {
    const { url, ownerUrl } = await server.database(name.replaceAll(' ', '_'));
    await asOwner(ownerUrl, PLAIN_TABLE);
    await asOwner(ownerUrl, APPEND_UNDER_LOCK);
    urls.set(name, url);
  }
  const { ownerUrl } = await server.database('checkpoints');
  const run = async ({ processes, writers: count }: Configuration, contender: ContenderName, forMs: number): Promise<Run> =>
    together(await writers.write({ contender, url: urls.get(contender) ?? '', writers: count }, processes, forMs));
  const cells: Cell[] = [];
  for (const disk of ['as it is', ...(slow ? ['slowed by 3 ms'] : [])] as Disk[]) {
    for (const configuration of configurations(disk)) {
      tell(`table: ${nameOf(configuration)}`);
      slow?.setDelayUs(0);
      await asOwner(ownerUrl, 'checkpoint'); // none of the server's own begins within a cell
      slow?.setDelayUs(disk === 'as it is' ? 0 : SLOWED_BY_US);
      const runs = new Map(names.map((name) => [name, [] as Run[]]));
      for (const name of names) await run(configuration, name, Math.min(WARM_UP_MS, durationMs));
      for (let round = 0; round < rounds; round += 1) {
        for (const name of names) runs.get(name)?.push(await run(configuration, name, durationMs));
      }
      cells.push(cellOf(configuration, runs));
    }
  }
  slow?.setDelayUs(0);
  return cells;
}
