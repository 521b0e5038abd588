import type { INestApplication } from '@nestjs/common';
import { systemClock } from '@touchstone/kernel';
import { UNASSIGNED_ACCOUNT_ID } from '@touchstone/contracts';
import type { Host, RunningService } from '@touchstone/platform';
import { createService, openLog } from '@touchstone/platform';
import { testDatabase } from '@touchstone/testing';
import { feedback } from './app.module.js';

const database = testDatabase();
const accountId = 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01';
const contactId = '6a8c0e2f-4b6d-5f8a-9c1e-3a5c7e9b1d26';
const complaintId = '3f9b8a52-6f0e-5c7e-8a41-2b9d7c4e5f60';

let service: RunningService;
let app: INestApplication;
beforeAll(async () => {
  const { url } = await database.fresh({ service: 'feedback' });
  // The token is the role: who may have one is tested where tokens are verified.
  const verify: Host['verify'] = (token) => Promise.resolve({ id: `${token}-1`, roles: [token] });
  service = await createService(feedback, { databaseUrl: url, masterKey: Buffer.alloc(32, 7), clock: systemClock, verify, log: openLog('silent') });
  app = service.app;
  await app.listen(0, '127.0.0.1');
  await service.start();
}, 60_000);
afterAll(() => service.stop());

let position = '';
async function send(method: string, path: string, body?: object, role = 'customer-care') {
  const headers = { authorization: `Bearer ${role}`, 'content-type': 'application/json', ...(position !== '' && { 'min-position': position }) };
  const response = await fetch((await app.getUrl()) + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  position = response.headers.get('position') ?? position;
  return [response.status, (await response.json()) as Record<string, unknown>] as const;
}
const post = (path: string, body: object, role?: string) => send('POST', path, body, role);
const get = (path: string, role?: string) => send('GET', path, undefined, role);

describe('feedback over HTTP', () => {
  it('takes a customer with his places and contacts, and what he thinks of us', async () => {
    expect((await post('/accounts', { accountId, name: 'Muster Maschinenbau GmbH' }))[0]).toBe(201);
    expect((await post(`/accounts/${accountId}/ship-tos`, { shipToId: complaintId, label: 'works-2', country: 'DE' }))[0]).toBe(201);
    expect((await post(`/accounts/${accountId}/contacts`, { contactId, shipToId: complaintId, name: 'Ada Muster' }))[0]).toBe(201);
    expect((await post(`/accounts/${accountId}/satisfaction`, { contactId, score: 9 }))[0]).toBe(201);
    expect(await get(`/accounts/${accountId}`, 'inspector')).toMatchObject([200, { name: 'Muster Maschinenbau GmbH', contacts: 1, satisfaction: 9 }]);
    expect(await get('/accounts')).toMatchObject([200, { items: [{ accountId }] }]);
  });
  it('tells who the contacts are to those who care for customers, and to nobody else', async () => {
    expect(await get(`/accounts/${accountId}/contacts`)).toEqual([200, [{ accountId, contactId, shipToId: complaintId, name: 'Ada Muster' }]]);
    expect((await get(`/accounts/${accountId}/contacts`, 'inspector'))[0]).toBe(403);
  });
  it('takes a complaint through to its end', async () => {
    expect((await post('/complaints', { complaintId, channel: 'phone', category: 'Late', text: 'Where is it?' }))[0]).toBe(201);
    expect(await get(`/complaints/${complaintId}`, 'inspector')).toMatchObject([200, { accountId: UNASSIGNED_ACCOUNT_ID, status: 'received' }]);
    for (const [path, body] of [
      ['acknowledgement', {}], ['assessments', { severity: 'minor', about: 'service', team: 'care' }], ['responses', { response: 'it is on its way' }],
      ['resolutions', { customerAgrees: false, recovery: 'refund' }], ['escalations', { why: 'customer-disagrees' }], ['closing', { outcome: 'unresolved' }],
    ] as const) expect([path, (await post(`/complaints/${complaintId}/${path}`, body))[0]]).toEqual([path, 201]);
    expect(await get('/complaints?status=unresolved')).toMatchObject([200, { items: [{ complaintId, escalated: true }] }]);
  });
  it('gives the words of the customer to those who work on the complaint, and to nobody else', async () => {
    expect(await get(`/complaints/${complaintId}/words`)).toEqual([200, { complaintId, text: 'Where is it?' }]);
    expect((await get(`/complaints/${complaintId}/words`, 'inspector'))[0]).toBe(403);
    expect((await get(`/complaints/${contactId}/words`))[0]).toBe(404);
  });
  it('refuses a purchase under an id of somebody\'s own, and lists purchases by account', async () => {
    const purchase = { purchaseId: contactId, accountId, source: 'shop', externalId: 'o-1', units: '1', amount: '9.90', currency: 'EUR' };
    const [status, problem] = await post('/purchases', purchase);
    expect([status, problem['code']]).toEqual([422, 'PURCHASE_ID_DIFFERS']);
    const { expected } = problem['details'] as { expected: string };
    expect((await post('/purchases', { ...purchase, purchaseId: expected }))[0]).toBe(201);
    expect(await get(`/purchases?accountId=${accountId}`)).toMatchObject([200, { items: [{ purchaseId: expected, amount: '9.9' }] }]);
  });
});
