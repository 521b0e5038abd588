import { derivedId } from '@touchstone/kernel';
import { atFirst, projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import { itemStream } from './events.js';
import { itemList, ItemRow } from './item-list.projection.js';

const database = testDatabase();
const { given } = projectionSpec(itemList, { database });
const [ring, bolt] = [derivedId('item', 'ring'), derivedId('item', 'bolt')];
const log = [
  recorded('planning.ItemRegistered.v1', { itemId: ring, number: 'PR-74', name: 'Piston ring 74 mm', unit: 'pcs' }, { stream: itemStream(ring) }),
  recorded('planning.ItemRevisionReleased.v1', { itemId: ring, revision: 'A' }, { stream: itemStream(ring) }),
  recorded('planning.ItemRegistered.v1', { itemId: bolt, number: 'B-8', name: 'Bolt M8', unit: 'pcs' }, { stream: itemStream(bolt) }),
  recorded('planning.ItemSiteAdded.v1', { itemId: ring, site: 'plant-1' }, { stream: itemStream(ring) }),
  recorded('planning.ItemRevisionReleased.v1', { itemId: ring, revision: 'B' }, { stream: itemStream(ring) }),
];

describe('the list of items', () => {
  it('holds each item with its revisions in order and its sites', () => given(...log).thenRows(ItemRow, [
    { itemId: ring, number: 'PR-74', name: 'Piston ring 74 mm', unit: 'pcs', revisions: ['A', 'B'], sites: ['plant-1'], registeredAt: atFirst },
    { itemId: bolt, number: 'B-8', name: 'Bolt M8', unit: 'pcs', revisions: [], sites: [], registeredAt: atFirst },
  ]), 60_000);
  it('is the same however the log is read', () => given(...log).survivesRandomBatches(4), 60_000);
  it('is the same built again from zero', () => given(...log).rebuildEqualsLive(), 60_000);
});
