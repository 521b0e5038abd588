import type { Sample } from '../measure.js';
import { keepBusy } from '../measure.js';
import { newStreams } from '../sample-event.js';

/** A library at work on its own schema, with so many connections. */
export interface OpenPeer {
  /** Appends one event to a stream that stands at `version`. */
  append(stream: string, version: number): Promise<unknown>;
  /** A command by the library's own handler: read, fold, decide, append. */
  handle(stream: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface Peer {
  readonly name: string;
  /** Makes its schema, once, as it ships it. */
  prepare(ownerUrl: string): Promise<void>;
  open(ownerUrl: string, connections: number): Promise<OpenPeer>;
}

const POOLS = [10, 20, 64];
const TRIAL_MS = 300;

/** The pool of which a peer does most with so many at once, of 10, 20 and 64 connections; the library's 10 for one alone. Said in the notes. */
export async function bestPool(peer: Peer, ownerUrl: string, workers: number, durationMs: number, told: { readonly of: string; readonly notes: string[] }): Promise<number> {
  if (workers <= 10) return 10;
  const tried: { readonly connections: number; readonly rate: number }[] = [];
  for (const connections of POOLS) {
    const { count, elapsedMs } = await appending(peer, ownerUrl, connections, workers, Math.min(durationMs, TRIAL_MS));
    tried.push({ connections, rate: count / elapsedMs });
  }
  const best = tried.reduce((most, each) => (each.rate > most.rate ? each : most)).connections;
  told.notes.push(`${told.of}: did most on a pool of ${best}, of ${POOLS.join(', ')} tried`);
  return best;
}

/** Opens the peer, has every connection made, and appends for some time. Its connections are gone before the next contender runs. */
export const appending = (peer: Peer, ownerUrl: string, connections: number, workers: number, durationMs: number): Promise<Sample> =>
  opened(peer, ownerUrl, connections, async (open) => {
    const streams = newStreams(workers);
    return keepBusy(workers, durationMs, async (worker) => {
      const stream = streams[worker] ?? { name: '', version: 0 };
      await open.append(stream.name, stream.version);
      stream.version += 1;
      return 1;
    });
  });

export async function opened<T>(peer: Peer, ownerUrl: string, connections: number, job: (open: OpenPeer) => Promise<T>): Promise<T> {
  const open = await peer.open(ownerUrl, connections);
  try {
    await Promise.all(newStreams(connections * 2).map(({ name }) => open.append(name, 0)));
    return await job(open);
  } finally {
    await open.close();
  }
}
