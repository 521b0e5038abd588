import type { Decider, Refusal } from '@touchstone/kernel';
import { refuse } from '@touchstone/kernel';
import { accountRegistered, contactAdded, satisfactionStated, shipToAdded } from '@touchstone/contracts/feedback';
import type { AccountCommand, AddContact, AddShipTo, RegisterAccount, StateSatisfaction } from './commands.js';
import type { Erasures } from './erasure.js';
import { decideErasure, evolveErasures, nothingErased } from './erasure.js';
import type { AccountEvent } from './events.js';

export interface Account {
  readonly accountId: string;
  readonly name: string;
  readonly externalSource?: string;
  readonly externalId?: string;
  readonly shipTos: Readonly<Record<string, { readonly label: string; readonly country: string }>>;
  /** Ids only: who the people are is nothing to decide on. */
  readonly contactIds: readonly string[];
  readonly erasures: Erasures;
}

type Decision = readonly AccountEvent[] | Refusal;

export const accountDecider: Decider<Account | undefined, AccountCommand, AccountEvent> = {
  name: 'feedback.account',
  version: 1,
  initialState: () => undefined,
  evolve(state, event) {
    if (event.type === 'feedback.AccountRegistered.v1') return { ...event.data, shipTos: {}, contactIds: [], erasures: nothingErased };
    if (!state) throw new Error(`${event.type} before the account was registered`);
    switch (event.type) {
      case 'feedback.ShipToAdded.v1': {
        const { shipToId, label, country } = event.data;
        return { ...state, shipTos: { ...state.shipTos, [shipToId]: { label, country } } };
      }
      case 'feedback.ContactAdded.v1': return { ...state, contactIds: [...state.contactIds, event.data.contactId] };
      case 'feedback.SatisfactionStated.v1': return state;
      default: return { ...state, erasures: evolveErasures(state.erasures, event) };
    }
  },
  decide(state, command, _facts, by) {
    if (command.type === 'RegisterAccount') return register(state, command);
    if (!state) return refuse('ACCOUNT_UNKNOWN', { accountId: command.accountId });
    switch (command.type) {
      case 'AddShipTo': return addShipTo(state, command);
      case 'AddContact': return addContact(state, command);
      case 'StateSatisfaction': return stateSatisfaction(state, command);
      default: return decideErasure(state, command, by);
    }
  },
};

/** A file that is read again tells of the same customer: that is no second one. */
function register(state: Account | undefined, { type: _, ...command }: RegisterAccount): Decision {
  if ((command.externalSource === undefined) !== (command.externalId === undefined)) return refuse('EXTERNAL_ID_INCOMPLETE');
  if (!state) return [accountRegistered(command)];
  const { name, externalSource, externalId } = state;
  const same = name === command.name && externalSource === command.externalSource && externalId === command.externalId;
  return same ? [] : refuse('ACCOUNT_ALREADY_REGISTERED', { name, ...(externalSource !== undefined && { externalSource, externalId }) });
}

function addShipTo({ accountId, shipTos, erasures }: Account, { type: _, ...command }: AddShipTo): Decision {
  if (erasures.whole) return refuse('ACCOUNT_ERASED', { accountId });
  const known = shipTos[command.shipToId];
  if (!known) return [shipToAdded(command)];
  return known.label === command.label && known.country === command.country ? [] : refuse('SHIP_TO_ALREADY_ADDED', { ...known });
}

/** Names are not compared: once the person is erased nobody could decide it the same way again. */
function addContact({ accountId, shipTos, contactIds, erasures }: Account, { type: _, ...command }: AddContact): Decision {
  if (erasures.whole) return refuse('ACCOUNT_ERASED', { accountId });
  if (erasures.contactIds.includes(command.contactId)) return refuse('CONTACT_ERASED', { contactId: command.contactId });
  if (contactIds.includes(command.contactId)) return refuse('CONTACT_ALREADY_ADDED', { contactId: command.contactId });
  if (command.shipToId !== undefined && !shipTos[command.shipToId]) return refuse('SHIP_TO_UNKNOWN', { shipToId: command.shipToId });
  return [contactAdded(command)];
}

function stateSatisfaction({ accountId, contactIds, erasures }: Account, { type: _, ...command }: StateSatisfaction): Decision {
  if (erasures.whole) return refuse('ACCOUNT_ERASED', { accountId });
  if (command.contactId !== undefined && erasures.contactIds.includes(command.contactId)) return refuse('CONTACT_ERASED', { contactId: command.contactId });
  if (command.contactId !== undefined && !contactIds.includes(command.contactId)) return refuse('CONTACT_UNKNOWN', { contactId: command.contactId });
  return [satisfactionStated(command)];
}
