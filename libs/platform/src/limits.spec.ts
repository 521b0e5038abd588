import { randomUUID } from 'node:crypto';
import type { Depot, Running } from './parcels.spec-kit.js';
import { openDepot } from './parcels.spec-kit.js';

let depot: Depot;
let service: Running;
beforeAll(async () => {
  depot = await openDepot();
  service = await depot.run(undefined, { requestsPerMinute: 5 });
}, 60_000);
afterAll(() => depot.stop(), 60_000);

const ask = async (headers: Record<string, string>, method = 'GET') => {
  const body = method === 'POST' ? JSON.stringify({ parcelId: randomUUID(), weight: '1', unit: 'kg' }) : undefined;
  const response = await fetch(`${service.address}/parcels`, { method, body, headers: { 'content-type': 'application/json', ...headers } });
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: (await response.json()) as { code?: string } };
};
const times = async (count: number, headers: Record<string, string>) => {
  const statuses: number[] = [];
  for (let sent = 0; sent < count; sent += 1) statuses.push((await ask(headers)).status);
  return statuses;
};

describe('the rate of requests', () => {
  it('is limited for each actor, and says when to go on', async () => {
    const ada = await service.as('quality-engineer', 'ada');
    expect(await times(5, ada)).toEqual([200, 200, 200, 200, 200]);
    const told = await ask(ada);
    expect(told).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    expect(Number(told.retryAfter)).toBeGreaterThan(0);
    expect(Number(told.retryAfter)).toBeLessThanOrEqual(60);
  });

  it('of one actor takes nothing from another', async () => {
    const grace = await service.as('quality-engineer', 'grace');
    await times(6, await service.as('quality-engineer', 'ada'));
    expect((await ask(grace)).status).toBe(200);
  });

  it('of tokens that are not good is limited by address, and a good one is still taken', async () => {
    expect(new Set(await times(60, { authorization: 'Bearer guessed' }))).toEqual(new Set([401]));
    expect(await ask({ authorization: 'Bearer guessed' })).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    expect((await ask(await service.as('quality-engineer', 'alan'))).status).toBe(200);
  });
});

describe('a database that went away', () => {
  it('is answered 503: nobody who asks did anything wrong', async () => {
    const mary = await service.as('quality-engineer', 'mary');
    await depot.loseDatabase();
    expect(await ask(mary)).toMatchObject({ status: 503, body: { code: 'DATABASE_UNREACHABLE' } });
    expect(await ask(mary, 'POST')).toMatchObject({ status: 503, body: { code: 'DATABASE_UNREACHABLE' } });
  });
});
