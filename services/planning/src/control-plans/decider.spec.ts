import type { Characteristic } from '@touchstone/contracts';
import { contracts } from '@touchstone/contracts';
import { characteristicNoted, controlPlanApproved, controlPlanDrafted, controlPlanInForce } from '@touchstone/contracts/planning';
import { deciderSpec } from '@touchstone/testing';
import { ApproveControlPlan, DraftControlPlan, NoteCharacteristic, PutControlPlanInForce } from './commands.js';
import { controlPlan } from './decider.js';

const itemId = '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02';
const capaId = '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617';
const diameter: Characteristic = {
  characteristicId: 'diameter', name: 'Ring diameter', unit: 'mm', lower: '73.95', upper: '74.05', target: '74', severity: 'major', method: 'two-point, at 20 °C',
  gaugeClass: 'micrometer 0.001', sampleSize: 5, acceptanceNumber: 0, chart: 'xbar-r', onSignal: 'task', reaction: 'check tool wear, measure again',
};
const plan = { itemId, title: 'Piston ring 74 mm', requiredInspections: ['final' as const], characteristics: [diameter] };

const planner = { id: 'planner-1', roles: ['quality-engineer'] };
const manager = { id: 'manager-1', roles: ['quality-manager'] };
const robot = { id: 'system:planning:nightly', roles: ['system'] };
const known = { item: { value: { itemId, number: 'PR-74', name: 'Piston ring 74 mm', unit: 'pcs' }, refs: [{ stream: `item-${itemId}`, version: 1 }], seq: 1 } };
const unheardOf = { item: { value: null, refs: [], seq: 1 } };

const draft = (changes: Partial<typeof plan> = {}) => Object.assign(new DraftControlPlan(), plan, changes);
const drawn = (...changes: Partial<Characteristic>[]) => draft({ characteristics: changes.map((each) => ({ ...diameter, ...each })) });
const approve = (revision = 1) => Object.assign(new ApproveControlPlan(), { itemId, revision });
const putInForce = (revision = 1) => Object.assign(new PutControlPlanInForce(), { itemId, revision });
const note = (changes: Partial<NoteCharacteristic> = {}) =>
  Object.assign(new NoteCharacteristic(), { itemId, characteristicId: 'diameter', note: 'Root cause (5 why): insert worn', causeId: capaId }, changes);

const drafted = (revision = 1, changes: Partial<typeof plan> = {}) => controlPlanDrafted({ ...plan, ...changes, revision, author: planner.id });
const approved = (revision = 1) => controlPlanApproved({ itemId, revision, approvedBy: manager.id });
const inForce = (revision = 1, changes: Partial<typeof plan> = {}) =>
  controlPlanInForce({ ...plan, ...changes, revision, unit: 'pcs', author: planner.id, approvedBy: manager.id });

const { given, when } = deciderSpec(controlPlan, { contracts });
const asPlanner = { actor: planner, facts: known };

describe('a control plan is drafted', () => {
  it('as revision 1, then 2', () => {
    when(draft(), asPlanner).then(drafted(1));
    given(drafted(1)).when(draft({ title: 'Piston ring 74 mm, chromed' }), asPlanner).then(drafted(2, { title: 'Piston ring 74 mm, chromed' }));
  });
  it('once, however often the same is sent', () => given().repeating(draft(), asPlanner));
  it('anew when the same text was already approved', () => given(drafted(1), approved(1)).when(draft(), asPlanner).then(drafted(2)));
  it('only for an item that is known', () => when(draft(), { actor: planner, facts: unheardOf }).thenRefused('ITEM_UNKNOWN', { itemId }));
  it('with each required inspection once', () =>
    when(draft({ requiredInspections: ['final', 'final'] }), asPlanner).then(drafted(1)));
});

