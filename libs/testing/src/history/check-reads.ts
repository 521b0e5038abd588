import type { Evidence } from './evidence.js';
import type { ReadOperation, Violation } from './history.js';

/** Pages that were read while others wrote: without a gap, never behind what was acknowledged, and the same event at a seq for ever. */
export const checkReads = (evidence: Evidence): Violation[] => {
  const lastCrash = Math.max(-Infinity, ...evidence.history.crashes);
  const newest = newestKnown(evidence);
  return evidence.reads.flatMap((read) => [...dense(read), ...stable(evidence, read, lastCrash), ...current(read, newest)]);
};

function dense({ id, after, events }: ReadOperation): Violation[] {
  const index = events.findIndex(({ seq }, place) => seq !== after + place + 1);
  return index < 0 ? [] : [{ kind: 'read-gap', what: `a page after seq ${after} has seq ${events[index]?.seq} where ${after + index + 1} belongs`, operations: [id] }];
}

function stable({ bySeq }: Evidence, { id, events, begunAt }: ReadOperation, lastCrash: number): Violation[] {
  if (begunAt < lastCrash) { // what was not on disk yet may be gone, or written again by its command, with another time
    events = events.filter((event) => bySeq.get(event.seq)?.id === event.id && bySeq.get(event.seq)?.digest === event.digest);
  }
  return events.flatMap((event): Violation[] => {
    const stored = bySeq.get(event.seq);
    if (stored?.id !== event.id) return [{ kind: 'seq-changed', what: `seq ${event.seq} was read as event ${event.id} and is ${stored?.id ?? 'nothing'} at the end`, operations: [id] }];
    if (stored.digest === event.digest && stored.stream === event.stream && stored.version === event.version) return [];
    return [{ kind: 'bytes-changed', what: `event ${event.id} at seq ${event.seq} was read with other content than it has at the end`, operations: [id] }];
  });
}

/** Events by the moment from which everybody had to see them, each with the highest seq so far. */
function newestKnown({ stored }: Evidence): readonly { readonly at: number; readonly seq: number }[] {
  let highest = 0;
  return stored.toSorted((a, b) => a.knownAt - b.knownAt).map(({ seq, knownAt }) => ({ at: knownAt, seq: (highest = Math.max(highest, seq)) }));
}

function current({ id, after, limit, events, begunAt }: ReadOperation, newest: ReturnType<typeof newestKnown>): Violation[] {
  const had = events.at(-1)?.seq ?? after;
  const known = newest.findLast(({ at }) => at < begunAt)?.seq ?? 0;
  return events.length >= limit || known <= had ? [] : [{ kind: 'read-behind', what: `a page ended at seq ${had}, and seq ${known} was known before it was asked for`, operations: [id] }];
}
