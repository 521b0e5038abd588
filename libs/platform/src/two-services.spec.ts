import { Controller } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Decider, DomainEvent, RecordedEvent } from '@touchstone/kernel';
import { reaction, Runtime, slice } from '@touchstone/event-store';
import { InProcessTransport } from '@touchstone/messaging';
import type { Asked, ServiceDefinition } from './index.js';
import { AskedFor, Quantity, Takes, Uuid } from './index.js';
import type { Depot, Running } from './parcels.spec-kit.js';
import { depot as parcelDepot, openDepot, parcels, RegisterParcel } from './parcels.spec-kit.js';

class ReleaseQuantity {
  readonly type = 'ReleaseQuantity';
  @Uuid() lotId!: string;
  @Quantity() quantity!: string;
}

type Released = DomainEvent<'control.QuantityReleased.v1', { lotId: string; quantity: string }>;
const lot: Decider<null, ReleaseQuantity, Released> = {
  name: 'control.lot', version: 1, initialState: () => null, evolve: (state) => state,
  decide: (_, { lotId, quantity }) => [{ type: 'control.QuantityReleased.v1', data: { lotId, quantity } }],
};
const lots = slice<null, ReleaseQuantity, Released, object>({ decider: lot, commands: { ReleaseQuantity }, stream: ({ lotId }) => `lot-${lotId}` });

@Controller('lots')
class LotsController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(ReleaseQuantity, ':lotId/releases', 'lot.release')
  release(@AskedFor(ReleaseQuantity) { command, context }: Asked<ReleaseQuantity>) {
    return this.runtime.commands.handle(lots, command, context);
  }
}
Reflect.defineMetadata('design:paramtypes', [Runtime], LotsController);

const control: ServiceDefinition = { name: 'control', listensTo: [], slices: [{ slice: lots, controllers: [LotsController] }] };

/** What control releases becomes a parcel of the depot. */
const pack = reaction({
  name: 'pack', on: ['control.QuantityReleased.v1'],
  send: ({ data }) => {
    const { lotId, quantity } = data as Released['data'];
    return [{ slice: parcels, command: Object.assign(new RegisterParcel(), { parcelId: lotId, weight: quantity, unit: 'pcs' }) }];
  },
});
const listening: ServiceDefinition = { ...parcelDepot, listensTo: ['control/lot'], slices: parcelDepot.slices.map((each) => ({ ...each, reactions: [pack] })) };

let kit: Depot;
let [producer, consumer]: Running[] = [];
beforeAll(async () => {
  kit = await openDepot();
  const transport = new InProcessTransport();
  producer = await kit.run(control, { transport, attachOnly: true });
  consumer = await kit.run(listening, { transport, attachOnly: true });
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
