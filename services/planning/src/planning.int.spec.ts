import 'reflect-metadata';
import { derivedId } from '@touchstone/kernel';
import { canonicalize } from '@touchstone/ledger';
import { InProcessTransport, topicOf } from '@touchstone/messaging';
import type { Message } from '@touchstone/messaging';
import { recorded, testService } from '@touchstone/testing';
import { planning } from './app.module.js';

const transport = new InProcessTransport();
/** What the other services hear of planning. */
const heard: Message[] = [];
const { call, settled } = testService(planning, {
  transport,
  beforeStart: () => transport.attach(topicOf('planning'), {
    takenFrom: () => Promise.resolve(0),
    deliver: (_, messages) => {
      heard.push(...messages);
      return Promise.resolve();
    },
  }),
});

const engineer = ['planner-1', 'quality-engineer'] as const;
const manager = ['manager-1', 'quality-manager'] as const;
const itemId = derivedId('item', 'PR-74');
const diameter = {
  characteristicId: 'diameter', name: 'Ring diameter', unit: 'mm', lower: '73.950', upper: '74.05', target: '74', severity: 'major', method: 'two-point, at 20 °C',
  gaugeClass: 'micrometer 0.001', sampleSize: 5, acceptanceNumber: 0, chart: 'xbar-r', onSignal: 'task', reaction: 'check tool wear, measure again',
};
const draft = (characteristics: readonly object[] = [diameter]) => ({ title: 'Piston ring 74 mm', requiredInspections: ['final'], characteristics });

const post = async (path: string, actor: readonly [string, string], body: object) => {
  const told = await call('POST', path, actor, body);
  return told.status === 422 || told.status === 409 ? told.body['code'] : told.status;
};
const plan = (path: string, actor: readonly [string, string], body: object) => post(`/control-plans/${itemId}/${path}`, actor, body);

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
