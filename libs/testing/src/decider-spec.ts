/// <reference types="jest" />
import type { Actor, Command, Decider, DomainEvent, Facts, Instant, Refusal } from '@touchstone/kernel';
import { fold, isRefusal } from '@touchstone/kernel';
import { canonicalize } from '@touchstone/ledger';

export interface DeciderSpecOptions {
  /** Throws for an event that breaks its contract, e.g. `contracts` of @touchstone/contracts. */
  readonly contracts?: { check(event: DomainEvent): void };
}

export interface When<F> {
  readonly actor?: Actor;
  readonly at?: Instant;
  readonly facts?: F;
}

export interface Then<E extends DomainEvent> {
  /** Exactly these events, in this order. */
  then(...events: readonly E[]): void;
  /** This refusal; `details` are compared exactly when given. */
  thenRefused(code: string, details?: Readonly<Record<string, unknown>>): void;
  /** Accepted without an event: the command has become moot. */
  thenNothing(): void;
}

export interface Given<C extends Command, E extends DomainEvent, F> {
  when(command: C, context?: When<F>): Then<E>;
  /** The command yields events once; given those, it yields none any more: nothing, or a refusal. */
  repeating(command: C, context?: When<F>): void;
}

export interface DeciderSpec<C extends Command, E extends DomainEvent, F> extends Given<C, E, F> {
  given(...events: readonly E[]): Given<C, E, F>;
}

export const inspector: Actor = { id: 'inspector-1', roles: ['inspector'] };
export const atFirst: Instant = '2026-03-02T08:00:00.000Z';

/**
 * Specs of a decider, in the words of its events and commands. Exact: what is stored is compared, as canonical JSON. Guards purity
 * as well: state and command are frozen, each decision is taken twice, and events must be taken in by `evolve`.
 */
export function deciderSpec<S, C extends Command, E extends DomainEvent, F = Facts>(
  decider: Decider<S, C, E, F>, { contracts }: DeciderSpecOptions = {},
): DeciderSpec<C, E, F> {
  const decideOn = (events: readonly E[], command: C, { actor = inspector, at = atFirst, facts = {} as F }: When<F>): readonly E[] | Refusal => {
    const state = deepFreeze(fold(decider, deepFreeze(decider.initialState()), deepFreeze(events)));
    const decide = () => decider.decide(state, deepFreeze(command), facts, { actor, at });
    const decision = decide();
    if (canonicalize(plain(decide())) !== canonicalize(plain(decision))) throw new Error(`${decider.name} decides ${command.type} differently the second time: it is not pure`);
    if (!isRefusal(decision)) {
      for (const event of decision) contracts?.check(event);
      fold(decider, state, deepFreeze(decision));
    }
    return decision;
  };
  const given = (...history: readonly E[]): Given<C, E, F> => ({
    when: (command, context = {}) => {
      const decided = () => plain(decideOn(history, command, context));
      return {
        then: (...events) => expect(decided()).toEqual(plain(events)),
        thenNothing: () => expect(decided()).toEqual([]),
        thenRefused: (code, details) => {
          const decision = decided();
          expect(decision).toEqual({ refused: code, details: details === undefined ? ((decision as Partial<Refusal>).details ?? {}) : plain(details) });
        },
      };
    },
    repeating: (command, context = {}) => {
      const first = decideOn(history, command, context);
      if (isRefusal(first)) throw new Error(`the command is refused at once: ${first.refused} ${JSON.stringify(first.details)}`);
      if (first.length === 0) throw new Error('the command yields no events at once: nothing can be said about repeating it');
      const second = decideOn([...history, ...first], command, context);
      expect(isRefusal(second) ? [] : plain(second)).toEqual([]);
    },
  });
  return { given, ...given() };
}

/** As it would be stored. A decision that could not be, e.g. with a Date in it, throws here. */
function plain(decision: unknown): unknown {
  if (Array.isArray(decision)) return decision.map((event: unknown) => plainObject(event));
  return plainObject(decision);
}

const plainObject = (value: unknown): unknown => JSON.parse(canonicalize({ ...(value as object) }));

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}
