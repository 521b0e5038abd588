/**
 * An item: what is made or bought, and counted in lots. Guards: one number names one item for ever, and its unit never changes,
 * since every quantity ever recorded is counted in it. Stream: item-<itemId>. All its events are public.
 */
import type { ItemRegistered, ItemRevisionReleased, ItemSiteAdded } from '@touchstone/contracts/planning';

export const itemStream = (itemId: string): string => `item-${itemId}`;

export type ItemEvent = ItemRegistered | ItemRevisionReleased | ItemSiteAdded;
