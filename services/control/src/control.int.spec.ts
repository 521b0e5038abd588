import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@touchstone/kernel';
import { sampleCharacteristic } from '@touchstone/contracts';
import type { ControlPlanInForce } from '@touchstone/contracts/planning';
import { migrate } from '@touchstone/event-store';
import { canonicalize } from '@touchstone/ledger';
import { InProcessTransport, topicOf } from '@touchstone/messaging';
import type { LocalIssuer, RunningService } from '@touchstone/platform';
import { createService, localIssuer, openLog } from '@touchstone/platform';
import type { TemporaryPostgres } from '@touchstone/testing';
import { recorded, startTemporaryPostgres } from '@touchstone/testing';
import { control } from './app.module.js';

interface Told {
  readonly status: number;
  readonly etag: string;
  readonly position: string;
  readonly body: Record<string, unknown>;
}

type Sent = { readonly as?: string; readonly id?: string; readonly headers?: Record<string, string> };

/** Control as it runs in production, over HTTP, with planning played by a publisher on the same transport. */
interface Running extends RunningService {
  readonly planning: ReturnType<InProcessTransport['publisher']>;
  post(path: string, body?: object, sent?: Sent): Promise<Told>;
  get(path: string, sent?: Sent): Promise<Told>;
}

const masterKey = randomBytes(32);
const keyFolder = mkdtempSync(join(tmpdir(), 'touchstone-control-'));
let issuer: LocalIssuer;
let postgres: TemporaryPostgres;
beforeAll(async () => {
  issuer = await localIssuer(join(keyFolder, 'issuer.pem'));
  postgres = await startTemporaryPostgres({ fsync: true });
}, 60_000);
afterAll(async () => {
  await postgres.remove();
  rmSync(keyFolder, { recursive: true, force: true });
}, 60_000);

async function run(database: string): Promise<Running> {
  const databaseUrl = await postgres.createDatabase(database, 'secret');
  await migrate({ ownerUrl: postgres.ownerUrl(database), applicationRole: `${database}_app`, logId: `${database}:test:1` });
  const transport = new InProcessTransport();
  const service = await createService(control, { databaseUrl, masterKey, clock: systemClock, verify: issuer.verify, log: openLog('silent'), transport });
  await service.app.startAllMicroservices();
  await service.app.listen(0, '127.0.0.1');
  await service.start();
  const address = await service.app.getUrl();
  const send = async (method: string, path: string, body: object | undefined, { as = 'quality-engineer', id = `${as}-1`, headers = {} }: Sent): Promise<Told> => {
    const token = await issuer.issue({ id, name: `Name of ${id}`, roles: [as] });
    const response = await fetch(address + path, {
      method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers }, ...(body && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    return { status: response.status, etag: response.headers.get('etag') ?? '', position: response.headers.get('position') ?? '', body: answer };
  };
  return {
    ...service, planning: transport.publisher(topicOf('planning')),
    post: (path, body = {}, sent = {}) => send('POST', path, body, sent),
    get: (path, sent = {}) => send('GET', path, undefined, sent),
  };
}

/** Planning puts a control plan in force; control has taken it in when this resolves. */
let published = 0;
async function putPlanInForce({ planning }: Running): Promise<string> {
  const itemId = randomUUID();
  const data: ControlPlanInForce['data'] = {
    itemId, revision: 1, title: 'Piston ring 74 mm', unit: 'pcs', requiredInspections: ['final'], characteristics: [sampleCharacteristic], author: 'planner-1', approvedBy: 'manager-1',
  };
  const { type, meta } = recorded('planning.ControlPlanInForce.v1', data, { stream: `controlPlan-${itemId}` });
  await planning.publish([{
    key: `controlPlan-${itemId}`, offset: (published += 1), value: canonicalize(data),
    headers: { ce_id: randomUUID(), ce_type: type, ce_source: 'planning:test:1', touchstone_meta: canonicalize(meta) },
  }]);
  return itemId;
}

const registration = (itemId: string) => ({ lotId: randomUUID(), number: `L-${randomUUID()}`, itemId, quantity: '500', unit: 'pcs', site: 'ulm' });
const conforming = ['74.03', '74.002', '74.019', '73.992', '74.008'];
const measurement = (values: readonly string[], represents: string) =>
  ({ characteristicId: 'diameter', values, unit: 'mm', represents, gaugeId: 'MIC-07', gaugeCalibratedUntil: '2999-01-01T00:00:00Z' });

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 500; waited += 1) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('did not happen in time');
}

