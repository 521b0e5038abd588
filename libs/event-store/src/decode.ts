import type { EventMeta, RecordedEvent } from '@touchstone/kernel';
import type { SubjectKeys } from './personal.js';
import { decryptFields, mayHoldCiphertext } from './personal.js';
import type { StoredEvent } from './store.js';
import type { Upcasting } from './upcast.js';

/** The event as deciders and projections see it: parsed, with what is personal and ours in plain text, in its newest version. */
export async function decode({ seq, id, stream, version, type, body, meta }: StoredEvent, keys: Pick<SubjectKeys, 'find'>, upcasting: Upcasting): Promise<RecordedEvent> {
  const parsed: unknown = JSON.parse(body);
  const data = mayHoldCiphertext(body) ? await decryptFields(parsed, keys) : parsed;
  return { seq, id, stream, version, ...upcasting.upcast(type, data), meta: JSON.parse(meta) as EventMeta };
}

export const decodeAll = (events: readonly StoredEvent[], keys: Pick<SubjectKeys, 'find'>, upcasting: Upcasting): Promise<RecordedEvent[]> =>
  Promise.all(events.map((event) => decode(event, keys, upcasting)));
