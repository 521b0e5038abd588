import type { EventMeta, RecordedEvent } from '@touchstone/kernel';
import type { SubjectKeys } from './personal.js';
import { decryptFields, mayHoldCiphertext } from './personal.js';
import type { StoredEvent } from './store.js';
import type { Upcasting } from './upcast.js';

/** The event as deciders and projections see it: parsed, with what is personal and ours in plain text, in its newest version. */
export async function decode(stored: StoredEvent, keys: Pick<SubjectKeys, 'find'>, upcasting: Upcasting): Promise<RecordedEvent> {
  const data: unknown = JSON.parse(stored.body);
  return understood(stored, mayHoldCiphertext(stored.body) ? await decryptFields(data, keys) : data, upcasting);
}

/** In the order given. Only what holds ciphertext is waited for: most events do not, and a promise for each would cost more than its parsing. */
export async function decodeAll(events: readonly StoredEvent[], keys: Pick<SubjectKeys, 'find'>, upcasting: Upcasting): Promise<RecordedEvent[]> {
  const decoded: RecordedEvent[] = Array.from({ length: events.length });
  const sealed: Promise<void>[] = [];
  events.forEach((stored, index) => {
    if (mayHoldCiphertext(stored.body)) sealed.push(decode(stored, keys, upcasting).then((event) => { decoded[index] = event; }));
    else decoded[index] = understood(stored, JSON.parse(stored.body), upcasting);
  });
  if (sealed.length > 0) await Promise.all(sealed);
  return decoded;
}

const understood = ({ seq, id, stream, version, type, meta }: StoredEvent, data: unknown, upcasting: Upcasting): RecordedEvent => {
  const meaning = upcasting.upcast(type, data);
  return { seq, id, stream, version, ...meaning, meta: JSON.parse(meta) as EventMeta };
};