/** A lot is registered and measured; one sample of two is out of specification. The plan lets one pass, so the lot is accepted. */
async function inspectedLot(service: Running): Promise<{ lotId: string; inspectionId: string }> {
  const body = registration(await putPlanInForce(service));
  const [inspectionId, { lotId }] = [randomUUID(), body];
  expect(await service.post('/lots', body)).toMatchObject({ status: 201 });
  expect(await service.post('/inspections', { inspectionId, lotId, stage: 'final' })).toMatchObject({ status: 201 });
  expect(await service.post(`/inspections/${inspectionId}/measurements`, measurement(conforming, '460'))).toMatchObject({ status: 201 });
  expect(await service.post(`/inspections/${inspectionId}/measurements`, measurement(conforming.with(2, '74.062'), '40'))).toMatchObject({ status: 201 });
  await until(async () => (await held(service, lotId)) === '40');
  return { lotId, inspectionId };
}

async function acceptedLot(service: Running): Promise<{ lotId: string; inspectionId: string; version: number }> {
  const lot = await inspectedLot(service);
  expect(await service.post(`/inspections/${lot.inspectionId}/completion`)).toMatchObject({ status: 201 });
  await until(async () => (await types(service, `lot-${lot.lotId}`)).includes('LotAccepted'));
  return { ...lot, version: (await types(service, `lot-${lot.lotId}`)).length };
}

const held = async (service: Running, lotId: string) => (await service.get(`/lots/${lotId}`)).body['held'];
async function history(service: Running, stream: string): Promise<readonly { type: string; data: Record<string, unknown>; meta: Record<string, unknown> }[]> {
  const { body } = await service.get(`/history/${stream}`);
  return (body['events'] ?? []) as { type: string; data: Record<string, unknown>; meta: Record<string, unknown> }[];
}
const types = async (service: Running, stream: string) => (await history(service, stream)).map(({ type }) => type.split('.')[1]);

describe('control', () => {
  let service: Running;
  beforeAll(async () => { service = await run('control'); }, 60_000);
  afterAll(() => service.stop(), 60_000);

  it('cannot register a lot of an item without a control plan in force', async () => {
    expect(await service.post('/lots', registration(randomUUID()))).toMatchObject({ status: 422, body: { code: 'NO_CONTROL_PLAN_IN_FORCE' } });
  });

  it('takes a lot from registration through inspection to release, holding only what is out of specification', async () => {
    const { lotId, inspectionId } = await inspectedLot(service);
    expect(await service.post(`/lots/${lotId}/releases`, { quantity: '1' })).toMatchObject({ status: 422, body: { code: 'INSPECTION_MISSING', details: { missing: ['final'] } } });
    await service.post(`/inspections/${inspectionId}/completion`);
    await until(async () => (await types(service, `lot-${lotId}`)).includes('LotAccepted'));
    expect(await service.post(`/lots/${lotId}/releases`, { quantity: '461' })).toMatchObject({ status: 422, body: { code: 'QUANTITY_NOT_FREE', details: { free: '460', held: '40' } } });
    const released = await service.post(`/lots/${lotId}/releases`, { quantity: '460' });
    expect(released.status).toBe(201);
    const { body } = await service.get(`/lots/${lotId}`, { headers: { 'min-position': released.position } });
    expect(body).toMatchObject({ status: 'partly released', released: '460', held: '40', free: '0' });
    expect(await types(service, `lot-${lotId}`)).toEqual(['LotRegistered', 'QuantityHeld', 'StagePassed', 'LotAccepted', 'QuantityReleased']);
    expect(await types(service, `refusals-lot-${lotId}`)).toEqual([undefined, undefined]);
    const [, hold] = await history(service, `lot-${lotId}`);
    expect(hold).toMatchObject({ data: { quantity: '40', reason: 'diameter 74.062 mm, limits 73.95 to 74.05 mm' }, meta: { actor: 'system:control:hold-out-of-specification' } });
  }, 20_000);

  it('lets one of two people have the last quantity that both release at once', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { lotId } = await acceptedLot(service);
      const told = await Promise.all(['engineer-a', 'engineer-b'].map((id) => service.post(`/lots/${lotId}/releases`, { quantity: '460' }, { id })));
      expect(told.map(({ status }) => status).toSorted()).toEqual([201, 422]);
      expect(told.find(({ status }) => status === 422)?.body).toMatchObject({ code: 'QUANTITY_NOT_FREE', details: { free: '0' } });
    }
  }, 30_000);

  it('keeps a measured value visible beside its correction, with who and why', async () => {
    const { inspectionId } = await inspectedLot(service);
    const correction = { characteristicId: 'diameter', sample: 2, index: 2, value: '74.026', reason: 'digits swapped when typing' };
    const told = await service.post(`/inspections/${inspectionId}/corrections`, correction, { as: 'inspector', id: 'inspector-7' });
    expect(told.status).toBe(201);
    const events = await history(service, `inspection-${inspectionId}`);
    expect(events.map(({ type }) => type.split('.')[1])).toEqual(['InspectionStarted', 'MeasurementsRecorded', 'MeasurementsRecorded', 'ResultOutOfSpecification', 'MeasurementCorrected']);
    expect(events[2]?.data['values']).toEqual(conforming.with(2, '74.062'));
    expect(events[4]).toMatchObject({ data: { was: '74.062', now: '74.026' }, meta: { actor: 'inspector-7', reason: 'digits swapped when typing' } });
    const { body } = await service.get(`/inspections/${inspectionId}`, { headers: { 'min-position': told.position } });
    expect(body).toMatchObject({ samples: 2, outOfSpecification: 1, corrections: 1 });
  }, 20_000);

  it('refuses a release of a version of the lot that has moved', async () => {
    const { lotId, version } = await acceptedLot(service);
    const release = (etag: string) => service.post(`/lots/${lotId}/releases`, { quantity: '10' }, { headers: { 'if-match': etag } });
    const first = await release(`"${version}"`);
    expect(first).toMatchObject({ status: 201, etag: `"${version + 1}"` });
    expect(await release(`"${version}"`)).toMatchObject({ status: 412, body: { code: 'VERSION_MISMATCH' } });
    expect(await release(first.etag)).toMatchObject({ status: 201 });
  }, 20_000);

  it('lets those release who may, and nobody else', async () => {
    const { lotId } = await acceptedLot(service);
    for (const as of ['inspector', 'logistics', 'auditor']) expect(await service.post(`/lots/${lotId}/releases`, { quantity: '1' }, { as })).toMatchObject({ status: 403 });
    expect(await service.post(`/lots/${lotId}/holds`, { holdId: randomUUID(), quantity: '1', cause: 'person', causeId: 'logistics-1', reason: 'box is wet' }, { as: 'logistics' }))
      .toMatchObject({ status: 201 });
  }, 20_000);

  it('sets released quantity aside for a delivery that waits, lets it leave, and says whether the promise was kept', async () => {
    const { lotId } = await acceptedLot(service);
    const [deliveryId, dates] = [randomUUID(), { requestedFor: '2998-01-01T00:00:00Z', confirmedFor: '2999-01-01T00:00:00Z' }];
    const logistics = { as: 'logistics' };
    await service.post('/deliveries', { deliveryId, orderId: 'SO-1', line: 1, accountId: randomUUID(), lotId, quantity: '250', ...dates }, logistics);
    expect(await service.post(`/deliveries/${deliveryId}/dispatch`, {}, logistics)).toMatchObject({ status: 422, body: { code: 'NOT_ALLOCATED', details: { ordered: '250', allocated: '0' } } });
    await until(async () => (await types(service, `refusals-lot-${lotId}`)).length > 0);
    await service.post(`/lots/${lotId}/releases`, { quantity: '300' });
    await until(async () => (await types(service, `lot-${lotId}`)).includes('QuantityAllocated'));
    expect(await service.post(`/deliveries/${deliveryId}/dispatch`, {}, logistics)).toMatchObject({ status: 201 });
    const arrived = await service.post(`/deliveries/${deliveryId}/arrival`, { quantity: '249' }, logistics);
    expect(arrived.status).toBe(201);
    const { body } = await service.get(`/deliveries/${deliveryId}`, { headers: { 'min-position': arrived.position } });
    expect(body).toMatchObject({ status: 'arrived', arrivedQuantity: '249', onTime: true, inFull: false, promisedFor: '2999-01-01T00:00:00.000Z' });
  }, 20_000);
});

