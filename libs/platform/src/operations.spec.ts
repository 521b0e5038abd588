import { randomUUID } from 'node:crypto';
import { reaction } from '@touchstone/event-store';
import { InProcessTransport } from '@touchstone/messaging';
import type { Depot, Running } from './parcels.spec-kit.js';
import { depot as definition, openDepot, parcels, WeighParcel } from './parcels.spec-kit.js';

let depot: Depot;
let alone: Running;
let service: Running;
let mended = false;

/** Weighs each parcel again, unless its scale is broken. */
const reweigh = reaction({
  name: 'reweigh', on: ['depot.ParcelRegistered.v1'],
  send: ({ data }) => {
    const { parcelId, unit } = data as { parcelId: string; unit: string };
    if (unit === 'broken-scale' && !mended) throw new Error('the scale does not answer');
    return [{ slice: parcels, command: Object.assign(new WeighParcel(), { parcelId, weight: '10' }) }];
  },
});

beforeAll(async () => {
  depot = await openDepot();
  alone = await depot.run();
  service = await depot.run({ ...definition, slices: definition.slices.map((each) => ({ ...each, reactions: [reweigh] })) }, { transport: new InProcessTransport() });
}, 60_000);
afterAll(() => depot.stop(), 60_000);

const call = async (running: Running, path: string, role = 'operator', body?: object) => {
  const response = await fetch(running.address + path, {
    headers: { ...(await running.as(role)), 'content-type': 'application/json' }, ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const register = async (unit = 'kg') => {
  const parcelId = randomUUID();
  expect((await call(service, '/parcels', 'quality-engineer', { parcelId, weight: '10', unit })).status).toBe(201);
  return parcelId;
};
const until = async (done: () => Promise<boolean>) => {
  for (let waited = 0; waited < 400; waited += 1) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('it did not come to this within ten seconds');
};
const health = async (running: Running) => {
  const response = await fetch(`${running.address}/health/ready`);
  return { http: response.status, ...((await response.json()) as { status: string }) };
};

describe('health', () => {
  it('is live without a token', async () => {
    const response = await fetch(`${alone.address}/health/live`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'live' }]);
  });

  it('is not ready where nobody can hear the service', async () => {
    expect(await health(alone)).toMatchObject({ http: 503, status: 'not ready: no transport' });
  });

  it('is ready when every part works', async () => {
    expect(await health(service)).toMatchObject({ http: 200, status: 'ready' });
  });

  it('names the part that is dead', async () => {
    const follower = service.runtime.models.get('parcel-list')?.follower;
    await follower?.stop();
    expect(await health(service)).toMatchObject({ http: 503, status: 'not ready: read model parcel-list: stopped' });
    follower?.start();
    await service.relay?.stop();
    expect((await health(service)).status).toBe('not ready: relay: stopped');
    service.relay?.start();
    expect((await health(service)).http).toBe(200);
  });
});

const ended = async ({ operation }: Record<string, unknown>) => {
  let last: Record<string, unknown> = {};
  await until(async () => (last = (await call(service, `/rebuilds/${String(operation)}`)).body)['state'] !== 'building');
  return last as { state: string; outcome: Record<string, unknown> };
};

describe('read models', () => {
  it('say where they stand and what they hold, in a hash', async () => {
    await register();
    const { body } = await call(service, '/read-models');
    expect(body).toMatchObject({ service: 'depot', readModels: [{ name: 'parcel-list', version: 1 }, { name: 'deadlines', version: 1 }] });
    const [list] = body['readModels'] as { hash: string; position: string }[];
    expect(list?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(list?.position).toMatch(/^depot:test:1@\d+$/);
  });

  it('are equal when they are built again from zero', async () => {
    await register();
    await until(async () => (await service.runtime.lag()) === 0);
    const begun = await call(service, '/read-models/parcel-list/rebuild', 'auditor', {});
    expect(begun).toMatchObject({ status: 202, body: { name: 'parcel-list', version: 1, generation: 2, purpose: 'compare', head: await service.runtime.options.store.head() } });
    const { state, outcome } = await ended(begun.body);
    expect([state, outcome]).toEqual(['gone', {
      name: 'parcel_list_v1', equal: true, liveHash: outcome['rebuiltHash'], rebuiltHash: outcome['liveHash'], durationMs: expect.any(Number) as number, seq: await service.runtime.options.store.head(),
    }]);
    expect(outcome['liveHash']).toBe(((await call(service, '/read-models')).body['readModels'] as { hash: string }[])[0]?.hash);
    expect((await call(service, '/read-models/parcel-list/rebuild')).body).toMatchObject({ operation: begun.body['operation'], state: 'gone' });
    expect((await health(service)).http).toBe(200);
  });

  it('that were tampered with are found out', async () => {
    const parcelId = await register();
    await until(async () => (await service.runtime.lag()) === 0);
    const { pool } = service.runtime.options.store;
    await pool.query(`update parcel_list_v1.parcel set weight = '11' where "parcelId" = $1`, [parcelId]);
    expect((await ended((await call(service, '/read-models/parcel-list/rebuild', 'auditor', {})).body)).outcome).toMatchObject({ equal: false });
    await pool.query(`update parcel_list_v1.parcel set weight = '10' where "parcelId" = $1`, [parcelId]);
  });

  it('are replaced on demand, and the service stays ready', async () => {
    const begun = await call(service, '/read-models/parcel-list/rebuild', 'operator', { replace: true });
    expect(begun).toMatchObject({ status: 202, body: { purpose: 'replace' } });
    expect(await ended(begun.body)).toMatchObject({ state: 'live' });
    expect((await health(service)).http).toBe(200);
    expect(await call(service, '/read-models/parcel-list/rebuild', 'inspector', { replace: true })).toMatchObject({ status: 403 });
    expect(await call(service, '/read-models/parcel-list/rebuild', 'operator', { replace: 'yes' })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/replace' }] } });
    expect(await call(service, '/read-models/parcel-list/rebuild/cancellation', 'operator', {})).toMatchObject({ status: 404 });
    expect(await call(service, `/rebuilds/${randomUUID()}`)).toMatchObject({ status: 404 });
    expect(await call(service, '/rebuilds/one')).toMatchObject({ status: 400 });
  });

  it('that do not exist are 404, with those that do', async () => {
    expect(await call(service, '/read-models/parcels/rebuild', 'auditor', {})).toMatchObject({ status: 404, body: { detail: 'depot has no read model parcels: it has parcel-list, deadlines' } });
  });
});

interface Parked { consumer: string; stream: string; eventId: string; error: string; attempts: number; state: string; decidedBy: string | null; decidedAt: string | null; reason: string | null }

describe('what is parked', () => {
  const parked = async (query = '') => (await call(service, `/parked${query}`)).body['items'] as Parked[];
  const decide = (target: object, decision: string, role = 'operator') => call(service, '/parked/decisions', role, { consumer: 'reaction:reweigh', decision, why: 'scale mended', ...target });
  const weighings = async (parcelId: string) => (await service.runtime.options.store.readStream(`parcel-${parcelId}`)).length - 1;

  it('is listed with its error while other streams flow, and is replayed or discarded by a person, whose name and reason are kept, with the time', async () => {
    const [poison, other] = [await register('broken-scale'), await register('broken-scale')];
    const good = await register();
    await until(async () => (await parked()).length === 2);
    expect(await parked()).toEqual(expect.arrayContaining([expect.objectContaining({ consumer: 'reaction:reweigh', stream: `parcel-${poison}`, error: 'the scale does not answer', attempts: 5 })]));
    await until(async () => (await weighings(good)) === 1);
    const idOf = async (parcelId: string) => (await parked(`?stream=parcel-${parcelId}`))[0]?.eventId ?? '';
    const eventId = await idOf(poison);
    expect(await decide({ eventId }, 'replayed')).toMatchObject({ status: 422, body: { code: 'PARKED_STILL_FAILS', failed: { eventId, error: 'the scale does not answer' }, left: 1 } });
    expect(await parked()).toHaveLength(2);
    mended = true;
    expect((await decide({ eventId }, 'replayed', 'inspector')).status).toBe(403);
    expect(await decide({ eventId, dryRun: true }, 'replayed')).toMatchObject({ status: 201, body: { decision: 'replayed', stream: `parcel-${poison}`, eventIds: [eventId], left: 0 } });
    expect(await weighings(poison)).toBe(0);
    expect(await decide({ eventId }, 'replayed')).toMatchObject({ status: 201, body: { decision: 'replayed', eventIds: [eventId], left: 0 } });
    expect(await weighings(poison)).toBe(1);
    expect(await decide({ stream: `parcel-${other}` }, 'discarded')).toMatchObject({ status: 201, body: { decision: 'discarded', left: 0 } });
    expect([await weighings(other), await parked()]).toEqual([0, []]);
    expect(await decide({ eventId }, 'replayed')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await parked(`?state=any&eventId=${eventId}`)).toMatchObject([{ state: 'replayed', decidedBy: 'operator-1', decidedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string, reason: 'scale mended' }]);
  });

  it('is decided in one of two ways, about one event or one stream', async () => {
    expect(await decide({ eventId: randomUUID() }, 'forgotten')).toMatchObject({ status: 400, body: { errors: [{ pointer: '/decision' }] } });
    expect(await decide({}, 'discarded')).toMatchObject({ status: 400, body: { code: 'EVENT_OR_STREAM' } });
    expect(await decide({ eventId: randomUUID(), stream: 'parcel-1' }, 'discarded')).toMatchObject({ status: 400, body: { code: 'EVENT_OR_STREAM' } });
  });

  it('is listed page by page, by consumer, stream and state, and counted', async () => {
    const { parking } = service.runtime;
    const ids = Array.from({ length: 5 }, () => randomUUID());
    for (const [index, eventId] of ids.entries()) await parking.park('ingest:planning.events.v1', { stream: `item-${index % 2}`, eventId, position: index, event: '{}' }, 'broken', 1);
    const first = await call(service, '/parked?consumer=ingest:planning.events.v1&limit=3');
    expect((first.body['items'] as Parked[]).map(({ eventId }) => eventId)).toEqual(ids.slice(0, 3));
    const second = await call(service, `/parked?consumer=ingest:planning.events.v1&limit=3&after=${String(first.body['next'])}`);
    expect([(second.body['items'] as Parked[]).map(({ eventId }) => eventId), second.body['next']]).toEqual([ids.slice(3), undefined]);
    expect(await parked('?consumer=ingest:planning.events.v1&stream=item-1')).toHaveLength(2);
    expect(await call(service, '/parked?after=beyond')).toMatchObject({ status: 400, body: { code: 'BAD_CURSOR' } });
    expect(await call(service, '/parked?state=lost')).toMatchObject({ status: 400, body: { code: 'BAD_PARAMETER' } });
    const counted = (await call(service, '/parked/counts')).body['items'] as object[];
    expect(counted).toContainEqual({ consumer: 'ingest:planning.events.v1', state: 'parked', count: 5, streams: 2, oldest: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string });
  });

  it('shows in the readiness of the service, which stays ready', async () => {
    const { parts, ...answer } = (await health(service)) as { http: number; status: string; parts?: { name: string; degraded?: string }[] };
    expect(answer).toEqual({ http: 200, status: 'ready' });
    expect(parts?.find(({ name }) => name === 'parked events')?.degraded).toMatch(/^ingest:planning\.events\.v1: 5 parked on 2 streams since \d{4}-/);
    expect(await decide({ consumer: 'ingest:planning.events.v1', stream: 'item-0' }, 'discarded')).toMatchObject({ body: { left: 0 } });
    expect(await decide({ consumer: 'ingest:planning.events.v1', stream: 'item-1' }, 'discarded')).toMatchObject({ body: { left: 0 } });
  });

  it('by a consumer that is gone can only be discarded', async () => {
    const eventId = randomUUID();
    await service.runtime.parking.park('reaction:gone', { stream: 'parcel-1', eventId, position: 1, event: '{}' }, 'broken', 1);
    expect(await decide({ consumer: 'reaction:gone', eventId }, 'replayed')).toMatchObject({ status: 404, body: { detail: expect.stringContaining('can only be discarded') as string } });
    expect(await decide({ consumer: 'reaction:gone', eventId }, 'discarded')).toMatchObject({ status: 201 });
  });
});

describe('metrics', () => {
  const metrics = async () => {
    const response = await fetch(`${service.address}/metrics`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    const lines = (await response.text()).split('\n');
    return (name: string) => Number(lines.find((line) => line.startsWith(`${name} `))?.split(' ')[1]);
  };

  it('say how far each follower is behind, in events and in seconds, without a token', async () => {
    await register();
    await service.runtime.parking.park('ingest:control.events.v1', { stream: 'lot-1', eventId: randomUUID(), position: 1, event: '{}' }, 'broken', 1);
    await until(async () => (await service.runtime.lag()) === 0);
    const settled = await metrics();
    const head = await service.runtime.options.store.head();
    expect(['position', 'lag_events', 'lag_seconds', 'stopped'].map((what) => settled(`touchstone_projection_${what}{projection="parcel-list"}`))).toEqual([head, 0, 0, 0]);
    expect(settled('touchstone_log_head')).toBe(head);
    expect(settled('touchstone_relay_lag_events{relay="relay"}')).toBe(0);
    expect(settled('touchstone_reaction_lag_events{reaction="reweigh"}')).toBe(0);
    expect(settled('touchstone_projection_batch_events_count{projection="parcel-list"}')).toBeGreaterThan(0);
    expect(settled('touchstone_projection_failures_total{projection="parcel-list"}')).toBe(0);
    expect(settled('touchstone_http_answers_total{status="201"}')).toBeGreaterThan(0);
    expect(settled('touchstone_parked_events{consumer="ingest:control.events.v1"}')).toBe(1);
    expect(settled('touchstone_parked_oldest_seconds{consumer="ingest:control.events.v1"}')).toBeGreaterThanOrEqual(0);
    const follower = service.runtime.models.get('parcel-list')?.follower;
    await follower?.stop();
    await register();
    const behind = await metrics();
    expect(behind('touchstone_projection_stopped{projection="parcel-list"}')).toBe(1);
    expect(behind('touchstone_projection_lag_events{projection="parcel-list"}')).toBeGreaterThan(0);
    expect(behind('touchstone_projection_lag_seconds{projection="parcel-list"}')).toBeGreaterThan(0);
    follower?.start();
  });

  it('of one service are not those of another in the process, and hold no id', async () => {
    const text = await (await fetch(`${alone.address}/metrics`)).text();
    expect(text).toContain('touchstone_log_head 0\n');
    expect(await (await fetch(`${service.address}/metrics`)).text()).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
  });
});

describe('the description of the API', () => {
  interface OpenApi {
    openapi: string;
    info: { title: string };
    paths: Record<string, Record<string, { parameters?: { name: string }[] }>>;
    components: { schemas: Record<string, { properties: Record<string, object>; required: string[] }> };
  }

  it('is OpenAPI 3.1 and names the fields of commands', async () => {
    const response = await fetch(`${alone.address}/openapi.json`);
    const { openapi, info, paths, components } = (await response.json()) as OpenApi;
    expect([response.status, openapi, info.title]).toEqual([200, '3.1.0', 'Touchstone depot']);
    expect(components.schemas['RegisterParcel']).toMatchObject({
      required: ['parcelId', 'weight', 'unit'],
      properties: {
        parcelId: { type: 'string', format: 'uuid' }, weight: { type: 'string', format: 'decimal', description: 'in unit' }, unit: { type: 'string' },
        note: { type: 'string', minLength: 1, maxLength: 500 },
      },
    });
    expect(paths['/parcels/{parcelId}/weighings']?.['post']?.parameters?.map(({ name }) => name)).toEqual(expect.arrayContaining(['Idempotency-Key', 'If-Match']));
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/parcels', '/bulk', '/health/ready', '/why/{eventId}']));
  });
});
