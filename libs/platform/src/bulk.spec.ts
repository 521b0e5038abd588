import { randomUUID } from 'node:crypto';
import { request as open } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { BulkResult } from './bulk.js';
import type { Depot, Running } from './parcels.spec-kit.js';
import { openDepot } from './parcels.spec-kit.js';

let depot: Depot;
let service: Running;
beforeAll(async () => {
  depot = await openDepot();
  service = await depot.run();
}, 60_000);
afterAll(() => depot.stop(), 60_000);

interface Report {
  readonly results: BulkResult[];
  readonly summary: Record<string, unknown>;
}

async function bulk(body: readonly (object | string)[] | Uint8Array, query = '', role = 'importer'): Promise<Report> {
  const text = body instanceof Uint8Array ? body : body.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const response = await fetch(`${service.address}/bulk${query}`, { method: 'POST', headers: await service.as(role), body: text as string });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  const lines = (await response.text()).trimEnd().split('\n').map((line) => JSON.parse(line) as object);
  return { results: lines.slice(0, -1) as BulkResult[], summary: (lines.at(-1) as { summary: Record<string, unknown> }).summary };
}

const outcomes = ({ results }: Report) => results.map(({ line, status, code }) => [line, status, ...(code === undefined ? [] : [code])]);
const register = (parcelId = randomUUID(), weight = '10') => ({ type: 'RegisterParcel', body: { parcelId, weight, unit: 'kg' } });
const weigh = (parcelId: string, weight: string) => ({ type: 'WeighParcel', body: { parcelId, weight } });
const head = () => service.runtime.options.store.head();

describe('a bulk request', () => {
  it('answers each line in order with what became of it, and sums up', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const report = await bulk([
      register(first), register(second, '7'), weigh(first, '11'), weigh(second, '15'), weigh(randomUUID(), '1'), '', { line: 40, ...register(first) }, register(),
    ]);
    expect(outcomes(report)).toEqual([
      [1, 'accepted'], [2, 'accepted'], [3, 'accepted'], [4, 'refused', 'WEIGHT_IMPLAUSIBLE'], [5, 'refused', 'PARCEL_UNKNOWN'], [40, 'unchanged'], [41, 'accepted'],
    ]);
    expect(report.results[3]?.detail).toBe('{"registered":"7","weighed":"15"}');
    expect(report.summary).toEqual({ accepted: 4, unchanged: 1, refused: 2, invalid: 0, failed: 0, position: report.results.at(-1)?.position });
  });

  it('sent again changes nothing', async () => {
    const parcelId = randomUUID();
    const lines = [register(parcelId), weigh(parcelId, '9'), weigh(parcelId, '8'), { ...weigh(parcelId, '8'), id: randomUUID() }];
    expect((await bulk(lines)).summary).toMatchObject({ accepted: 4, unchanged: 0 });
    const before = await head();
    expect((await bulk(lines)).summary).toMatchObject({ accepted: 0, unchanged: 4, refused: 0 });
    expect(await head()).toBe(before);
  });

  it('keeps the order of lines on one stream', async () => {
    const parcelId = randomUUID();
    await bulk([register(parcelId, '100'), ...Array.from({ length: 199 }, (_, index) => weigh(parcelId, String(index + 1)))]);
    const events = await service.runtime.options.store.readStream(`parcel-${parcelId}`);
    expect(events.slice(1).map(({ body }) => (JSON.parse(body) as { weight: string }).weight)).toEqual(Array.from({ length: 199 }, (_, index) => String(index + 1)));
  });

  it('finds the lines that cannot be, and goes on after them', async () => {
    const good = JSON.stringify(register());
    const invalidUtf8 = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]);
    const report = await bulk(Buffer.concat([
      Buffer.from(`${good}\n{"type":\nnull\n7\n{"body":{}}\n{"type":"Fly","body":{}}\n`), invalidUtf8, Buffer.from(`\n{"type":"RegisterParcel","body":"${'x'.repeat(300 * 1024)}"}\n`),
      Buffer.from([register(), { ...register(), id: '7' }, { type: 'WeighParcel' }, { type: 'WeighParcel', body: [] }, { ...register(), occurredAt: '2999-01-01T00:00:00Z' }].map((line) => JSON.stringify(line)).join('\r\n')),
    ]));
    expect(outcomes(report)).toEqual([
      [1, 'accepted'], [2, 'invalid', 'INVALID_JSON'], [3, 'invalid', 'INVALID_JSON'], [4, 'invalid', 'TYPE_MISSING'], [5, 'invalid', 'TYPE_MISSING'],
      [6, 'invalid', 'UNKNOWN_COMMAND'], [7, 'invalid', 'INVALID_UTF8'], [8, 'invalid', 'BODY_TOO_LARGE'], [9, 'accepted'],
      [10, 'invalid', 'NOT_A_UUID'], [11, 'invalid', 'NOT_AN_OBJECT'], [12, 'invalid', 'NOT_AN_OBJECT'], [13, 'invalid', 'OCCURRED_IN_FUTURE'],
    ]);
    expect(report.summary).toMatchObject({ accepted: 2, invalid: 11 });
  });

  it('points at the field that is wrong', async () => {
    const { results } = await bulk([{ type: 'RegisterParcel', body: { parcelId: randomUUID(), weight: 'heavy', unit: 'kg' } }]);
    expect(results).toEqual([{ line: 1, status: 'invalid', code: 'NOT_A_QUANTITY', pointer: '/weight', detail: expect.stringContaining('/weight') as string }]);
  });

  it('of nothing is summed up too', async () => {
    expect(await bulk([])).toEqual({ results: [], summary: { accepted: 0, unchanged: 0, refused: 0, invalid: 0, failed: 0 } });
    expect(await bulk(['', '  ', ''])).toMatchObject({ results: [], summary: { invalid: 0 } });
  });

  it('is read line by line also where the path ends in a slash', async () => {
    const response = await fetch(`${service.address}/bulk/`, { method: 'POST', headers: await service.as('importer'), body: JSON.stringify(register()) });
    expect(await response.text()).toContain('"summary":{"accepted":1,');
  });
});

