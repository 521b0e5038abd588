import type { RebuildReport } from './generations.js';
import type { ReadModelOptions } from './read-model.js';
import { ReadModel } from './read-model.js';
import { isDatabaseLost } from './postgres/database-lost.js';

/** Builds a read model from zero beside the live one, compares both at one position, and drops it. Neither stands still for the other. */
export async function rebuild(live: ReadModel, { pool, url, feed }: ReadModelOptions): Promise<RebuildReport> {
  const fresh = new ReadModel(live.projection, { pool, url, feed }, `${live.schema}_rebuilt`);
  try {
    await fresh.drop();
    await fresh.open();
    return await compared(live, fresh);
  } finally {
    await fresh.drop();
  }
}

/** Brings `fresh` to a position of `live` and compares their hashes there. Reactions and deadlines are no part of it: no effect is repeated. */
export async function compared(live: ReadModel, fresh: ReadModel, signal?: AbortSignal): Promise<RebuildReport> {
  const began = performance.now();
  await reaches(live, await fresh.checkpoint(), signal); // it may go on where another process, further on, left it
  fresh.follower.pauseAt = live.follower.position;
  fresh.follower.start();
  await reaches(fresh, fresh.follower.pauseAt, signal);
  const { seq, hash: liveHash } = await live.state();
  fresh.follower.pauseAt = seq;
  await reaches(fresh, seq, signal);
  const rebuiltHash = await fresh.hash();
  return { name: live.schema, seq, liveHash, rebuiltHash, equal: liveHash === rebuiltHash, durationMs: Math.round(performance.now() - began) };
}

const LOOK_EVERY_MS = 250;
const PATIENCE = 12;

/** Resolves when the model stands at `seq`; rejects when the signal aborts, or when an error stays that is not the database's absence. */
export async function reaches(model: ReadModel, seq: number, signal?: AbortSignal): Promise<void> {
  const { follower } = model;
  for (let failing = 0; !(await follower.reached(seq, LOOK_EVERY_MS)); ) {
    signal?.throwIfAborted();
    failing = follower.failure && !isDatabaseLost(follower.failure) ? failing + 1 : 0;
    if (follower.failure && (failing > PATIENCE || follower.stopped)) throw follower.failure;
  }
}
