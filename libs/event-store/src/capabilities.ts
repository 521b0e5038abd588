import type { EventStore } from './store.js';

/**
 * What a log may promise beyond events of a stream in order, appended at the version that was read. A log of another kind has
 * fewer of them; who needs one says so where it opens the log, and is refused there instead of going wrong later.
 */
export const capabilities = {
  'dense-seq': '`seq` is 1, 2, 3 … in the order of commit: a reader that sees a gap has found damage',
  'command-records': 'a command is answered once, from its record when it comes again, and may be recorded without events',
  claims: 'a name is given to one command only, over all streams',
  guards: 'an append may rest on another stream that must stand where it was read',
  'ingest-by-id': 'foreign events are taken in once by their id, and the place in their topic is kept',
  'durable-flush': '`durable` tells when what was read will survive a crash; nothing is answered before',
} as const;

export type Capability = keyof typeof capabilities;

/** Something was given a log that cannot do what it needs. */
export class CapabilityMissing extends Error {
  readonly code = 'CAPABILITY_MISSING';
}

/** Throws {@link CapabilityMissing}, which names what is missing and who needs it. */
export function requireCapabilities(store: Pick<EventStore, 'logId' | 'capabilities'>, needed: readonly Capability[], by: string): void {
  const missing = needed.filter((each) => !store.capabilities.has(each));
  if (missing.length > 0) throw new CapabilityMissing(`${by} cannot work on ${store.logId}, which lacks ${missing.map((each) => `${each} (${capabilities[each]})`).join('; ')}`);
}

export const allCapabilities: ReadonlySet<Capability> = new Set(Object.keys(capabilities) as Capability[]);
