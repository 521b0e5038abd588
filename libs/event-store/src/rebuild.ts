import type { ReadModelOptions } from './read-model.js';
import { ReadModel } from './read-model.js';

export interface RebuildReport {
  readonly name: string;
  /** Position in the log at which both were compared. */
  readonly seq: number;
  readonly liveHash: string;
  readonly rebuiltHash: string;
  readonly equal: boolean;
  readonly durationMs: number;
}

/**
 * Builds a read model from zero beside the live one and compares both at one position. The live one stands still only for the
 * comparison. Reactions and deadlines are not part of it, so no effect is repeated.
 */
export async function rebuild(live: ReadModel, options: ReadModelOptions): Promise<RebuildReport> {
  const began = performance.now();
  const fresh = new ReadModel(live.projection, options, `${live.schema}_rebuilt`);
  await options.pool.query('delete from checkpoint where name = $1', [fresh.schema]);
  await fresh.open();
  try {
    fresh.follower.pauseAt = live.follower.position;
    fresh.follower.start();
    await within(fresh, fresh.follower.pauseAt);
    await live.follower.stop();
    const seq = (fresh.follower.pauseAt = live.follower.position);
    await within(fresh, seq);
    const [liveHash, rebuiltHash] = [await live.hash(), await fresh.hash()];
    return { name: live.schema, seq, liveHash, rebuiltHash, equal: liveHash === rebuiltHash, durationMs: Math.round(performance.now() - began) };
  } finally {
    live.follower.start();
    await fresh.drop();
    await options.pool.query('delete from checkpoint where name = $1', [fresh.schema]);
  }
}

async function within(model: ReadModel, seq: number): Promise<void> {
  for (let waited = 0; waited < 600; waited += 1) {
    if (await model.follower.reached(seq, 1_000)) return;
    if (model.follower.failure) throw model.follower.failure;
  }
  throw new Error(`${model.schema} did not reach ${seq} in ten minutes`);
}
