import 'reflect-metadata';
import { derivedId, SimulatedClock } from '@touchstone/kernel';
import { canonicalize } from '@touchstone/ledger';
import { InProcessTransport, topicOf } from '@touchstone/messaging';
import { atFirst, recorded, testService } from '@touchstone/testing';
import { assurance } from './app.module.js';

const transport = new InProcessTransport();
const clock = new SimulatedClock(atFirst);
const service = testService(assurance, { clock, transport });
const { call, settled } = service;
let published = 0;

const owner = ['engineer-1', 'quality-engineer'] as const;
const planner = ['engineer-2', 'quality-engineer'] as const;
const manager = ['manager-1', 'quality-manager'] as const;

/** Control reports a nonconformity of the diameter of an item; its events arrive as any other service's. */
async function reported(name: string, severity: string, { occurredAt = atFirst, item = 'ring', provenance = [] as 'migrated'[] } = {}): Promise<string> {
  const nonconformityId = derivedId('nonconformity', name);
  const data = {
    nonconformityId, lotId: derivedId('lot', name), lotNumber: `L-${name}`, itemId: derivedId('item', item), characteristicId: 'diameter',
    requirement: 'diameter within specification', quantity: '40', severity, source: 'inspection', sourceId: derivedId('inspection', name),
  };
  const type = 'control.NonconformityReported.v1';
  const stream = `nonconformity-${nonconformityId}`;
  const { meta } = recorded(type, data, { stream, meta: { occurredAt, ...(provenance.length > 0 && { provenance }) } });
  await transport.publisher(topicOf('control')).publish([{
    key: stream, offset: (published += 1), value: canonicalize(data),
    headers: { ce_id: derivedId('event', name), ce_type: type, ce_source: 'control:test:1', touchstone_meta: canonicalize(meta) },
  }]);
  await settled();
  return derivedId('capa', nonconformityId);
}

/** Time moves on, and acts. */
async function passes(until: string): Promise<void> {
  await settled();
  clock.moveTo(until);
  await service.running.runtime.poller.fire();
}

const post = async (capaId: string, path: string, actor: readonly [string, string], body: object = {}) => {
  const told = await call('POST', `/capas/${capaId}/${path}`, actor, body);
  return told.status === 422 ? told.body['code'] : told.status;
};
const row = async (capaId: string) => {
  await settled();
  return (await call('GET', `/capas/${capaId}`, manager)).body;
};

describe('a nonconformity that control reports', () => {
  it('is proposed for a corrective action when it is major or critical; a minor one is not', async () => {
    const [major, critical, minor] = [await reported('major', 'major'), await reported('critical', 'critical', { item: 'bolt' }), await reported('minor', 'minor', { item: 'nut' })];
    expect(await row(major)).toMatchObject({ status: 'proposed', why: 'severity', problem: 'diameter within specification', characteristicId: 'diameter' });
    expect(await row(critical)).toMatchObject({ status: 'proposed', why: 'severity' });
    expect((await call('GET', `/capas/${minor}`, manager)).status).toBe(404);
  });

  it('is proposed when it is the third of its kind within 90 days, the migrated ones counted', async () => {
    const first = await reported('r1', 'minor', { item: 'seal', occurredAt: '2026-01-05T08:00:00.000Z', provenance: ['migrated'] });
    const second = await reported('r2', 'minor', { item: 'seal', occurredAt: '2026-02-05T08:00:00.000Z' });
    await reported('elsewhere', 'minor', { item: 'gasket' });
    expect((await call('GET', `/capas/${second}`, manager)).status).toBe(404);
    expect(await row(await reported('r3', 'minor', { item: 'seal' }))).toMatchObject({ status: 'proposed', why: 'recurrence' });
    expect((await call('GET', `/capas/${first}`, manager)).status).toBe(404);
  });

  it('starts nothing when it was migrated', async () => {
    const capaId = await reported('old', 'critical', { item: 'washer', provenance: ['migrated'] });
    expect((await call('GET', `/capas/${capaId}`, manager)).status).toBe(404);
  });
});

