import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second, whatever its kernel's own tick is. */
const TICK_MS = 10;

export const canReadCpuTime = (): boolean => existsSync('/proc/self/stat');

export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  /** Of the process itself, user and system. */
  readonly ownMs: number;
  /** Of its children that have ended. */
  readonly endedChildrenMs: number;
}

/** From a line of `/proc/<pid>/stat`. The name of the program may hold blanks and brackets, so fields count from its last bracket. */
export function parseStat(line: string): ProcessTimes {
  const after = line.slice(line.lastIndexOf(')') + 2).split(' ').map(Number);
  const [parent = NaN, user = NaN, system = NaN, endedUser = NaN, endedSystem = NaN] = [after[1], ...after.slice(11, 15)];
  const times = { pid: Number.parseInt(line, 10), parent, ownMs: (user + system) * TICK_MS, endedChildrenMs: (endedUser + endedSystem) * TICK_MS };
  if (Object.values(times).some(Number.isNaN)) throw new Error(`not a line of /proc/<pid>/stat: ${line}`);
  return times;
}

/** What the process has used so far. */
export const cpuTimeMs = (pid: number): number => parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).ownMs;

/** What the process and all its children have used so far, those that have ended included: a server with its backends. */
export function cpuTimeWithChildrenMs(pid: number): number {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      return [parseStat(readFileSync(`/proc/${name}/stat`, 'utf8'))];
    } catch {
      return []; // it has ended since its name was read
    }
  });
  return all.reduce((sum, { pid: each, parent, ownMs, endedChildrenMs }) => sum + (each === pid ? ownMs + endedChildrenMs : parent === pid ? ownMs : 0), 0);
}