describe('a database that is killed under load', () => {
  it('has every command that was answered, and takes the others when they are sent again, once', async () => {
    const before = await run('control_killed');
    const itemId = await putPlanInForce(before);
    const lots = Array.from({ length: 400 }, () => registration(itemId));
    const register = (service: Running, lot: (typeof lots)[number]) =>
      service.post('/lots', { ...lot, requiredInspections: ['final'] }, { headers: { 'idempotency-key': lot.lotId } });
    const answered: string[] = [];
    let killed: Promise<void> | undefined;
    const waiting = [...lots];
    await Promise.all(Array.from({ length: 16 }, async () => {
      for (let lot = waiting.pop(); lot && !killed; lot = waiting.pop()) {
        const told = await register(before, lot).catch(() => undefined);
        if (told?.status === 201) answered.push(lot.lotId);
        if (answered.length >= 100) killed ??= postgres.kill();
      }
    }));
    await killed;
    await before.stop().catch(() => undefined); // its database is gone
    postgres = await startTemporaryPostgres({ fsync: true, dataDir: postgres.dataDir });
    const after = await run('control_killed');
    try {
      const found = await Promise.all(answered.map((lotId) => types(after, `lot-${lotId}`)));
      expect(found).toEqual(answered.map(() => ['LotRegistered']));
      const again = await Promise.all(lots.map((lot) => register(after, lot)));
      expect(new Set(again.map(({ status }) => status))).toEqual(new Set([200, 201]));
      expect(again.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(answered.length);
      const all = await Promise.all(lots.map(({ lotId }) => types(after, `lot-${lotId}`)));
      expect(all).toEqual(lots.map(() => ['LotRegistered']));
      expect(await after.runtime.rebuild('lot-list')).toMatchObject({ equal: true });
    } finally {
      await after.stop();
    }
  }, 90_000);
});
