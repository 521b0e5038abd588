import type { Command, Decider, DomainEvent, Fact, Facts, RecordedEvent, Refusal, Upcaster } from '@touchstone/kernel';
import type { EntityManager } from 'typeorm';
import type { PersonalField } from './personal.js';
import type { Projection } from './projection.js';

export type CommandClass<C extends Command = Command> = new () => C;

/** What `prepare` may ask. Each answer is a fact, recorded with the decision that used it. */
export interface Ports {
  /** The events of a stream in the service's own log: its own, or a foreign one (`<service>/<stream>`). */
  stream(stream: string): Promise<Fact<readonly RecordedEvent[]>>;
  /** Asks a read model of the service, once it has reached whatever caused the command. */
  ask<T>(projection: Projection, query: (manager: EntityManager) => Promise<T>): Promise<Fact<T>>;
  /** When the command takes effect in the world. */
  readonly at: string;
}

/** The body of the newest event of a stream that is meant, as a fact that names the event; null when there is none. */
export function newest<T>({ value, seq }: Fact<readonly RecordedEvent[]>, meant: (event: RecordedEvent) => boolean): Fact<T | null> {
  const event = value.findLast(meant);
  return { value: event ? (event.data as T) : null, refs: event ? [{ stream: event.stream, version: event.version }] : [], seq };
}

/** For {@link newest}: events of one type. */
export const ofType = (type: string) => (event: RecordedEvent): boolean => event.type === type;

/** Everything about one stream category: where its commands go and who decides them. */
export interface Slice<S = never, C extends Command = never, E extends DomainEvent = never, F = never> {
  readonly decider: Decider<S, C, E, F>;
  /** The command classes by their type, for HTTP, bulk import and Kafka alike. */
  readonly commands: { readonly [T in C['type']]: CommandClass<Extract<C, { type: T }>> };
  readonly stream: (command: C) => string;
  /** Looks up what `decide` needs beside its own state. The only asynchronous part; runs once an attempt. */
  readonly prepare?: (state: S, command: C, ports: Ports) => Promise<F>;
  /** Types that only this slice writes, in the version it writes; public ones stand in the contracts. Nothing else can be appended. */
  readonly privateEvents?: readonly E['type'][];
  /** From each older version of its private events to the next. */
  readonly upcasters?: readonly Upcaster[];
  /** Personal fields of the slice's private events, by type; those of public events stand in their contracts. */
  readonly personal?: Readonly<Record<string, readonly PersonalField[]>>;
  /** Names that must be unique over all streams. */
  readonly claims?: (event: E) => readonly string[];
  /** Commands that are never taken in bulk: each is given by itself, by whoever has the permission of its route. */
  readonly notInBulk?: readonly C['type'][];
}

/** A slice whose types no longer matter: what registries hold. */
export interface AnySlice {
  readonly decider: {
    readonly name: string;
    readonly version: number;
    initialState(): unknown;
    evolve(state: unknown, event: DomainEvent): unknown;
    decide(state: unknown, command: Command, facts: Facts, by: { actor: { id: string; roles: readonly string[] }; at: string }): readonly DomainEvent[] | Refusal;
  };
  readonly commands: Readonly<Record<string, CommandClass>>;
  readonly stream: (command: Command) => string;
  readonly prepare?: (state: unknown, command: Command, ports: Ports) => Promise<Facts>;
  readonly privateEvents?: readonly string[];
  readonly upcasters?: readonly Upcaster[];
  readonly personal?: Readonly<Record<string, readonly PersonalField[]>>;
  readonly claims?: (event: DomainEvent) => readonly string[];
  readonly notInBulk?: readonly string[];
}

/** Checks a slice's types where it is defined and forgets them where it is used: a registry asks for the command's type. */
export const slice = <S, C extends Command, E extends DomainEvent, F>(definition: Slice<S, C, E, F>): AnySlice => definition as unknown as AnySlice;

/** What is not known yet is no refusal: thrown by `prepare`, retried by whoever sent the command. */
export class NotKnownYet extends Error {
  readonly code = 'NOT_KNOWN_YET';
}
