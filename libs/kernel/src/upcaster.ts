import type { DomainEvent } from './decider.js';

/**
 * Reads an older version of an event as the next one: `control.LotMoved.v1` → `control.LotMoved.v2`. What is stored stays as it is.
 * Pure and total over every body that was ever stored under `from`; a personal text may be a marker instead of the text. It
 * invents nothing: what the older version did not say is left out, or is null where the newer one has a place for "unknown".
 */
export interface Upcaster<F extends DomainEvent = DomainEvent, T extends DomainEvent = DomainEvent> {
  readonly from: F['type'];
  readonly to: T['type'];
  upcast(data: F['data']): T['data'];
}

/** The upcaster, typed by its two events. */
export const upcaster = <F extends DomainEvent, T extends DomainEvent>(from: F['type'], to: T['type'], upcast: (data: F['data']) => T['data']): Upcaster<F, T> => ({ from, to, upcast });
