import type { Actor, Fact } from '@touchstone/kernel';
import { derivedId } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import type { LotRegistered } from '@touchstone/contracts/control';
import {
  dispositionDecided, nonconformityClosed, nonconformityContained, nonconformityReported, nonconformityVoided,
} from '@touchstone/contracts/control';
import { deciderSpec } from '@touchstone/testing';
import type { ContainNonconformity, DecideDisposition, ReportNonconformity } from './commands.js';
import { nonconformity } from './decider.js';

const nonconformityId = derivedId('nonconformity', 1);
const lotId = derivedId('lot', 'L-1');
const itemId = derivedId('item', 'ring');
const about = { nonconformityId, lotId };
const engineer: Actor = { id: 'engineer-1', roles: ['quality-engineer'] };
const manager: Actor = { id: 'manager-1', roles: ['quality-manager'] };
const system: Actor = { id: 'system:control:any', roles: ['system'] };
const lot: Fact<LotRegistered['data']> = {
  value: { lotId, number: 'L-1', itemId, quantity: '100', unit: 'pcs', site: 'ulm', requiredInspections: ['final'] }, refs: [], seq: 3,
};

const found = {
  nonconformityId, lotId, itemId, characteristicId: 'diameter', requirement: 'diameter within specification', quantity: '40', severity: 'major' as const,
  source: 'inspection' as const, sourceId: 'inspection-7',
};
const report: ReportNonconformity = { type: 'ReportNonconformity', ...found };
const reported = nonconformityReported({ ...found, lotNumber: 'L-1', reportedBy: 'inspector-1' });
const contain: ContainNonconformity = { type: 'ContainNonconformity', nonconformityId, actions: 'segregated' };
const contained = nonconformityContained({ ...about, actions: 'segregated' });
const decide = (change: Partial<DecideDisposition> = {}): DecideDisposition =>
  ({ type: 'DecideDisposition', nonconformityId, disposition: 'scrap', quantity: '40', rationale: 'material is missing', ...change });
const decided = (change: object = {}) => dispositionDecided({ ...about, disposition: 'scrap', quantity: '40', rationale: 'material is missing', decidedBy: 'engineer-1', ...change });
const close = { type: 'CloseNonconformity' as const, nonconformityId };
const voiding = { type: 'VoidNonconformity' as const, nonconformityId, reason: 'wrong gauge' };
const voided = nonconformityVoided({ ...about, reason: 'wrong gauge' });
const closed = nonconformityClosed(about);
const spec = deciderSpec(nonconformity, { contracts });

describe('reporting a nonconformity', () => {
  it('records what was not met, by which quantity of which lot, and who says so', () => spec.when(report, { facts: { lot } }).then(reported));
  it('of no characteristic is possible', () => {
    const { characteristicId: _, ...rest } = found;
    spec.when({ type: 'ReportNonconformity', ...rest }, { facts: { lot } }).then(nonconformityReported({ ...rest, lotNumber: 'L-1', reportedBy: 'inspector-1' }));
  });
  it('needs a lot that is known, of that item, and no more than there is', () => {
    spec.when(report, { facts: { lot: { ...lot, value: null } } }).thenRefused('LOT_UNKNOWN', { lotId });
    spec.when({ ...report, itemId: lotId }, { facts: { lot } }).thenRefused('ITEM_NOT_OF_LOT', { expected: itemId, given: lotId });
    spec.when({ ...report, quantity: '100.5' }, { facts: { lot } }).thenRefused('QUANTITY_NOT_IN_LOT', { quantity: '100' });
  });
  it('may be of the whole lot', () => spec.when({ ...report, quantity: '100' }, { facts: { lot } }).then(nonconformityReported({ ...reported.data, quantity: '100' })));
  it('happens once', () => spec.repeating(report, { facts: { lot } }));
});

describe('containing it', () => {
  it('records what was done', () => spec.given(reported).when(contain).then(contained));
  it('changes nothing when repeated', () => spec.given(reported).repeating(contain));
  it('may go further', () => spec.given(reported, contained).when({ ...contain, actions: 'other sites warned' }).then(nonconformityContained({ ...about, actions: 'other sites warned' })));
  it('needs a nonconformity', () => spec.when(contain).thenRefused('NONCONFORMITY_UNKNOWN', { nonconformityId }));
});

