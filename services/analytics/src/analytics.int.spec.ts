import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DomainEvent, RecordedEvent } from '@touchstone/kernel';
import { derivedId, plusDays, SimulatedClock } from '@touchstone/kernel';
import { canonicalize } from '@touchstone/ledger';
import { contracts } from '@touchstone/contracts';
import type { LoyaltyAssessed } from '@touchstone/contracts/analytics';
import { deliveryArrived, deliveryDispatched, deliveryPlanned, nonconformityReported } from '@touchstone/contracts/control';
import { accountRegistered, complaintReceived, purchaseRecorded, satisfactionStated } from '@touchstone/contracts/feedback';
import type { PolicyDecision, PolicyDocument } from '@touchstone/decisions';
import { verifyDecision } from '@touchstone/decisions';
import { createService, localIssuer, openLog } from '@touchstone/platform';
import type { RunningService } from '@touchstone/platform';
import { testDatabase } from '@touchstone/testing';
import { analytics, loyaltyPolicies } from './app.js';

const database = testDatabase();
const home = mkdtempSync(join(tmpdir(), 'touchstone-analytics-'));
const clock = new SimulatedClock('2026-03-02T08:00:00.000Z');
const id = (name: string) => derivedId('analytics', name);
const [ada, bob] = [id('ada'), id('bob')];
const [first] = loyaltyPolicies as [PolicyDocument];
let running: RunningService;
let token: (role: string, name?: string) => Promise<string>;

