import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from './store/cluster.js';
import { clearUpAfter } from './surroundings.js';
import { WorkerPool } from './worker-process.js';

/** What every suite of faults says of one. */
export interface FaultOutcome {
  readonly fault: string;
  readonly points: number;
  readonly violations: readonly string[];
  readonly planted?: { readonly bug: string; readonly found: readonly string[] };
  readonly notRun?: string;
  readonly durationMs: number;
}

/** Databases and workers in a folder of their own, which goes with them, also when this process is killed. */
export async function onOwnCluster<Order, Report extends { readonly report: string }, T>(
  { name, worker }: { readonly name: string; readonly worker: string }, job: (own: { readonly folder: string; readonly cluster: Cluster; readonly workers: WorkerPool<Order, Report> }) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  chmodSync(folder, 0o755); // as root the server runs as another user, below it
  const guard = clearUpAfter(folder);
  const cluster = await Cluster.start(folder);
  const workers = new WorkerPool<Order, Report>(worker, folder, 2);
  try {
    return await job({ folder, cluster, workers });
  } finally {
    await workers.close();
    await cluster.stop();
    guard();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A fault that did not come to its end is no success of it. */
export const brokenOff = <O extends FaultOutcome>(outcome: O, error: unknown): O =>
  ({ ...outcome, violations: [`${outcome.fault}: broken-off: ${error instanceof Error ? error.stack ?? error.message : String(error)}`] });

export function asLine({ fault, points, violations, planted, notRun, durationMs }: FaultOutcome): string {
  if (notRun !== undefined) return `${fault}: not run: ${notRun}`;
  if (planted) return `${fault} ${planted.bug}: ${planted.found.length > 0 ? 'found' : 'NOT FOUND'}`;
  return `${fault}: ${points} points in ${Math.round(durationMs / 1_000)} s, ${violations.length === 0 ? 'nothing found' : `${violations.length} VIOLATIONS`}`;
}

/** The path. */
export function keepEvidence(name: string, evidence: object): string {
  const path = join(tmpdir(), `touchstone-${name}.json`);
  writeFileSync(path, JSON.stringify(evidence, (_, value: unknown) => (value instanceof Set ? [...(value as Set<unknown>)] : value)));
  return path;
}
