import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Cluster } from './cluster.js';
import type { Grounds, Outcome } from './grounds.js';
import { outcomeOf } from './grounds.js';
import { lasting } from './line-faults.js';

const DISK_MB = 160;
const ROOM_LEFT_BYTES = 400_000;

/** PostgreSQL's disk is full while everybody writes: single appends fail, or the server panics; then there is room again. */
export async function fillDisk(grounds: Grounds): Promise<Outcome> {
  const outcome = outcomeOf('disk-full', `the disk of PostgreSQL (a tmpfs of ${DISK_MB} MB) full under load, and room again`);
  const disk = join(grounds.folder, 'small-disk');
  mkdirSync(disk, { recursive: true });
  const mounted = process.getuid?.() === 0 && spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=755`, 'tmpfs', disk]).status === 0;
  if (!mounted) return { ...outcome, notRun: 'needs root, and leave to mount a tmpfs' };
  try {
    chmodSync(disk, 0o755);
    const cluster = await Cluster.start(disk);
    try {
      for (let time = 0; time < 2; time += 1) await fillOnce({ ...grounds, cluster }, outcome, disk, `disk-full-${time}`, time > 0);
    } finally {
      await cluster.stop();
    }
  } finally {
    spawnSync('umount', ['-l', disk]);
  }
  return outcome;
}

async function fillOnce(grounds: Grounds, outcome: Outcome, disk: string, name: string, panic: boolean): Promise<void> {
  const { cluster } = grounds;
  await lasting(grounds, outcome, { name }, async (trial) => {
    const ballast = join(disk, 'ballast');
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - ROOM_LEFT_BYTES), 1));
    await pause(grounds.durationMs);
    // The second time the log of PostgreSQL itself must have more room: it panics.
    if (panic) await cluster.asOwner(Array.from({ length: 8 }, () => `select pg_logical_emit_message(false, 'chaos', repeat('x', 1000)), pg_switch_wal()`)).catch(() => undefined);
    if (panic) await pause(500); // it tries to recover, has no room for that either, and gives up
    const ended = !cluster.alive;
    rmSync(ballast);
    if (ended) await cluster.startAgain(() => trial.crashed());
    trial.crashed();
    outcome.points += 1;
    outcome.reached[ended ? 'the server panicked' : 'appends failed'] = (outcome.reached[ended ? 'the server panicked' : 'appends failed'] ?? 0) + 1;
    grounds.progress('disk-full', 1);
  });
}
