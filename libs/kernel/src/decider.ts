import type { Actor } from './envelope.js';
import type { Instant } from './clock.js';

/** A fact of the domain: what happened, in the past tense. `type` is a storage format: `<service>.<Name>.v<n>`. */
export interface DomainEvent<T extends string = string, D = unknown> {
  readonly type: T;
  readonly data: D;
}

/** What somebody wants: a class with validated fields and a literal `type`. */
export interface Command {
  readonly type: string;
}

/** "No", by a rule of the business. `code` is stable and documented; `details` say on which values. */
export interface Refusal {
  readonly refused: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export const refuse = (code: string, details: Record<string, unknown> = {}): Refusal => ({ refused: code, details });

export const isRefusal = (answer: unknown): answer is Refusal => typeof answer === 'object' && answer !== null && 'refused' in answer;

/** Something a decision needed to know beside its own state: the value, which events say so, and how far the log had been read. */
export interface Fact<T = unknown> {
  readonly value: T;
  readonly refs: readonly EventRef[];
  /** Position in the service's own log up to which the source of the fact had read. */
  readonly seq: number;
  /** Set when the value is personal: it is then recorded encrypted for this subject. */
  readonly subject?: string;
}

export interface EventRef {
  readonly stream: string;
  readonly version: number;
}

/** Who asks, and when it became true in the world. */
export interface By {
  readonly actor: Actor;
  readonly at: Instant;
}

export type Facts = Readonly<Record<string, Fact | undefined>>;

/**
 * The whole behaviour of one stream category, pure: no clock, no chance, no I/O. `decide` answers with the events that follow
 * from the command (none when it has become moot) or with a refusal; `evolve` is total over the category's events.
 */
export interface Decider<S, C extends Command, E extends DomainEvent, F = Facts> {
  /** `<service>.<category>`. */
  readonly name: string;
  /** Moves when history would be decided differently. */
  readonly version: number;
  initialState(): S;
  evolve(state: S, event: E): S;
  decide(state: S, command: C, facts: F, by: By): readonly E[] | Refusal;
}

/** The state after `events`. O(n). */
export const fold = <S, E extends DomainEvent>(decider: { evolve(state: S, event: E): S }, state: S, events: Iterable<E>): S => {
  let next = state;
  for (const event of events) next = decider.evolve(next, event);
  return next;
};

/** For the `default` branch of a `switch`: the compiler proves that it cannot be reached, and replay of a foreign type fails loudly. */
export function unreachable(value: never): never {
  throw new Error(`no branch for ${JSON.stringify(value)}`);
}
