import type { DomainEvent } from './decider.js';
import type { Instant } from './clock.js';
import type { Uuid } from './ids.js';

/** Who acts. `system:*` acts for the platform and never satisfies an approval. */
export interface Actor {
  readonly id: string;
  /** Personal: kept encrypted with the recorded command, never in an event's metadata. */
  readonly name?: string;
  readonly roles: readonly string[];
}

export const isSystem = (actor: Pick<Actor, 'id'>): boolean => actor.id.startsWith('system:');

/** How a record came in. `migrated` starts no reaction and arms no deadline, in any service. */
export type Provenance = 'migrated' | 'simulated';

/** What is kept with every event beside its body. Canonical JSON, hashed with it; holds no personal data. */
export interface EventMeta {
  readonly actor: string;
  readonly commandId: Uuid;
  /** The event (or command) that this follows from. */
  readonly causationId: Uuid;
  /** The first command of the chain. */
  readonly correlationId: Uuid;
  /** True from. */
  readonly occurredAt: Instant;
  /** Known from. */
  readonly recordedAt: Instant;
  readonly decider: string;
  readonly reason?: string;
  readonly provenance?: readonly Provenance[];
}

/** Where an event stands in the log that was read. Foreign events are in streams named `<service>/<stream>`. */
export interface Recorded {
  readonly seq: number;
  readonly id: Uuid;
  readonly stream: string;
  readonly version: number;
  readonly meta: EventMeta;
  /** The type it is stored under, when that is an older version of `type` and was upcast. */
  readonly recordedAs?: string;
}

/** An event with its place; over a union of events, the union of these, so that `type` tells `data`. */
export type RecordedEvent<E extends DomainEvent = DomainEvent> = E extends unknown ? Recorded & DomainEvent<E['type'], E['data']> : never;

export const isMigrated = (event: { meta: EventMeta }): boolean => event.meta.provenance?.includes('migrated') ?? false;

/** `lot` of `lot-4711` and of `control/lot-4711`. */
export const categoryOf = (stream: string): string => stream.slice(stream.indexOf('/') + 1).split('-', 1)[0] ?? stream;

/** `control` of `control/lot-4711`; undefined for a stream of one's own. */
export const originOf = (stream: string): string | undefined => (stream.includes('/') ? stream.slice(0, stream.indexOf('/')) : undefined);

/** `4711` of `lot-4711` and of `control/lot-4711`. */
export const entityOf = (stream: string): string => {
  const local = stream.slice(stream.indexOf('/') + 1);
  return local.slice(local.indexOf('-') + 1);
};
