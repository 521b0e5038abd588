/**
 * Erasing a customer, or one who spoke for him: ordered, then done, then confirmed. Guards: an order names every subject that is
 * still readable, nothing is ordered twice or while a hold stands, what was deferred is ordered with the release of the last hold.
 */
import type { By, Refusal } from '@touchstone/kernel';
import { plusDays, refuse, unreachable } from '@touchstone/kernel';
import { customerErased } from '@touchstone/contracts/feedback';
import type { ConfirmErasure, ErasureCommand, PlaceErasureHold, ReleaseErasureHold } from './commands.js';
import type { Account } from './decider.js';
import type { Erasure, ErasureEvent, ErasureOrdered } from './events.js';

/** What was decided about erasing, of one account. */
export interface Erasures {
  /** Ordered or done, with everybody who spoke for it. */
  readonly whole: boolean;
  readonly contactIds: readonly string[];
  readonly holdIds: readonly string[];
  readonly deferred: readonly Erasure[];
  /** Orders so far, and those that are not confirmed yet. */
  readonly orders: number;
  readonly open: readonly ErasureOrdered['data'][];
}

export const nothingErased: Erasures = { whole: false, contactIds: [], holdIds: [], deferred: [], orders: 0, open: [] };

/** As many subjects as one event may name. */
const MAX_SUBJECTS = 1_000;
/** A month has 28 days at least: art. 12(3) GDPR allows one month. */
const DELETE_WITHIN_DAYS = 28;

type Decision = readonly ErasureEvent[] | Refusal;

export function evolveErasures(state: Erasures, event: ErasureEvent): Erasures {
  switch (event.type) {
    case 'feedback.ErasureOrdered.v1': {
      const { number, scope, subjects } = event.data;
      return {
        ...state, whole: state.whole || scope === 'account', contactIds: [...state.contactIds, ...subjects], orders: number, open: [...state.open, event.data],
        deferred: scope === 'account' ? [] : state.deferred.filter(({ contactId }) => contactId === undefined || !subjects.includes(contactId)),
      };
    }
    case 'feedback.ErasureDeferred.v1': {
      const { ground, contactId } = event.data;
      return { ...state, deferred: [...state.deferred, { ground, ...(contactId !== undefined && { contactId }) }] };
    }
    case 'feedback.ErasureHoldPlaced.v1': return { ...state, holdIds: [...state.holdIds, event.data.holdId] };
    case 'feedback.ErasureHoldReleased.v1': return { ...state, holdIds: state.holdIds.filter((holdId) => holdId !== event.data.holdId) };
    case 'feedback.CustomerErased.v1': return { ...state, open: state.open.slice(1) };
    default: return unreachable(event);
  }
}

export function decideErasure(account: Account, command: ErasureCommand, by: By): Decision {
  switch (command.type) {
    case 'EraseAccount': return erase(account, { ground: command.ground });
    case 'EraseContact':
      return account.contactIds.includes(command.contactId) ? erase(account, { ground: command.ground, contactId: command.contactId }) : refuse('CONTACT_UNKNOWN', { contactId: command.contactId });
    case 'PlaceErasureHold': return place(account, command);
    case 'ReleaseErasureHold': return release(account, command);
    case 'ConfirmErasure': return confirm(account, command, by);
    default: return unreachable(command);
  }
}

function erase(account: Account, wanted: Erasure): Decision {
  const { accountId, erasures: { whole, contactIds, holdIds, deferred } } = account;
  if (whole || (wanted.contactId !== undefined && contactIds.includes(wanted.contactId))) return [];
  if (holdIds.length === 0) return ordered(account, [wanted]);
  if (deferred.some(({ contactId }) => contactId === wanted.contactId)) return [];
  return [{ type: 'feedback.ErasureDeferred.v1', data: { accountId, ...wanted, holdIds } }];
}

/** One order a request, or more where it is about more subjects than one event may name. */
function ordered({ accountId, contactIds, erasures }: Account, wanted: readonly Erasure[]): readonly ErasureOrdered[] {
  const whole = wanted.find(({ contactId }) => contactId === undefined);
  const readable = contactIds.filter((contactId) => !erasures.contactIds.includes(contactId));
  const pages = whole
    ? pagesOf([accountId, ...readable]).map((subjects) => ({ scope: 'account' as const, subjects, ground: whole.ground }))
    : wanted.flatMap(({ contactId, ground }) => (contactId === undefined ? [] : [{ scope: 'contact' as const, subjects: [contactId], ground }]));
  return pages.map((page, index) => ({ type: 'feedback.ErasureOrdered.v1', data: { accountId, number: erasures.orders + index + 1, ...page } }));
}

const pagesOf = (subjects: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(subjects.length / MAX_SUBJECTS) }, (_, page) => subjects.slice(page * MAX_SUBJECTS, (page + 1) * MAX_SUBJECTS));

function place({ accountId, erasures: { whole, holdIds } }: Account, { holdId }: PlaceErasureHold): Decision {
  if (holdIds.includes(holdId)) return [];
  return whole ? refuse('ACCOUNT_ERASED', { accountId }) : [{ type: 'feedback.ErasureHoldPlaced.v1', data: { accountId, holdId } }];
}

function release(account: Account, { holdId }: ReleaseErasureHold): Decision {
  const { accountId, erasures: { holdIds, deferred } } = account;
  if (!holdIds.includes(holdId)) return refuse('HOLD_UNKNOWN', { holdIds });
  const released = { type: 'feedback.ErasureHoldReleased.v1', data: { accountId, holdId } } as const;
  return holdIds.length > 1 ? [released] : [released, ...ordered(account, deferred)];
}

/** In the order in which they were given: the reaction handles the events of a stream one after the other. */
function confirm({ accountId, erasures: { open } }: Account, { number }: ConfirmErasure, { at }: By): Decision {
  const [next] = open;
  if (next?.number !== number) return [];
  const { scope, subjects, ground } = next;
  return [customerErased({ accountId, scope, subjects: [...subjects], ground, erasedAt: at, deleteBy: plusDays(at, DELETE_WITHIN_DAYS) })];
}