describe('deciding what becomes of it', () => {
  const waiting = spec.given(reported, contained);

  it('names the person who decides', () => waiting.when(decide(), { actor: engineer }).then(decided()));
  it('comes after containment', () => spec.given(reported).when(decide(), { actor: engineer }).thenRefused('CONTAINMENT_FIRST', { nonconformityId }));
  it('is a person\'s', () => waiting.when(decide(), { actor: system }).thenRefused('PERSON_REQUIRED', { actor: system.id }));
  it('may be done part by part, up to the quantity', () => {
    const half = spec.given(reported, contained, decided({ quantity: '15' }));
    half.when(decide({ disposition: 'rework', quantity: '25' }), { actor: engineer }).then(decided({ disposition: 'rework', quantity: '25' }));
    half.when(decide({ quantity: '25.1' }), { actor: engineer }).thenRefused('QUANTITY_NOT_UNDISPOSITIONED', { undispositioned: '25' });
  });
  it('of the whole quantity happens once', () => waiting.repeating(decide(), { actor: engineer }));

  describe('as use as is', () => {
    const asIs = decide({ disposition: 'use-as-is' });

    it('is for the material review board', () => {
      waiting.when(asIs, { actor: engineer }).thenRefused('MRB_REQUIRED', { role: 'quality-manager' });
      waiting.when(asIs, { actor: manager }).then(decided({ disposition: 'use-as-is', decidedBy: 'manager-1' }));
    });
    it('is not for whoever reported it', () =>
      spec.given(nonconformityReported({ ...reported.data, reportedBy: manager.id }), contained).when(asIs, { actor: manager }).thenRefused('REPORTER_CANNOT_CONCEDE', { reportedBy: manager.id }));
    it('needs the customer\'s consent when it is critical', () => {
      const critical = spec.given(nonconformityReported({ ...reported.data, severity: 'critical' }), contained);
      critical.when(asIs, { actor: manager }).thenRefused('CUSTOMER_CONSENT_REQUIRED', { severity: 'critical' });
      critical.when({ ...asIs, customerConsent: 'letter 118' }, { actor: manager }).then(decided({ disposition: 'use-as-is', customerConsent: 'letter 118', decidedBy: 'manager-1' }));
    });
  });
});

describe('closing it', () => {
  it('needs a decision about all of the quantity', () => {
    spec.given(reported, contained, decided({ quantity: '39.5' })).when(close).thenRefused('UNDISPOSITIONED_QUANTITY', { undispositioned: '0.5' });
    spec.given(reported, contained, decided({ quantity: '15' }), decided({ quantity: '25' })).when(close).then(closed);
  });
  it('happens once, and is a person\'s', () => {
    spec.given(reported, contained, decided()).repeating(close);
    spec.given(reported, contained, decided()).when(close, { actor: system }).thenRefused('PERSON_REQUIRED', { actor: system.id });
  });
  it('ends it', () => {
    const done = spec.given(reported, contained, decided(), closed);
    done.when(contain).thenRefused('NONCONFORMITY_CLOSED', { nonconformityId });
    done.when(decide(), { actor: engineer }).thenRefused('NONCONFORMITY_CLOSED', { nonconformityId });
    done.when(voiding).thenRefused('NONCONFORMITY_CLOSED', { nonconformityId });
  });
});

describe('voiding it', () => {
  it('says why', () => spec.given(reported).when(voiding).then(voided));
  it('happens once, and is a person\'s', () => {
    spec.given(reported).repeating(voiding);
    spec.given(reported).when(voiding, { actor: system }).thenRefused('PERSON_REQUIRED', { actor: system.id });
  });
  it('is too late once something was decided', () => spec.given(reported, contained, decided({ quantity: '15' })).when(voiding).thenRefused('DISPOSITION_DECIDED', { dispositioned: '15' }));
  it('ends it', () => {
    spec.given(reported, voided).when(contain).thenRefused('NONCONFORMITY_VOIDED', { nonconformityId });
    spec.given(reported, voided).when(close).thenRefused('NONCONFORMITY_VOIDED', { nonconformityId });
    spec.given(reported, voided).when(decide(), { actor: engineer }).thenRefused('NONCONFORMITY_VOIDED', { nonconformityId });
  });
});
