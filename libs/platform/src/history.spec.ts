import { randomUUID } from 'node:crypto';
import { derivedId } from '@touchstone/kernel';
import type { Depot, Running } from './parcels.spec-kit.js';
import { openDepot } from './parcels.spec-kit.js';

let depot: Depot;
let service: Running;
beforeAll(async () => {
  depot = await openDepot();
  service = await depot.run();
}, 60_000);
afterAll(() => depot.stop(), 60_000);

interface Told {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const told = async (response: Response): Promise<Told> => ({ status: response.status, body: (await response.json()) as Record<string, unknown> });
const get = async (path: string, role = 'inspector') => told(await fetch(service.address + path, { headers: await service.as(role) }));
const post = async (path: string, body: object, name?: string) =>
  told(await fetch(service.address + path, { method: 'POST', headers: { ...(await service.as('quality-engineer', 'ada', name)), 'content-type': 'application/json' }, body: JSON.stringify(body) }));

const register = (parcelId: string) => post('/parcels', { parcelId, weight: '10', unit: 'kg', note: 'for Grace Muster' }, 'Ada Muster');
const eventIdOf = ({ body }: Told) => (body['events'] as { id: string }[])[0]?.id ?? '';

describe('who asks', () => {
  const status = async (headers: Record<string, string>, path = '/position') => (await fetch(service.address + path, { headers })).status;

  it('must be known: no token, no answer', async () => {
    expect(await status({})).toBe(401);
    expect(await status({ authorization: 'Basic YWRhOmFkYQ==' })).toBe(401);
    expect(await status({ authorization: 'Bearer' })).toBe(401);
    expect(await status({ authorization: 'Bearer a.b.c' })).toBe(401);
  });

  it('is never taken from a bare header', async () => {
    expect(await status({ 'x-actor': 'ada', 'x-roles': 'quality-manager', 'x-forwarded-user': 'ada' })).toBe(401);
  });

  it('needs a role that gives the permission', async () => {
    expect(await status(await service.as('nobody-knows-this-role'))).toBe(403);
    expect(await status(await service.as('constructor'))).toBe(403);
    expect(await status(await service.as('operator'))).toBe(200);
    expect(await status(await service.as('operator'), '/parcels')).toBe(403);
  });

  it('gets nothing from a route that says no permission, whatever his roles', async () => {
    for (const role of ['quality-manager', 'auditor']) expect(await status(await service.as(role), '/parcels/unmarked')).toBe(403);
  });
});

describe('history', () => {
  it('shows all events of a stream, and is 404 for a stream that is none', async () => {
    const parcelId = randomUUID();
    await register(parcelId);
    await post(`/parcels/${parcelId}/weighings`, { weight: '11' });
    const { body } = await get(`/history/parcel-${parcelId}`);
    expect((body['events'] as { version: number; type: string; data: object }[]).map(({ version, type }) => [version, type])).toEqual([[1, 'depot.ParcelRegistered.v1'], [2, 'depot.ParcelWeighed.v1']]);
    expect(await get(`/history/parcel-${randomUUID()}`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('shows what is personal only to those who may see it', async () => {
    const parcelId = randomUUID();
    await register(parcelId);
    const note = async (role: string) => ((await get(`/history/parcel-${parcelId}`, role)).body['events'] as { data: { note: string } }[])[0]?.data.note;
    expect([await note('auditor'), await note('inspector')]).toEqual(['for Grace Muster', '[personal]']);
    const [stored] = await service.runtime.options.store.readStream(`parcel-${parcelId}`);
    expect(`${stored?.body}${stored?.meta}`).not.toMatch(/Grace|Muster/);
  });

  it.each(['/history/%00', '/history/%ff', '/why/7', '/caused/7', '/ingested/7', '/why?stream=parcel-1', '/why?stream=parcel-1&version=0', '/why?stream=parcel-1&version=1e99', '/why?version=1'])('answers %s with 400', async (path) => {
    expect((await get(path)).status).toBe(400);
  });
});

describe('why', () => {
  it('an event is in the log is told by the command, who gave it, when, and what was decided with it', async () => {
    const parcelId = randomUUID();
    const registered = await register(parcelId);
    const { status, body } = await get(`/why/${eventIdOf(registered)}`, 'auditor');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      service: 'depot', event: { stream: `parcel-${parcelId}`, version: 1, meta: { actor: 'ada', decider: 'depot.parcel@1' } }, caused: [],
      command: {
        command: { type: 'RegisterParcel', parcelId, weight: '10', unit: 'kg', note: 'for Grace Muster' }, actor: { id: 'ada', name: 'Ada Muster', roles: ['quality-engineer'] },
        decider: { name: 'depot.parcel', version: 1 }, version: 0, facts: {},
      },
    });
    expect((body['together'] as { id: string }[]).map(({ id }) => id)).toEqual([eventIdOf(registered)]);
    expect((await get(`/why?stream=parcel-${parcelId}&version=1`, 'auditor')).body).toEqual(body);
  });

  it('does not tell names to those who may not see them', async () => {
    const registered = await register(randomUUID());
    const { body } = await get(`/why/${eventIdOf(registered)}`);
    expect(body).toMatchObject({ command: { command: { note: '[personal]' }, actor: { id: 'ada', name: '[personal]' } } });
  });

  it('a command was refused is told in the same way', async () => {
    const { body: { refusalId } } = await post(`/parcels/${randomUUID()}/weighings`, { weight: '1' });
    expect((await get(`/why/${String(refusalId)}`)).body).toMatchObject({ event: { type: 'CommandRefused', data: { code: 'PARCEL_UNKNOWN' } }, command: { command: { type: 'WeighParcel' } } });
  });

  it('is 404 for an event that nobody knows, and for a version that is not there', async () => {
    expect((await get(`/why/${randomUUID()}`)).status).toBe(404);
    expect((await get('/why?stream=parcel-1&version=1')).status).toBe(404);
  });
});

describe('what came of it', () => {
  const foreign = (name: string, causationId: string) => ({
    stream: 'control/lot-1', id: derivedId('history spec', name), type: 'control.LotAccepted.v1', body: '{}', topic: 'control.events.v1', offset: 1,
    meta: JSON.stringify({ actor: 'x', commandId: causationId, causationId, correlationId: causationId, occurredAt: '2026-01-01T00:00:00.000Z', recordedAt: '2026-01-01T00:00:00.000Z', decider: 'x@1' }),
  });

  it('is listed by cause, also where a foreign event follows from ours', async () => {
    const cause = eventIdOf(await register(randomUUID()));
    await service.runtime.options.store.ingest([foreign('caused', cause)]);
    expect((await get(`/caused/${cause}`)).body).toMatchObject([{ id: derivedId('history spec', 'caused'), stream: 'control/lot-1' }]);
    expect((await get(`/why/${cause}`)).body).toMatchObject({ caused: [{ stream: 'control/lot-1' }] });
    const explained = await get(`/why/${derivedId('history spec', 'caused')}`);
    expect(explained.status).toBe(200);
    expect(explained.body['command']).toBeUndefined();
  });

  it('elsewhere is waited for: ingested answers with the position here as soon as the event is in', async () => {
    const waiting = get(`/ingested/${derivedId('history spec', 'awaited')}`);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await service.runtime.options.store.ingest([foreign('awaited', randomUUID())]);
    const { status, body } = await waiting;
    expect([status, body['position']]).toEqual([200, `depot:test:1@${await service.runtime.options.store.head()}`]);
  });

  it('elsewhere and does not come is 503 after two seconds', async () => {
    expect(await get(`/ingested/${randomUUID()}`)).toMatchObject({ status: 503, body: { code: 'POSITION_NOT_REACHED' } });
  });
});
