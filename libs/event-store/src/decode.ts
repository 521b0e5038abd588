import type { EventMeta, RecordedEvent } from '@touchstone/kernel';
import type { SubjectKeys } from './personal.js';
import { decryptFields, mayHoldCiphertext } from './personal.js';
import type { StoredEvent } from './store.js';
import type { Upcasting } from './upcast.js';

type Meaning = ReturnType<Upcasting['upcast']>;

/** The event as projections and reactions see it: parsed, with what is personal and ours in plain text, in its newest version. */
export async function decode(stored: StoredEvent, keys: Pick<SubjectKeys, 'find'>, upcasting: Upcasting): Promise<RecordedEvent> {
  const data: unknown = JSON.parse(stored.body);
  return recorded(stored, upcasting.upcast(stored.type, mayHoldCiphertext(stored.body) ? await decryptFields(data, keys) : data));
}

/** In the order given. */
export async function decodeAll(events: readonly StoredEvent[], keys: Pick<SubjectKeys, 'find'>, upcasting: Upcasting): Promise<RecordedEvent[]> {
  const { meanings } = await meaningsOf(events, keys, upcasting);
  return events.flatMap((stored, index) => (meanings[index] ? [recorded(stored, meanings[index])] : []));
}

/**
 * What the events say, in the order given, without what the log notes beside it: all that a decider folds. `plain` when none holds
 * ciphertext. Only what does is waited for: most events do not, and a promise for each would cost more than its parsing.
 */
export async function meaningsOf(events: readonly Pick<StoredEvent, 'type' | 'body'>[], keys: Pick<SubjectKeys, 'find'>, upcasting: Upcasting): Promise<{ meanings: readonly Meaning[]; plain: boolean }> {
  const sealed: Promise<void>[] = [];
  const meanings = events.map(({ type, body }, index): Meaning => {
    const data: unknown = JSON.parse(body);
    if (!mayHoldCiphertext(body)) return upcasting.upcast(type, data);
    sealed.push(decryptFields(data, keys).then((open) => { meanings[index] = upcasting.upcast(type, open); }));
    return { type, data }; // until it is open
  });
  await Promise.all(sealed);
  return { meanings, plain: sealed.length === 0 };
}

const recorded = ({ seq, id, stream, version, meta }: StoredEvent, meaning: Meaning): RecordedEvent =>
  ({ seq, id, stream, version, ...meaning, meta: JSON.parse(meta) as EventMeta });
