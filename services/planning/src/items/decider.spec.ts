import { contracts } from '@touchstone/contracts';
import { itemRegistered, itemRevisionReleased, itemSiteAdded } from '@touchstone/contracts/planning';
import { deciderSpec } from '@touchstone/testing';
import { AddSite, RegisterItem, ReleaseRevision } from './commands.js';
import { item } from './decider.js';

const itemId = '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02';
const registration = { itemId, number: 'PR-74', name: 'Piston ring 74 mm', unit: 'pcs' };
const ring = itemRegistered(registration);
const register = (changes: Partial<typeof registration> = {}) => Object.assign(new RegisterItem(), registration, changes);
const release = Object.assign(new ReleaseRevision(), { itemId, revision: 'B' });
const addSite = Object.assign(new AddSite(), { itemId, site: 'plant-1' });

const { given, when, repeating } = deciderSpec(item, { contracts });

describe('an item', () => {
  it('is registered with its number, name and unit', () => when(register()).then(ring));
  it('registered again as it is changes nothing', () => repeating(register()));
  it('keeps its unit: every quantity that was recorded is counted in it', () =>
    given(ring).when(register({ unit: 'kg' })).thenRefused('ITEM_ALREADY_REGISTERED', registration));
  it('keeps its number and its name', () => {
    given(ring).when(register({ number: 'PR-75' })).thenRefused('ITEM_ALREADY_REGISTERED', registration);
    given(ring).when(register({ name: 'Piston ring' })).thenRefused('ITEM_ALREADY_REGISTERED', registration);
  });

  it('is given revisions, each once', () => {
    given(ring).when(release).then(itemRevisionReleased({ itemId, revision: 'B' }));
    given(ring).repeating(release);
    given(ring, itemRevisionReleased({ itemId, revision: 'A' })).when(release).then(itemRevisionReleased({ itemId, revision: 'B' }));
  });

  it('is given sites, each once', () => {
    given(ring).when(addSite).then(itemSiteAdded({ itemId, site: 'plant-1' }));
    given(ring).repeating(addSite);
  });

  it('that nobody registered has neither revisions nor sites', () => {
    when(release).thenRefused('ITEM_UNKNOWN', { itemId });
    when(addSite).thenRefused('ITEM_UNKNOWN', { itemId });
  });
});
