import { derivedId } from '@touchstone/kernel';
import type { Characteristic } from '@touchstone/contracts';
import { atFirst, projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import { controlPlanList, ControlPlanRow } from './control-plan-list.projection.js';
import { controlPlanStream } from './events.js';

const database = testDatabase();
const { given } = projectionSpec(controlPlanList, { database });
const [ring, bolt] = [derivedId('item', 'ring'), derivedId('item', 'bolt')];
const later = '2026-03-03T08:00:00.000Z';
const diameter: Characteristic = {
  characteristicId: 'diameter', name: 'Diameter', unit: 'mm', upper: '74.05', severity: 'major', method: 'two-point', gaugeClass: 'micrometer', sampleSize: 5,
  acceptanceNumber: 0, chart: 'xbar-r', onSignal: 'task', reaction: 'measure again',
};
const body = (itemId: string, revision: number, title: string) =>
  ({ itemId, revision, title, requiredInspections: ['final' as const], characteristics: [diameter], author: 'planner-1' });
const drafted = (...draft: Parameters<typeof body>) => recorded('planning.ControlPlanDrafted.v1', body(...draft), { stream: controlPlanStream(draft[0]) });
const approved = (itemId: string, revision: number) =>
  recorded('planning.ControlPlanApproved.v1', { itemId, revision, approvedBy: 'manager-1' }, { stream: controlPlanStream(itemId), meta: { occurredAt: later } });
const inForce = (...draft: Parameters<typeof body>) => recorded('planning.ControlPlanInForce.v1', { ...body(...draft), unit: 'pcs', approvedBy: 'manager-1' }, { stream: controlPlanStream(draft[0]), meta: { occurredAt: later } });
const noted = { itemId: ring, characteristicId: 'diameter', revision: 1, note: 'insert worn', causeId: 'capa-1' };

const log = [
  drafted(ring, 1, 'Ring'), approved(ring, 1), inForce(ring, 1, 'Ring'), drafted(bolt, 1, 'Bolt'),
  recorded('planning.CharacteristicNoted.v1', noted, { stream: controlPlanStream(ring) }),
  drafted(ring, 2, 'Ring, chromed'), approved(ring, 2), inForce(ring, 2, 'Ring, chromed'), drafted(ring, 3, 'Ring, nitrided'),
];

describe('the list of control plans', () => {
  it('shows what holds, what was superseded, what is being written, and what was learned', () => given(...log).thenRows(ControlPlanRow, [
    {
      itemId: ring, title: 'Ring, chromed', revisionInForce: 2, latestRevision: 3, latestStatus: 'draft',
      revisions: [
        { ...body(ring, 1, 'Ring'), status: 'superseded', draftedAt: atFirst, approvedBy: 'manager-1', approvedAt: later, inForceFrom: later },
        { ...body(ring, 2, 'Ring, chromed'), status: 'in-force', draftedAt: atFirst, approvedBy: 'manager-1', approvedAt: later, inForceFrom: later },
        { ...body(ring, 3, 'Ring, nitrided'), status: 'draft', draftedAt: atFirst },
      ],
      notes: [{ characteristicId: 'diameter', note: 'insert worn', causeId: 'capa-1', revision: 1, notedAt: atFirst }],
    },
    {
      itemId: bolt, title: 'Bolt', revisionInForce: 0, latestRevision: 1, latestStatus: 'draft',
      revisions: [{ ...body(bolt, 1, 'Bolt'), status: 'draft', draftedAt: atFirst }], notes: [],
    },
  ]), 60_000);
  it('is the same however the log is read', () => given(...log).survivesRandomBatches(4), 60_000);
  it('is the same built again from zero', () => given(...log).rebuildEqualsLive(), 60_000);
});