describe('a dry run', () => {
  it('decides each line on what the lines before it leave, and writes nothing', async () => {
    const [fresh, known] = [randomUUID(), randomUUID()];
    await bulk([register(known)]);
    const before = await head();
    const report = await bulk([register(fresh), weigh(fresh, '12'), weigh(fresh, '21'), weigh(known, '12'), register(known), { ...register(known), id: randomUUID() }], '?dryRun=true');
    expect(outcomes(report)).toEqual([
      [1, 'accepted'], [2, 'accepted'], [3, 'refused', 'WEIGHT_IMPLAUSIBLE'], [4, 'accepted'], [5, 'unchanged'], [6, 'refused', 'PARCEL_EXISTS'],
    ]);
    expect(report.summary).toEqual({ accepted: 3, unchanged: 1, refused: 2, invalid: 0, failed: 0 });
    expect(await head()).toBe(before);
    expect(outcomes(await bulk([weigh(fresh, '12')], '?dryRun=true'))).toEqual([[1, 'refused', 'PARCEL_UNKNOWN']]);
  });

  it('writes no key for a person whose data were only tried', async () => {
    const parcelId = randomUUID();
    const line = { type: 'RegisterParcel', body: { parcelId, weight: '1', unit: 'kg', note: 'for Ada Muster' } };
    expect((await bulk([line], '?dryRun=true')).summary).toMatchObject({ accepted: 1 });
    expect(await service.runtime.options.keys.find(parcelId)).toBeUndefined();
  });

  it('is not mistaken for a real one by a slip of the pen', async () => {
    const response = await fetch(`${service.address}/bulk?dryRun=yes`, { method: 'POST', headers: await service.as('importer'), body: JSON.stringify(register()) });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'BAD_DRY_RUN']);
  });
});