beforeAll(async () => {
  const { url } = await database.fresh({ service: 'analytics' });
  const issuer = await localIssuer(join(home, 'issuer.pem'));
  token = (role, name = role) => issuer.issue({ id: name, roles: [role] });
  running = await createService(analytics, { databaseUrl: url, masterKey: randomBytes(32), clock, verify: issuer.verify, log: openLog('fatal') });
  await running.app.listen(0, '127.0.0.1');
  await running.start();
}, 60_000);
afterAll(async () => {
  await running.stop();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

async function post(path: string, body: object, as: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${await running.app.getUrl()}${path}`, { method: 'POST', headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

let offset = 0;
/** As other services' events arrive: their bytes, in the order of each stream. */
async function arrive(...events: readonly (readonly [stream: string, event: DomainEvent, migrated?: 'migrated'])[]): Promise<void> {
  await running.runtime.options.store.ingest(events.map(([stream, event, migrated]) => {
    contracts.check(event);
    offset += 1;
    const eventId = derivedId('arrived', offset);
    const now = clock.now();
    const meta = { actor: 'x', commandId: eventId, causationId: eventId, correlationId: eventId, occurredAt: now, recordedAt: now, decider: 'x@1', ...(migrated && { provenance: [migrated] }) };
    return { id: eventId, type: event.type, stream, body: canonicalize(event.data), meta: canonicalize(meta), topic: `${stream.split('/')[0]}.events.v1`, offset };
  }));
  await settled();
}

/** Until every follower stands at the head, and stays there. */
async function settled(): Promise<void> {
  for (let waited = 0, still = 0; waited < 1_000 && still < 3; waited += 1) {
    const head = await running.runtime.options.store.head();
    still = running.runtime.followers.every(({ position }) => position === head) ? still + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function moveTo(instant: string): Promise<number> {
  clock.moveTo(instant);
  const fired = await running.runtime.poller.fire();
  await settled();
  return fired;
}

const assessments = async (accountId: string): Promise<RecordedEvent<LoyaltyAssessed>[]> => {
  const { value } = await running.runtime.ports({}, clock.now()).stream(`loyalty-${accountId}`);
  return value as RecordedEvent<LoyaltyAssessed>[];
};

const delivery = { deliveryId: id('d1'), accountId: ada, lotId: id('lot') };
const delivered = (deliveryId: string, accountId: string) => [
  [`control/delivery-${deliveryId}`, deliveryPlanned({ ...delivery, deliveryId, accountId, orderId: 'SO-1', line: 1, itemId: id('item'), quantity: '40', requestedFor: clock.now(), confirmedFor: clock.now() })],
  [`control/delivery-${deliveryId}`, deliveryDispatched({ ...delivery, deliveryId, accountId, quantity: '40' })],
  [`control/delivery-${deliveryId}`, deliveryArrived({ ...delivery, deliveryId, accountId, itemId: id('item'), quantity: '40', promisedFor: clock.now(), onTime: true, inFull: true })],
] as const;

describe('analytics', () => {
  it('lets nobody be judged before somebody else than its author has approved a policy', async () => {
    await arrive([`feedback/account-${ada}`, accountRegistered({ accountId: ada, name: 'Ada' }), 'migrated'], [`feedback/account-${bob}`, accountRegistered({ accountId: bob, name: 'Bob' }), 'migrated']);
    expect(await post(`/loyalty/${ada}/assessments`, { because: 'command' }, await token('analyst'))).toMatchObject({ status: 422, body: { code: 'NO_POLICY_IN_FORCE' } });
    const proposal = { document: first };
    expect((await post('/policies/loyalty/versions', proposal, await token('auditor'))).status).toBe(403);
    expect(await post('/policies/loyalty/versions', { document: { ...first, rules: [] } }, await token('analyst'))).toMatchObject({ status: 422, body: { code: 'POLICY_INVALID' } });
    expect((await post('/policies/loyalty/versions', proposal, await token('quality-manager', 'author'))).status).toBe(201);
    const approval = { version: 1, inForceFrom: clock.now() };
    expect(await post('/policies/loyalty/approvals', approval, await token('quality-manager', 'author'))).toMatchObject({ status: 422, body: { code: 'AUTHOR_CANNOT_APPROVE' } });
    expect((await post('/policies/loyalty/approvals', approval, await token('quality-manager', 'approver'))).status).toBe(201);
  }, 60_000);

  it('finds whom a nonconforming lot reached, whichever came first', async () => {
    await arrive(...delivered(id('d1'), ada));
    await arrive([`control/nonconformity-${id('n1')}`, nonconformityReported({
      nonconformityId: id('n1'), lotId: id('lot'), lotNumber: 'L-1', itemId: id('item'), requirement: 'diameter within specification', quantity: '80', severity: 'major',
      source: 'late-inspection', sourceId: id('inspection'),
    })]);
    await arrive(...delivered(id('d2'), bob));
    const response = await fetch(`${await running.app.getUrl()}/exposures?lotId=${id('lot')}`, { headers: { authorization: `Bearer ${await token('auditor')}` } });
    const { items } = (await response.json()) as { items: { accountId: string }[] };
    expect(items.map(({ accountId }) => accountId).toSorted()).toEqual([ada, bob].toSorted());
  }, 60_000);

  it('judges at the end of the day, by what is known then, and can show it again', async () => {
    await arrive(
      [`feedback/purchase-${id('p1')}`, purchaseRecorded({ purchaseId: id('p1'), accountId: ada, source: 'shop', externalId: '1', units: '1', amount: '9.99', currency: 'EUR' })],
      [`feedback/account-${ada}`, satisfactionStated({ accountId: ada, score: 2 })],
    );
    expect(await running.runtime.poller.next()).toBe('2026-03-03T00:00:00.000Z');
    expect(await moveTo('2026-03-03T00:00:00.000Z')).toBe(2);
    const [assessed, ...more] = await assessments(ada);
    if (!assessed) throw new Error('nothing was assessed');
    expect(more).toEqual([]);
    expect(assessed.data).toMatchObject({
      because: 'event', churnRisk: 'high', openCase: true, fired: ['said-so'], policy: { id: 'loyalty', version: 1 }, exposure: { count: 1, weight: '1' },
      promiseKeeping: { kept: 0, due: 1 }, satisfaction: { latest: 2, mean: '2', n: 1 }, repeatPurchase: { frequency: 0, recencyDays: 0 }, complaints: { received: 0, open: 0, burden: '1' },
    });
    expect(assessed.meta).toMatchObject({ actor: 'system:analytics:assess-after-event', occurredAt: '2026-03-03T00:00:00.000Z', provenance: ['simulated'] });
    expect((await assessments(bob)).map(({ data }) => [data.churnRisk, data.fired])).toEqual([['elevated', ['exposed']]]);

    const { rows } = await running.runtime.options.store.pool.query<{ record: string }>('select record from command where id = $1', [assessed.meta.commandId]);
    const { facts } = JSON.parse(rows[0]?.record ?? '{}') as { facts: { decision: { value: PolicyDecision; refs: unknown } } };
    const decision = facts.decision.value;
    expect(decision).toMatchObject({ policy: assessed.data.policy, fired: assessed.data.fired, factsHash: assessed.data.factsHash, resultHash: assessed.data.resultHash, facts: { satisfactionLatest: '2', burden: '1' } });
    expect(facts.decision.refs).toEqual([{ stream: 'policy-loyalty', version: 2 }]);
    expect(await verifyDecision(decision, first)).toEqual({ equal: true, differences: [] });
    expect(await verifyDecision({ ...decision, facts: { ...decision.facts, burden: '0' } }, first)).toMatchObject({ equal: false });
  }, 60_000);

  it('says nothing new of what it has judged already', async () => {
    expect(await post(`/loyalty/${ada}/assessments`, { because: 'command' }, await token('analyst'))).toMatchObject({ status: 200, body: { outcome: 'accepted', events: [] } });
    expect(await running.runtime.poller.fire()).toBe(0);
  }, 60_000);

  it('judges again on the first of the month, with the risk before', async () => {
    await arrive([`feedback/complaint-${id('c1')}`, complaintReceived({ complaintId: id('c1'), accountId: ada, channel: 'mail', category: 'does not fit', lotId: id('lot'), acknowledgeBy: plusDays(clock.now(), 2), respondBy: plusDays(clock.now(), 10) })]);
    await moveTo(plusDays(clock.now(), 1));
    await moveTo('2026-04-01T00:00:00.000Z');
    expect((await assessments(ada)).map(({ data, meta }) => [meta.occurredAt.slice(0, 10), data.because, data.complaints, data.previousRisk])).toEqual([
      ['2026-03-03', 'event', { received: 0, open: 0, burden: '1' }, undefined],
      ['2026-03-04', 'event', { received: 1, open: 1, burden: '1' }, 'high'],
      ['2026-04-01', 'month', { received: 1, open: 1, burden: '1' }, 'high'],
    ]);
    expect(await running.runtime.poller.next()).toBe('2026-05-01T00:00:00.000Z');
  }, 60_000);

  it('has read models that come out the same when they are built again', async () => {
    for (const name of ['account-facts', 'account-exposure', 'deliveries-by-lot', 'loyalty-list', 'policy-list', 'deadlines']) expect(await running.runtime.rebuild(name)).toMatchObject({ equal: true });
  }, 60_000);
});
