import type { DomainEvent, Upcaster } from '@touchstone/kernel';
import type { Deadline } from './deadline.js';
import type { PersonalField } from './personal.js';
import type { Projection } from './projection.js';
import type { Reaction } from './reaction.js';
import type { AnySlice } from './slice.js';
import { checkVersions, EventVersionsBroken, Upcasting } from './upcast.js';

/** The public events: the catalogue of contracts. */
export interface PublicEvents {
  readonly events: readonly { readonly type: string }[];
  readonly upcasters: readonly Upcaster[];
  isPublic(type: string): boolean;
  /** False for an older version that is read, but that nobody makes any more. */
  isWritten(type: string): boolean;
  personalFields(type: string): readonly PersonalField[];
  check(event: DomainEvent): void;
}

export interface EventUsers {
  readonly contracts: PublicEvents;
  readonly slices: readonly AnySlice[];
  readonly projections: readonly Projection[];
  readonly reactions: readonly Reaction[];
  readonly deadlines: readonly Deadline[];
}

/** The upcasting of a service, from what its slices and the contracts declare. Throws EventVersionsBroken when that does not fit together. */
export function upcastingOf({ contracts, slices, projections, reactions, deadlines }: EventUsers): Upcasting {
  const own = slices.flatMap(({ upcasters = [] }) => upcasters);
  const misplaced = own.filter(({ from, to }) => contracts.isPublic(from) || contracts.isPublic(to)).map(({ from }) => `${from}: the upcaster of a public event stands beside its contract`);
  if (misplaced.length > 0) throw new EventVersionsBroken(misplaced);
  const upcasting = new Upcasting([...contracts.upcasters, ...own]);
  const priv = slices.flatMap(({ privateEvents = [] }) => privateEvents);
  const named = [
    ...projections.map(({ name, on }) => ({ by: `the read model ${name}`, on })),
    ...reactions.map(({ name, on }) => ({ by: `the reaction ${name}`, on })),
    ...deadlines.map(({ name, set, lift = {} }) => ({ by: `the deadline ${name}`, on: [...Object.keys(set), ...Object.keys(lift)] })),
  ];
  checkVersions(upcasting, {
    known: [...contracts.events.map(({ type }) => type), ...priv],
    written: [...contracts.events.map(({ type }) => type).filter((type) => contracts.isWritten(type)), ...priv],
    wanted: named.flatMap(({ by, on }) => on.map((type) => ({ type, by }))),
  });
  return upcasting;
}
