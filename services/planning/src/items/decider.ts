import type { Decider, Refusal } from '@touchstone/kernel';
import { refuse, unreachable } from '@touchstone/kernel';
import { itemRegistered, itemRevisionReleased, itemSiteAdded } from '@touchstone/contracts/planning';
import type { ItemCommand, RegisterItem } from './commands.js';
import type { ItemEvent } from './events.js';

export interface Item {
  readonly itemId: string;
  readonly number: string;
  readonly name: string;
  readonly unit: string;
  readonly revisions: readonly string[];
  readonly sites: readonly string[];
}

type Decision = readonly ItemEvent[] | Refusal;

export const item: Decider<Item | undefined, ItemCommand, ItemEvent> = {
  name: 'planning.item',
  version: 1,
  initialState: () => undefined,
  evolve(state, event) {
    if (event.type === 'planning.ItemRegistered.v1') return { ...event.data, revisions: [], sites: [] };
    if (!state) throw new Error(`${event.type} before the item was registered`);
    switch (event.type) {
      case 'planning.ItemRevisionReleased.v1': return { ...state, revisions: [...state.revisions, event.data.revision] };
      case 'planning.ItemSiteAdded.v1': return { ...state, sites: [...state.sites, event.data.site] };
      default: return unreachable(event);
    }
  },
  decide(state, command) {
    if (command.type === 'RegisterItem') return register(state, command);
    const { itemId } = command;
    if (!state) return refuse('ITEM_UNKNOWN', { itemId });
    switch (command.type) {
      case 'ReleaseRevision': return state.revisions.includes(command.revision) ? [] : [itemRevisionReleased({ itemId, revision: command.revision })];
      case 'AddSite': return state.sites.includes(command.site) ? [] : [itemSiteAdded({ itemId, site: command.site })];
      default: return unreachable(command);
    }
  },
};

/** The same registration again changes nothing; another one of the same item would change what its quantities mean. */
function register(state: Item | undefined, { itemId, number, name, unit }: RegisterItem): Decision {
  if (!state) return [itemRegistered({ itemId, number, name, unit })];
  const same = state.number === number && state.name === name && state.unit === unit;
  return same ? [] : refuse('ITEM_ALREADY_REGISTERED', { itemId, number: state.number, name: state.name, unit: state.unit });
}
