import type { Static, TObject, TSchema } from '@sinclair/typebox';
import { Type } from '@sinclair/typebox';
import type { DomainEvent, Upcaster } from '@touchstone/kernel';
import { upcaster } from '@touchstone/kernel';

/** A released public event: its name, what it means, the shape of its body, and bodies that must stay readable for ever. */
export interface PublicEvent<T extends string = string, D extends TSchema = TObject> {
  readonly type: T;
  /** Category of the streams it is appended to. */
  readonly stream: string;
  readonly meaning: string;
  readonly data: D;
  /** Golden samples: consumers are tested on them. Never edited once released; more may come. */
  readonly samples: readonly Static<D>[];
  readonly deprecated?: Deprecation;
  /** Declared before there is somebody to write it: consumers can prepare. Taken away with its first producer. */
  readonly planned?: true;
}

/** Notice that a version goes: until that day it is published beside its successor. Days as ISO 8601 dates, UTC. */
export interface Deprecation {
  readonly since: string;
  /** The last day on which the version is published; {@link NOTICE_DAYS} after `since` at the earliest. */
  readonly until: string;
  /** Type of the version that takes its place. */
  readonly successor: string;
}

/** How long a deprecated version is published beside its successor, at least. */
export const NOTICE_DAYS = 180;

/** The event as producers and consumers type it. */
export type EventOf<E> = E extends PublicEvent<infer T, infer D> ? DomainEvent<T, Static<D>> : never;

export const publicEvent = <T extends string, D extends TObject>(type: T, rest: Omit<PublicEvent<T, D>, 'type'>): PublicEvent<T, D> => ({ type, ...rest });

/** Makes the event, typed; the body is the given object. A version that has a successor loses its maker: nobody writes it any more. */
export const eventMaker = <T extends string, D extends TObject>({ type }: PublicEvent<T, D>) =>
  Object.assign((data: Static<D>): DomainEvent<T, Static<D>> => ({ type, data }), { type });

/** Reads bodies of an older version as the next one; stands in the file of the newer. See `Upcaster` for what it may not do. */
export const publicUpcaster = <A extends string, B extends string, F extends TObject, T extends TObject>(
  from: PublicEvent<A, F>, to: PublicEvent<B, T>, upcast: (data: Static<F>) => Static<T>,
): Upcaster<DomainEvent<A, Static<F>>, DomainEvent<B, Static<T>>> => upcaster<DomainEvent<A, Static<F>>, DomainEvent<B, Static<T>>>(from.type, to.type, upcast);

/** From a version of a public event to the one before it. */
export interface Downcaster {
  readonly from: string;
  readonly to: string;
  readonly downcast: (data: unknown) => unknown;
}

/**
 * Writes a body as the older version said it, for consumers who still read that: the relay publishes both until the notice of the
 * older one is over. The log holds the newer one only. Pure; personal fields pass through as they are, encrypted.
 */
export const publicDowncaster = <A extends string, B extends string, F extends TObject, T extends TObject>(
  from: PublicEvent<A, F>, to: PublicEvent<B, T>, downcast: (data: Static<F>) => Static<T>,
): Downcaster => ({ from: from.type, to: to.type, downcast: downcast as (data: unknown) => unknown });

/** An object without fields beyond those named. */
export const Body = <P extends Record<string, TSchema>>(properties: P) => Type.Object(properties, { additionalProperties: false });

export const UuidText = (description: string) => Type.String({ format: 'uuid', description });
/** Quantities, limits and money: exact, never a JSON number. The unit is named, or the field that names it (`as currency says`). */
export const DecimalText = (description: string, unit: string) => Type.String({ pattern: '^-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,12})?$', description, unit });
export const InstantText = (description: string) => Type.String({ format: 'date-time', description });
export const Text = (description: string, maxLength = 500) => Type.String({ maxLength, description });
export const Code = (description: string) => Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}$', description });
/** `unit` says what is counted; `ordinal` is a number in a sequence. */
export const Count = (description: string, unit: string) => Type.Integer({ minimum: 0, description, unit });
export const OneOf = <const V extends readonly string[]>(values: V, description: string) =>
  Type.Unsafe<V[number]>({ type: 'string', enum: [...values], description });

/**
 * A text about a person. In the log and on Kafka it stands encrypted for the subject named by the field at `subject`; its
 * producer reads it in plain, everybody else sees a marker in its place. Nothing may be decided on it by others.
 */
export const PersonalText = (subject: string, description: string, maxLength = 500) =>
  Type.Unsafe<string>({
    description, personal: { subject },
    anyOf: [
      { type: 'string', maxLength },
      {
        type: 'object', additionalProperties: false, required: ['cipher', 'kid', 'subject', 'nonce', 'text'],
        properties: { cipher: { const: 'A256GCM' }, kid: { type: 'string' }, subject: { type: 'string' }, nonce: { type: 'string' }, text: { type: 'string' } },
      },
    ],
  });