describe('the characteristics of a draft', () => {
  it.each([
    ['a lower limit above the upper one', { lower: '74.1', upper: '74.05', target: '74' }],
    ['a lower limit equal to the upper one', { lower: '74.0', upper: '74', target: '74' }],
    ['a target above the upper limit', { lower: '73.95', upper: '74.05', target: '74.06' }],
    ['a target below the lower limit', { lower: '73.95', upper: '74.05', target: '73.9' }],
  ])('are refused with %s', (_, limits) => when(drawn(limits), asPlanner).thenRefused('LIMITS_REVERSED', { characteristicId: 'diameter', ...limits }));

  it('may have a target on a limit, and one limit only', () => {
    const { lower: _lower, ...atMost } = { ...diameter, target: '74.05' };
    when(draft({ characteristics: [atMost] }), asPlanner).then(drafted(1, { characteristics: [atMost] }));
  });

  it('are refused when two have the same name', () =>
    when(drawn({}, { characteristicId: 'gap' }, { name: 'again' }), asPlanner).thenRefused('DUPLICATE_CHARACTERISTIC', { characteristicId: 'diameter' }));

  it.each([
    ['xbar-r', 1, 2, 25], ['xbar-r', 26, 2, 25], ['individuals', 2, 1, 1],
  ] as const)('are refused when an %s chart is to be kept of samples of %d', (chart, sampleSize, smallest, largest) =>
    when(drawn({ chart, sampleSize }), asPlanner).thenRefused('SAMPLE_SIZE_UNFIT_FOR_CHART', { characteristicId: 'diameter', chart, sampleSize, smallest, largest }));

  it.each([['xbar-r', 2], ['xbar-r', 25], ['individuals', 1], ['none', 1], ['none', 30]] as const)('may have an %s chart of samples of %d', (chart, sampleSize) =>
    when(drawn({ chart, sampleSize }), asPlanner).then(drafted(1, { characteristics: [{ ...diameter, chart, sampleSize }] })));
});

describe('a revision is approved', () => {
  it('by somebody other than its author', () => given(drafted()).when(approve(), { actor: manager }).then(approved()));
  it('never by its author', () =>
    given(drafted()).when(approve(), { actor: { ...planner, roles: ['quality-manager'] } }).thenRefused('AUTHOR_CANNOT_APPROVE', { author: 'planner-1', revision: 1 }));
  it('never by the platform itself', () => given(drafted()).when(approve(), { actor: robot }).thenRefused('PERSON_REQUIRED', { actor: robot.id }));
  it('once', () => given(drafted()).repeating(approve(), { actor: manager }));
  it('only when it was drafted', () => given(drafted()).when(approve(2), { actor: manager }).thenRefused('REVISION_UNKNOWN', { revision: 2, latest: 1 }));
});

describe('a revision comes into force', () => {
  it('with all that was approved, and the unit of the item', () => given(drafted(), approved()).when(putInForce(), asPlanner).then(inForce()));
  it('only when it was approved', () => given(drafted()).when(putInForce(), asPlanner).thenRefused('PLAN_NOT_APPROVED', { revision: 1 }));
  it('only itself: the approval of another revision does not count', () =>
    given(drafted(1), approved(1), drafted(2)).when(putInForce(2), asPlanner).thenRefused('PLAN_NOT_APPROVED', { revision: 2 }));
  it('once', () => given(drafted(), approved()).repeating(putInForce(), asPlanner));
  it('in the place of the one before, which never returns', () => {
    const history = [drafted(1), approved(1), inForce(1), drafted(2), approved(2)] as const;
    given(...history).when(putInForce(2), asPlanner).then(inForce(2));
    given(...history, inForce(2)).when(putInForce(1), asPlanner).thenRefused('REVISION_SUPERSEDED', { revision: 1, inForce: 2 });
  });
  it('only when it was drafted', () => when(putInForce(), asPlanner).thenRefused('REVISION_UNKNOWN', { revision: 1, latest: 0 }));
  it('only for an item that is known', () => given(drafted(), approved()).when(putInForce(), { facts: unheardOf }).thenRefused('ITEM_UNKNOWN', { itemId }));
});

describe('what was learned about a characteristic', () => {
  const noted = characteristicNoted({ itemId, characteristicId: 'diameter', revision: 1, note: 'Root cause (5 why): insert worn', causeId: capaId });
  it('is noted beside the revision in force, also by the platform itself', () =>
    given(drafted(), approved(), inForce()).when(note(), { actor: robot }).then(noted));
  it('is noted while no revision is in force', () => given(drafted()).when(note()).then(characteristicNoted({ ...noted.data, revision: 0 })));
  it('is noted once', () => given(drafted(), approved(), inForce()).repeating(note()));
  it('is noted again when something else was learned', () =>
    given(drafted(), approved(), inForce(), noted).when(note({ note: 'Root cause (test): coolant too warm' }))
      .then(characteristicNoted({ ...noted.data, note: 'Root cause (test): coolant too warm' })));
  it('belongs to a characteristic of the plan', () => {
    given(drafted()).when(note({ characteristicId: 'gap' })).thenRefused('CHARACTERISTIC_NOT_IN_PLAN', { characteristicId: 'gap', plan: ['diameter'] });
    when(note()).thenRefused('CHARACTERISTIC_NOT_IN_PLAN', { characteristicId: 'diameter', plan: [] });
  });
});
