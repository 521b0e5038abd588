import { randomUUID } from 'node:crypto';
import type { RecordedEvent } from '@touchstone/kernel';
import { InProcessTransport } from '@touchstone/messaging';
import type { Depot, Running } from './parcels.spec-kit.js';
import { openDepot } from './parcels.spec-kit.js';
import { control, packingDepot } from './releases.spec-kit.js';

let kit: Depot;
let [producer, consumer]: Running[] = [];
beforeAll(async () => {
  kit = await openDepot();
  const transport = new InProcessTransport();
  producer = await kit.run(control, { transport, attachOnly: true });
  consumer = await kit.run(packingDepot(), { transport, attachOnly: true });
  await Promise.all([producer?.start(), consumer?.start()]);
}, 60_000);
afterAll(() => kit.stop(), 60_000);

async function get(path: string, minPosition = ''): Promise<{ status: number; body: unknown }> {
  const headers = { ...(await consumer?.as('auditor')), ...(minPosition !== '' && { 'min-position': minPosition }) };
  const response = await fetch(`${consumer?.address}${path}`, { headers });
  return { status: response.status, body: await response.json() };
}

async function release(lotId: string, provenance?: 'migrated'): Promise<string> {
  const headers = { ...(await producer?.as(provenance ? 'importer' : 'quality-engineer', 'ada')), 'content-type': 'application/json' };
  const [path, body] = provenance ? ['/bulk', { type: 'ReleaseQuantity', body: { lotId, quantity: '40' } }] : [`/lots/${lotId}/releases`, { quantity: '40' }];
  const response = await fetch(`${producer?.address}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  await response.text();
  const [event] = (await producer?.runtime.options.store.readStream(`lot-${lotId}`)) ?? [];
  return event?.id ?? '';
}

async function eventually<T>(ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
  for (let waited = 0; waited < 400; waited += 1) {
    const answer = await ask();
    if (good(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not come to this within eight seconds');
}

describe('two services', () => {
  it('hear each other: what one records, the other takes in, acts on, and can explain back to the cause', async () => {
    const lotId = randomUUID();
    const cause = await release(lotId);
    const ingested = await get(`/ingested/${cause}`);
    expect(ingested).toMatchObject({ status: 200, body: { position: expect.stringMatching(/^depot:test:1@\d+$/) as string } });
    expect((await get('/parcels', (ingested.body as { position: string }).position)).status).toBe(200);
    const caused = await eventually(() => get(`/caused/${cause}`), ({ body }) => (body as RecordedEvent[]).length > 0);
    expect(caused.body).toMatchObject([
      { stream: `parcel-${lotId}`, type: 'depot.ParcelRegistered.v1', data: { parcelId: lotId, weight: '40' }, meta: { actor: 'system:depot:pack', causationId: cause } },
    ]);
    const [registered] = caused.body as RecordedEvent[];
    const [original] = (await producer?.runtime.options.store.readStream(`lot-${lotId}`)) ?? [];
    expect(registered?.meta.correlationId).toBe((JSON.parse(original?.meta ?? '{}') as { correlationId: string }).correlationId);
  });

  it('start nothing because of a record that was migrated, also in the other service', async () => {
    const [old, later] = [randomUUID(), randomUUID()];
    const oldCause = await release(old, 'migrated');
    const laterCause = await release(later);
    await eventually(() => get(`/caused/${laterCause}`), ({ body }) => (body as unknown[]).length === 1);
    expect((await get(`/history/control%2Flot-${old}`)).status).toBe(200);
    expect((await get(`/caused/${oldCause}`)).body).toEqual([]);
  });

  it('are both ready', async () => {
    for (const running of [producer, consumer]) expect((await fetch(`${running?.address}/health/ready`)).status).toBe(200);
  });
});