describe('where records come from', () => {
  const metaOf = async (parcelId: string) => JSON.parse((await service.runtime.options.store.readStream(`parcel-${parcelId}`))[0]?.meta ?? '{}') as { provenance?: string[]; occurredAt: string };

  it('is kept with migrated events, and with the time they happened at', async () => {
    const line = { ...register(), occurredAt: '2019-05-02T10:00:00+02:00' };
    await bulk([line]);
    expect(await metaOf(line.body.parcelId)).toMatchObject({ provenance: ['migrated'], occurredAt: '2019-05-02T08:00:00.000Z' });
  });

  it('is not claimed for what another system sends live', async () => {
    const line = register();
    await bulk([line], '?provenance=live', 'integration');
    expect((await metaOf(line.body.parcelId)).provenance).toBeUndefined();
  });

  it.each([['importer', 'live'], ['integration', 'migrated'], ['quality-manager', 'migrated'], ['quality-manager', 'live']])('needs another role than %s for %s', async (role, provenance) => {
    const response = await fetch(`${service.address}/bulk?provenance=${provenance}`, { method: 'POST', headers: await service.as(role), body: JSON.stringify(register()) });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([403, 'FORBIDDEN']);
  });

  it('is one of two', async () => {
    const response = await fetch(`${service.address}/bulk?provenance=guessed`, { method: 'POST', headers: await service.as('importer'), body: '' });
    expect(((await response.json()) as { code: string }).code).toBe('BAD_PROVENANCE');
  });
});

describe('a client that streams', () => {
  const stream = (headers: Record<string, string>): { sending: ClientRequest; answer: Promise<IncomingMessage> } => {
    const sending = open(`${service.address}/bulk`, { method: 'POST', headers });
    return { sending, answer: new Promise((resolve, reject) => sending.on('response', resolve).on('error', reject)) };
  };
  const text = async (answer: IncomingMessage) => {
    let all = '';
    for await (const chunk of answer) all += String(chunk);
    return all;
  };

  it('is told at once that it was let in, before it has sent a line', async () => {
    const { sending, answer } = stream(await service.as('importer'));
    sending.flushHeaders();
    expect((await answer).statusCode).toBe(200);
    sending.end(JSON.stringify(register()));
    expect(await text(await answer)).toContain('"accepted":1');
  });

  it.each<[number, string, () => Promise<Record<string, string>>]>([
    [401, 'UNAUTHENTICATED', () => Promise.resolve({})], [403, 'FORBIDDEN', () => service.as('inspector')],
  ])('reads %i %s while it is still sending megabytes', async (status, code, headers) => {
    const { sending, answer } = stream(await headers());
    const line = `${JSON.stringify(register())}\n`.repeat(1_000);
    for (let sent = 0; sent < 30; sent += 1) if (!sending.write(line)) await new Promise((resolve) => setTimeout(resolve, 5));
    const told = await answer;
    expect(told.statusCode).toBe(status);
    expect(JSON.parse(await text(told))).toMatchObject({ status, code });
    sending.destroy();
  });

  it('that goes away in the middle leaves what was taken, and a service that works', async () => {
    const parcelId = randomUUID();
    const { sending, answer } = stream(await service.as('importer'));
    sending.write(`${JSON.stringify(register(parcelId))}\n{"type":"RegisterParcel","body":{"parc`);
    await answer;
    sending.on('error', () => undefined).destroy();
    const taken = async () => (await service.runtime.options.store.readStream(`parcel-${parcelId}`)).length;
    for (let waited = 0; waited < 100 && (await taken()) === 0; waited += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await taken()).toBe(1);
    expect((await bulk([register()])).summary).toMatchObject({ accepted: 1 });
  });
});
