import { describe, expect, it } from '@jest/globals';
import { canReadCpuTime, cpuTimeMs, cpuTimeWithChildrenMs, parseStat } from './cpu-time.js';

describe('processor time from /proc', () => {
  it('is user and system time of the process in hundredths of a second, that of ended children apart', () => {
    const line = '4711 (postgres) S 42 4711 4711 0 -1 4194560 100 200 0 0 150 50 7 3 20 0 1 0 12345 1000 10';
    expect(parseStat(line)).toEqual({ pid: 4711, parent: 42, ownMs: 2_000, endedChildrenMs: 100 });
  });

  it('is found behind the name of a program, whatever the name holds', () => {
    expect(parseStat('9 (a) S 1 (b c) R 42 9 9 0 -1 0 0 0 0 0 1 2 3 4 20 0 1 0 5 6 7')).toEqual({ pid: 9, parent: 42, ownMs: 30, endedChildrenMs: 70 });
  });

  it('is refused when the line is another', () => {
    expect(() => parseStat('cpu 1 2 3')).toThrow('not a line of /proc/<pid>/stat');
  });

  it('of this process grows while it works, and belongs to its parent with the parent’s own', () => {
    if (!canReadCpuTime()) return;
    const [before, beforeWithParent] = [cpuTimeMs(process.pid), cpuTimeWithChildrenMs(process.ppid)];
    for (const until = performance.now() + 60; performance.now() < until;) Math.sqrt(until);
    expect(cpuTimeMs(process.pid)).toBeGreaterThan(before);
    expect(cpuTimeWithChildrenMs(process.ppid)).toBeGreaterThan(beforeWithParent);
  });
});
