import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { derivedId, systemClock } from '@touchstone/kernel';
import { canonicalize } from '@touchstone/ledger';
import { InProcessTransport, topicOf } from '@touchstone/messaging';
import type { Message } from '@touchstone/messaging';
import type { LocalIssuer, RunningService } from '@touchstone/platform';
import { createService, localIssuer, openLog } from '@touchstone/platform';
import { recorded, testDatabase } from '@touchstone/testing';
import { planning } from './app.module.js';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'touchstone-planning-'));
const transport = new InProcessTransport();
/** What the other services hear of planning. */
const heard: Message[] = [];
let issuer: LocalIssuer;
let service: RunningService;
let address: string;

beforeAll(async () => {
  const { url } = await database.fresh({ service: 'planning' });
  issuer = await localIssuer(join(folder, 'issuer.pem'));
  service = await createService(planning, { databaseUrl: url, masterKey: randomBytes(32), clock: systemClock, verify: issuer.verify, log: openLog('silent'), transport });
  transport.attach(topicOf('planning'), {
    startAfter: () => Promise.resolve(0),
    deliver: (messages) => {
      heard.push(...messages);
      return Promise.resolve();
    },
  });
  await service.app.startAllMicroservices();
  await service.app.listen(0, '127.0.0.1');
  await service.start();
  address = await service.app.getUrl();
}, 60_000);
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const engineer = ['planner-1', 'quality-engineer'] as const;
const manager = ['manager-1', 'quality-manager'] as const;
const itemId = derivedId('item', 'PR-74');
const diameter = {
  characteristicId: 'diameter', name: 'Ring diameter', unit: 'mm', lower: '73.950', upper: '74.05', target: '74', severity: 'major', method: 'two-point, at 20 °C',
  gaugeClass: 'micrometer 0.001', sampleSize: 5, acceptanceNumber: 0, chart: 'xbar-r', onSignal: 'task', reaction: 'check tool wear, measure again',
};
const draft = (characteristics: readonly object[] = [diameter]) => ({ title: 'Piston ring 74 mm', requiredInspections: ['final'], characteristics });

async function call(method: string, path: string, [id, role]: readonly [string, string], body?: object) {
  const authorization = `Bearer ${await issuer.issue({ id, roles: [role] })}`;
  const response = await fetch(address + path, { method, headers: { 'content-type': 'application/json', authorization }, ...(body && { body: JSON.stringify(body) }) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const post = async (path: string, actor: readonly [string, string], body: object) => {
  const told = await call('POST', path, actor, body);
  return told.status === 422 || told.status === 409 ? told.body['code'] : told.status;
};
const plan = (path: string, actor: readonly [string, string], body: object) => post(`/control-plans/${itemId}/${path}`, actor, body);

/** Everything that follows from what is in the log has followed. */
async function settled(): Promise<void> {
  for (let waited = 0; waited < 500; waited += 1) {
    const head = await service.runtime.options.store.head();
    if ([...service.runtime.followers, service.relay].every((follower) => follower?.position === head)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the service has not settled within 5 s');
}
const read = async (path: string) => {
  await settled();
  return (await call('GET', path, ['auditor-1', 'auditor'])).body;
};

describe('planning, from an item to a plan that learns', () => {
  it('registers an item once, under a number that no other item has', async () => {
    const item = { itemId, number: 'PR-74', name: 'Piston ring 74 mm', unit: 'pcs' };
    expect(await plan('drafts', engineer, draft())).toBe('ITEM_UNKNOWN');
    expect(await post('/items', ['inspector-1', 'inspector'], item)).toBe(403);
    expect([await post('/items', engineer, item), await post('/items', engineer, item)]).toEqual([201, 200]);
    expect(await post('/items', engineer, { ...item, itemId: derivedId('item', 'another') })).toBe('NAME_TAKEN');
    expect([await post(`/items/${itemId}/revisions`, engineer, { revision: 'B' }), await post(`/items/${itemId}/sites`, engineer, { site: 'plant-1' })]).toEqual([201, 201]);
    expect(await read(`/items/${itemId}`)).toMatchObject({ number: 'PR-74', unit: 'pcs', revisions: ['B'], sites: ['plant-1'] });
    expect((await read('/items?number=PR-74'))['items']).toEqual([expect.objectContaining({ itemId })]);
  });

  it('puts a plan in force that one person wrote and another approved, and tells the others', async () => {
    expect(await plan('drafts', engineer, draft([{ ...diameter, lower: '74.06' }]))).toBe('LIMITS_REVERSED');
    expect(await plan('drafts', engineer, draft([{ ...diameter, reaction: undefined }]))).toBe(400);
    expect(await plan('drafts', engineer, draft())).toBe(201);
    expect(await plan('in-force', manager, { revision: 1 })).toBe('PLAN_NOT_APPROVED');
    expect(await plan('approvals', engineer, { revision: 1 })).toBe(403);
    expect(await plan('approvals', ['planner-1', 'quality-manager'], { revision: 1 })).toBe('AUTHOR_CANNOT_APPROVE');
    expect([await plan('approvals', manager, { revision: 1 }), await plan('in-force', manager, { revision: 1 })]).toEqual([201, 201]);
    await settled();
    const told = heard.filter(({ headers }) => headers.ce_type === 'planning.ControlPlanInForce.v1').map(({ key, value }) => ({ key, data: JSON.parse(value) as unknown }));
    expect(told).toEqual([{
      key: `controlPlan-${itemId}`,
      data: { itemId, revision: 1, unit: 'pcs', author: 'planner-1', approvedBy: 'manager-1', ...draft([{ ...diameter, lower: '73.95' }]) },
    }]);
  });

  it('notes the root cause that assurance confirmed on the plan, once', async () => {
    const capaId = derivedId('capa', 'journey');
    const data = { capaId, nonconformityId: derivedId('nonconformity', 'journey'), itemId, characteristicId: 'diameter', rootCause: 'insert worn', method: '5 why' };
    const type = 'assurance.RootCauseConfirmed.v1';
    const message = (offset: number): Message => ({
      key: `capa-${capaId}`, offset, value: canonicalize(data),
      headers: { ce_id: derivedId('event', 'journey'), ce_type: type, ce_source: 'assurance:test:1', touchstone_meta: canonicalize(recorded(type, data, { stream: `capa-${capaId}` }).meta) },
    });
    await transport.publisher(topicOf('assurance')).publish([message(1)]);
    await transport.publisher(topicOf('assurance')).publish([message(1), message(2)]);
    const { notes } = await read(`/control-plans/${itemId}`);
    expect(notes).toEqual([{ characteristicId: 'diameter', note: 'Root cause (5 why): insert worn', causeId: capaId, revision: 1, notedAt: expect.any(String) as string }]);
  });

  it('supersedes the revision in force by the next', async () => {
    expect(await plan('drafts', engineer, draft([{ ...diameter, sampleSize: 8 }]))).toBe(201);
    expect([await plan('approvals', manager, { revision: 2 }), await plan('in-force', manager, { revision: 2 }), await plan('in-force', manager, { revision: 1 })]).toEqual([201, 201, 'REVISION_SUPERSEDED']);
    const { revisionInForce, revisions } = await read(`/control-plans/${itemId}`);
    expect(revisionInForce).toBe(2);
    expect((revisions as { status: string }[]).map(({ status }) => status)).toEqual(['superseded', 'in-force']);
    expect((await read('/control-plans?latestStatus=in-force'))['items']).toEqual([expect.objectContaining({ itemId })]);
  });
});