describe('a corrective action, from the proposal to its end', () => {
  const plan = {
    actions: [{ action: 'change inserts every 400 parts', owner: 'operator-4' }], criterion: { metric: 'rings out of specification per 1000', threshold: '1.0', comparison: 'at-most' },
    windowDays: 30,
  };

  it('goes in its order, past each gate, reopens when it was ineffective, and closes', async () => {
    const capaId = await reported('journey', 'major', { item: 'shaft' });
    const steps = (...all: readonly (readonly [string, readonly [string, string], object?])[]) =>
      all.reduce<Promise<unknown[]>>(async (before, [path, actor, body]) => [...(await before), await post(capaId, path, actor, body)], Promise.resolve([]));

    expect(await post(capaId, 'opening', ['inspector-1', 'inspector'], { owner: 'engineer-1', team: [], dueAt: '2026-06-01T00:00:00Z' })).toBe(403);
    expect(await steps(
      ['containments', owner, { actions: 'sorted' }], ['opening', manager, { owner: 'engineer-1', team: ['operator-4'], dueAt: '2026-06-01T00:00:00Z' }],
      ['root-causes', owner, { rootCause: 'insert worn', method: '5 why' }], ['containments', owner, { actions: 'three lots sorted' }],
      ['plans', planner, plan], ['root-causes', owner, { rootCause: 'insert worn', method: '5 why' }], ['plans', planner, plan],
      ['implementation', owner, { evidence: 'insert log' }], ['approvals', owner], ['approvals', planner], ['approvals', manager], ['implementation', owner, { evidence: 'insert log' }],
      ['verifications', manager, { observed: '0.5', data: 'lots of March' }],
    )).toEqual([
      'CAPA_NOT_OPENED', 201, 'CONTAINMENT_FIRST', 201, 'ROOT_CAUSE_FIRST', 201, 201, 'PLAN_NOT_APPROVED', 'OWNER_CANNOT_APPROVE', 'AUTHOR_CANNOT_APPROVE', 201, 201, 'WINDOW_STILL_OPEN',
    ]);
    expect(await row(capaId)).toMatchObject({ status: 'implemented', windowEndsAt: '2026-04-01T08:00:00.000Z', overdue: false });

    await passes('2026-04-02T08:00:00.000Z');
    expect(await steps(['verifications', owner, { observed: '0.5', data: 'lots of March' }], ['verifications', manager, { observed: '1.2', data: 'lots of March' }])).toEqual(['OWNER_CANNOT_VERIFY', 201]);
    expect(await row(capaId)).toMatchObject({ status: 'contained', verdict: 'ineffective', reopenings: 1 });

    expect(await steps(
      ['root-causes', owner, { rootCause: 'coolant too warm', method: 'designed experiment' }], ['plans', planner, plan], ['approvals', manager],
      ['implementation', owner, { evidence: 'cooler installed' }], ['extensions', owner, { dueAt: '2026-07-01T00:00:00Z', reason: 'second attempt' }], ['extensions', owner, { dueAt: '2026-08-01T00:00:00Z' }],
    )).toEqual([201, 201, 201, 201, 201, 400]);

    await passes('2026-07-01T00:00:00.000Z');
    expect(await row(capaId)).toMatchObject({ status: 'implemented', overdue: true, dueAt: '2026-07-01T00:00:00.000Z', extensions: 1 });

    expect(await steps(
      ['closing', manager, { recognition: 'team of line 2' }], ['verifications', manager, { observed: '1', data: 'lots of May and June' }], ['closing', manager, { recognition: 'team of line 2' }],
      ['preventions', owner, { measures: 'coolers in all lines' }], ['closing', manager, { recognition: 'team of line 2' }], ['closing', manager, { recognition: 'team of line 2' }],
    )).toEqual(['NOT_EFFECTIVE', 201, 'PREVENT_RECURRENCE_FIRST', 201, 201, 200]);
    expect(await row(capaId)).toMatchObject({ status: 'closed', verdict: 'effective', closedAt: '2026-07-01T00:00:00.000Z' });
    expect((await call('GET', '/capas?status=closed&owner=engineer-1', manager)).body['items']).toEqual([expect.objectContaining({ capaId })]);
  });

  it('that was closed or declined is never overdue', async () => {
    const [declined, closed] = [await reported('declined', 'major', { item: 'cap' }), derivedId('capa', derivedId('nonconformity', 'journey'))];
    expect(await post(declined, 'declining', manager, { rationale: 'cause removed in May' })).toBe(201);
    await passes('2026-09-01T00:00:00.000Z');
    expect(await row(declined)).toMatchObject({ status: 'declined', overdue: false });
    const { events } = (await call('GET', `/history/capa-${closed}`, ['auditor-1', 'auditor'])).body;
    expect((events as { type: string }[]).filter(({ type }) => type === 'assurance.CapaOverdue.v1')).toHaveLength(1);
  });
});
