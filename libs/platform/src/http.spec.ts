import { randomUUID } from 'node:crypto';
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
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}, role = 'quality-engineer'): Promise<Told> {
  const text = body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const response = await fetch(service.address + path, { method, body: text as string, headers: { 'content-type': 'application/json', ...(await service.as(role)), ...headers } });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
}

const post = (path: string, body?: unknown, headers?: Record<string, string>, role?: string) => send('POST', path, body, headers, role);
const get = (path: string, headers?: Record<string, string>, role?: string) => send('GET', path, undefined, headers, role);
const registration = (parcelId = randomUUID()) => ({ parcelId, weight: '12.50', unit: 'kg' });

describe('a command over HTTP', () => {
  it('is answered with its events, the version as ETag and the position', async () => {
    const body = registration();
    const told = await post('/parcels', body);
    expect(told.status).toBe(201);
    expect(told.body).toEqual({
      outcome: 'accepted', stream: `parcel-${body.parcelId}`, version: 1, repeated: false, position: told.headers.get('position'),
      events: [{ id: expect.any(String) as string, type: 'depot.ParcelRegistered.v1' }],
    });
    expect(told.headers.get('etag')).toBe('"1"');
    expect(told.headers.get('position')).toMatch(/^depot:test:1@\d+$/);
  });

  it('takes an id from the path, and refuses a body that names another', async () => {
    const { parcelId } = registration();
    await post('/parcels', registration(parcelId));
    expect((await post(`/parcels/${parcelId}/weighings`, { weight: '12.4' })).status).toBe(201);
    expect(await post(`/parcels/${parcelId}/weighings`, { weight: '12.4', parcelId: randomUUID() })).toMatchObject({ status: 400, body: { code: 'PATH_AND_BODY_DIFFER' } });
    expect(await post(`/parcels/${parcelId}/weighings`, [])).toMatchObject({ status: 400, body: { code: 'NOT_AN_OBJECT' } });
  });

  it('that a rule refuses is answered 422 with the stable code of the rule, and recorded beside the stream', async () => {
    const { parcelId } = registration();
    await post('/parcels', registration(parcelId));
    const told = await post(`/parcels/${parcelId}/weighings`, { weight: '25.1' });
    expect(told.status).toBe(422);
    expect(told.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(told.headers.get('etag')).toBe('"1"');
    expect(told.body).toMatchObject({ status: 422, code: 'WEIGHT_IMPLAUSIBLE', details: { registered: '12.5', weighed: '25.1' }, stream: `parcel-${parcelId}`, version: 1 });
    const recorded = await get(`/history/refusals-parcel-${parcelId}`);
    expect(recorded.body).toMatchObject({
      events: [{ id: told.body['refusalId'], type: 'CommandRefused', data: { command: 'WeighParcel', code: 'WEIGHT_IMPLAUSIBLE', atVersion: 1, stream: `parcel-${parcelId}` } }],
    });
  });

  it('names every field that is wrong, with a pointer and a code', async () => {
    const told = await post('/parcels', { parcelId: 'P-1', weight: '-3', unit: 'kg', surprise: 1 });
    expect(told).toMatchObject({ status: 400, body: { type: 'urn:touchstone:problem:unknown-field', code: 'UNKNOWN_FIELD' } });
    expect((told.body['errors'] as { pointer: string; code: string }[]).map(({ pointer, code }) => [pointer, code]).sort()).toEqual([
      ['/parcelId', 'NOT_A_UUID'], ['/surprise', 'UNKNOWN_FIELD'], ['/weight', 'NOT_A_QUANTITY'],
    ]);
  });

  it('may say when it became true, but not in the future', async () => {
    expect((await post('/parcels', { ...registration(), occurredAt: '2026-03-02T08:00:00+01:00' })).status).toBe(201);
    expect(await post('/parcels', { ...registration(), occurredAt: '2999-01-01T00:00:00Z' })).toMatchObject({ status: 400, body: { code: 'OCCURRED_IN_FUTURE' } });
    expect(await post('/parcels', { ...registration(), occurredAt: '2026-03-02' })).toMatchObject({ status: 400, body: { code: 'NOT_AN_INSTANT' } });
  });

  it('of a version that has moved is answered 412', async () => {
    const body = registration();
    const { headers } = await post('/parcels', body);
    const weigh = (etag: string) => post(`/parcels/${body.parcelId}/weighings`, { weight: '12' }, { 'if-match': etag });
    expect((await weigh(headers.get('etag') ?? '')).status).toBe(201);
    expect(await weigh('"1"')).toMatchObject({ status: 412, body: { code: 'VERSION_MISMATCH' } });
    expect(await weigh('W/"2"')).toMatchObject({ status: 400, body: { code: 'BAD_IF_MATCH' } });
  });
});

describe('an Idempotency-Key', () => {
  it('repeats the answer with 200 and appends nothing', async () => {
    const body = registration();
    const first = await post('/parcels', body, { 'idempotency-key': 'k-1' });
    const again = await post('/parcels', body, { 'idempotency-key': 'k-1' });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual({ ...first.body, repeated: true });
    expect((await get(`/history/parcel-${body.parcelId}`)).body['events']).toHaveLength(1);
  });

  it('repeats the answer also when the If-Match of then no longer holds', async () => {
    const body = registration();
    await post('/parcels', body);
    const weigh = () => post(`/parcels/${body.parcelId}/weighings`, { weight: '12' }, { 'idempotency-key': 'k-if', 'if-match': '"1"' });
    expect([(await weigh()).status, (await weigh()).status]).toEqual([201, 200]);
  });

  it('repeats a refusal with the same 422', async () => {
    const refused = () => post(`/parcels/0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11/weighings`, { weight: '1' }, { 'idempotency-key': 'k-refused' });
    const first = await refused();
    expect(first).toMatchObject({ status: 422, body: { code: 'PARCEL_UNKNOWN' } });
    expect(await refused()).toMatchObject({ status: 422, body: first.body });
  });

  it('with another body is answered 409', async () => {
    await post('/parcels', registration(), { 'idempotency-key': 'k-2' });
    expect(await post('/parcels', registration(), { 'idempotency-key': 'k-2' })).toMatchObject({ status: 409, body: { code: 'COMMAND_ID_REUSED' } });
  });

  it('of another actor is another command', async () => {
    const [mine, his] = [registration(), registration()];
    expect((await post('/parcels', mine, { 'idempotency-key': 'k-3' })).status).toBe(201);
    expect((await post('/parcels', his, { 'idempotency-key': 'k-3', ...(await service.as('quality-engineer', 'somebody-else')) })).status).toBe(201);
  });
});

describe('Min-Position', () => {
  it('lets everybody read what he has just written', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const body = registration();
      const { headers } = await post('/parcels', body);
      const after = Buffer.from(body.parcelId.slice(0, -1), 'utf8').toString('base64url');
      const list = await get(`/parcels?limit=1&after=${after}`, { 'min-position': headers.get('position') ?? '' });
      expect(list.body['items']).toEqual([{ parcelId: body.parcelId, weight: '12.5' }]);
    }
  });

  it('of another log is refused', async () => {
    expect(await get('/parcels', { 'min-position': 'control:test:1@1' })).toMatchObject({ status: 400, body: { code: 'FOREIGN_POSITION' } });
  });

  it('that is not reached is answered 503 after two seconds', async () => {
    const began = performance.now();
    expect(await get('/parcels', { 'min-position': 'depot:test:1@1000000' })).toMatchObject({ status: 503, body: { code: 'POSITION_NOT_REACHED' } });
    expect(performance.now() - began).toBeGreaterThan(1_900);
  });
});

