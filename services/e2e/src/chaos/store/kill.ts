import { readFileSync } from 'node:fs';
import type { KillPoint, Victim } from './messages.js';
import type { Moment, Step } from './steps.js';

/** The processes that a postmaster has started. Linux only. */
export function childrenOf(pid: number): number[] {
  const text = read(`/proc/${pid}/task/${pid}/children`).trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

/** Empty when the process has just ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const isClientBackend = (pid: number): boolean => /^postgres: \S+_app /.test(read(`/proc/${pid}/cmdline`));

export function signal(pid: number, name: NodeJS.Signals): void {
  if (pid <= 0) return; // nobody: zero and below would be whole groups
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has ended already
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** SIGKILL. Of a server all processes at once are stopped first, so that none flushes for the others. */
export function kill(victim: Victim, postmaster: number): void {
  if (victim === 'service') signal(process.pid, 'SIGKILL');
  else if (victim === 'postmaster') signal(postmaster, 'SIGKILL');
  else if (victim === 'backend') signal(childrenOf(postmaster).findLast(isClientBackend) ?? 0, 'SIGKILL');
  else {
    const all = [postmaster, ...childrenOf(postmaster)];
    for (const pid of all) signal(pid, 'SIGSTOP');
    for (const pid of all) signal(pid, 'SIGKILL');
  }
}

/** Counts the steps of this process, and says when a kill point has come. Blocks the process meanwhile: nothing else happens in it. */
export class Trap {
  private armed?: KillPoint;
  private left = 0;

  constructor(private readonly sprung: (point: KillPoint) => void) {}

  arm(point: KillPoint | undefined): void {
    this.armed = point;
    this.left = point?.nth ?? 0;
  }

  readonly onStep = (step: Step, moment: Moment): void => {
    const { armed } = this;
    if (armed?.step !== step || armed.moment !== moment) return;
    this.left -= 1;
    if (this.left > 0) return;
    this.armed = undefined;
    const until = process.hrtime.bigint() + BigInt(armed.delayMicroseconds) * 1_000n;
    while (process.hrtime.bigint() < until);
    this.sprung(armed);
  };
}