describe('a list', () => {
  it('is paged to its end without a gap or a repetition', async () => {
    const fresh = await Promise.all(Array.from({ length: 7 }, async () => post('/parcels', registration())));
    const position = fresh.map(({ headers }) => headers.get('position') ?? '').sort((a, b) => Number(a.split('@')[1]) - Number(b.split('@')[1])).at(-1) ?? '';
    const whole = (await get('/parcels?limit=500', { 'min-position': position })).body['items'] as { parcelId: string }[];
    const read: unknown[] = [];
    let after = '';
    for (let pages = 0; pages < 100; pages += 1) {
      const { body } = await get(`/parcels?limit=3${after}`);
      read.push(...(body['items'] as unknown[]));
      if (body['next'] === undefined) break;
      after = `&after=${String(body['next'])}`;
    }
    expect(whole.length).toBeGreaterThanOrEqual(7);
    expect(whole.map(({ parcelId }) => parcelId)).toEqual(whole.map(({ parcelId }) => parcelId).sort());
    expect(read).toEqual(whole);
  });

  it.each([['limit=0'], ['limit=501'], ['limit=many'], ['surprise=1'], ['after=AA']])('refuses ?%s', async (query) => {
    expect((await get(`/parcels?${query}`)).status).toBe(400);
  });
});

describe('a request that cannot be', () => {
  it('of 300 KiB is answered 413', async () => {
    expect(await post('/parcels', { ...registration(), note: 'x'.repeat(300 * 1024) })).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE' } });
  });
  it('that is not UTF-8 is answered 400', async () => {
    expect(await post('/parcels', Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toMatchObject({ status: 400, body: { code: 'INVALID_UTF8' } });
  });
  it('that is broken JSON is answered 400', async () => {
    expect(await post('/parcels', '{"parcelId": ')).toMatchObject({ status: 400, body: { code: 'INVALID_JSON' } });
  });
  it('for a route that is none is answered 404', async () => {
    const told = await get('/pallets');
    expect(told).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(told.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });
  it.each([
    ['half a surrogate pair', '"\\ud800"'], ['the character that no text column takes', '"a\\u0000b"'], ['nothing in place of a text', 'null'],
  ])('with %s in a field is answered 400, not 500', async (_, note) => {
    const told = await post('/parcels', `{"parcelId":"${randomUUID()}","weight":"1","unit":"kg","note":${note}}`);
    expect(told).toMatchObject({ status: 400, body: { errors: [{ pointer: '/note', code: 'NOT_A_TEXT' }] } });
  });
  it('fails without telling its inside, under a number that the log knows too', async () => {
    const { status, body } = await get('/parcels/broken');
    expect([status, body['code']]).toEqual([500, 'INTERNAL_ERROR']);
    expect(JSON.stringify(body)).not.toMatch(/hunter2|secret|\.ts|stack/);
    expect(service.logged.filter((line) => line.includes(String(body['requestId'])) && line.includes('hunter2'))).toHaveLength(1);
  });
});
