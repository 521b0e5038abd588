import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { control } from '@touchstone/control/app';
import { feedback } from '@touchstone/feedback/app';
import { people } from '@touchstone/infra';
import { derivedId, SimulatedClock, systemClock } from '@touchstone/kernel';
import { createService, openLog } from '@touchstone/platform';
import { HostProcess } from './host.spec-kit.js';
import type { Platform } from './platform.js';
import { SimulatedData, startPlatform } from './platform.js';
import { advance, settled } from './time.js';

const NOW = '2026-03-02T12:00:00.000Z';
const accountId = derivedId('account', 'standalone');
const complaintId = derivedId('complaint', 'standalone');
const log = openLog('fatal');

describe('the platform in one process', () => {
  let folder: string;
  let dataDir: string;
  let platform: Platform;
  const start = () => startPlatform({ dataDir, services: [control, feedback], log, clock: new SimulatedClock(NOW) });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-standalone-'));
    dataDir = join(folder, 'data');
    platform = await start();
  }, 60_000);

  afterAll(async () => {
    await platform.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }, 30_000);

  const get = async (path: string, token?: string) => {
    const response = await fetch(platform.url + path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, type: response.headers.get('content-type'), body: (await response.json()) as Record<string, unknown> };
  };
  const post = async (path: string, body: object) => {
    const token = await platform.issuer.issue(people.care);
    const response = await fetch(platform.url + path, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const complaintEvents = async () => {
    const { body } = await get(`/feedback/history/complaint-${complaintId}`, await platform.issuer.issue(people.auditor));
    return (body['events'] as { type: string; meta: { occurredAt: string; actor: string } }[]).map(({ type, meta }) => ({ type, at: meta.occurredAt, by: meta.actor }));
  };

  it('tells at its address what runs there', async () => {
    expect(await get('/')).toMatchObject({
      status: 200, body: { product: 'Touchstone', services: [{ name: 'control', api: '/control/api', ready: '/control/health/ready' }, { name: 'feedback' }] },
    });
    for (const name of ['control', 'feedback']) expect(await get(`/${name}/health/ready`)).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  it('publishes the public key of its issuer, and no private part', async () => {
    const { body } = await get('/.well-known/jwks.json');
    expect(body['keys']).toEqual([{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', x: expect.any(String) }]);
  });

  it.each(['/billing', '/billing/api', '/Control/lots', '//control'])('answers %s, where no service is, with a problem', async (path) => {
    if (path === '//control') {
      const status = await new Promise((done) => request(platform.url, { path }, (response) => { response.resume(); done(response.statusCode); }).end());
      return expect([200, 404]).toContain(status); // an empty name is the platform itself
    }
    expect(await get(path)).toMatchObject({ status: 404, type: 'application/problem+json', body: { code: 'NOT_FOUND' } });
  });

  it('keeps its secrets to their owner', () => {
    for (const name of ['issuer-key.pem', 'control-password', 'control-master-key', 'deployment.json']) expect(statSync(join(dataDir, name)).mode & 0o077).toBe(0);
    expect(readFileSync(join(dataDir, 'control-master-key'), 'utf8')).not.toBe(readFileSync(join(dataDir, 'feedback-master-key'), 'utf8'));
  });

  it('lets a deadline act at its time and not before', async () => {
    await post('/feedback/accounts', { accountId, name: 'Workshop', externalSource: 'crm', externalId: 'K-1' });
    expect((await post('/feedback/complaints', { complaintId, accountId, channel: 'phone', category: 'Leak', text: 'It leaks.' })).status).toBe(201);
    await settled(platform);
    const due = await platform.services.get('feedback')?.runtime.poller.next();
    if (due === undefined) throw new Error('a complaint sets no deadline');
    const before = await complaintEvents();
    await advance(platform, new Date(Date.parse(due) - 1).toISOString());
    expect(await complaintEvents()).toEqual(before);
    await advance(platform, due);
    const fired = (await complaintEvents()).slice(before.length);
    expect(fired.map(({ at }) => at)).toEqual([due]);
    expect(fired[0]?.by).toMatch(/^system:feedback:/);
  });

  it('stops at each deadline on the way, so that what happens then bears its own time', async () => {
    const before = (await complaintEvents()).length;
    const due = await platform.services.get('feedback')?.runtime.poller.next();
    await advance(platform, '2027-03-02T12:00:00.000Z');
    expect(platform.clock.now()).toBe('2027-03-02T12:00:00.000Z');
    const later = (await complaintEvents()).slice(before);
    if (due !== undefined && later.length > 0) expect(later[0]?.at).toBe(due);
    expect(later.filter(({ at }) => at > '2027-03-02T12:00:00.000Z')).toEqual([]);
  });

  it('never turns its clock back', async () => {
    expect(() => (platform.clock as SimulatedClock).moveTo(NOW)).toThrow('cannot go back');
    await advance(platform, NOW);
    expect(platform.clock.now()).toBe('2027-03-02T12:00:00.000Z');
  });

  it('keeps its data and its name when it is started again', async () => {
    const events = await complaintEvents();
    const position = async () => (await get('/feedback/position', await platform.issuer.issue(people.auditor))).body['position'];
    const stood = await position();
    await platform.stop();
    platform = await start();
    expect(platform.postgres.tookOver).toBe(false);
    expect(await position()).toBe(stood);
    expect(await complaintEvents()).toEqual(events);
  }, 60_000);

  it('does not continue simulated data under the real clock', async () => {
    await expect(startPlatform({ dataDir, services: [control], log, clock: systemClock })).rejects.toThrow(SimulatedData);
    await expect(startPlatform({ dataDir, services: [control], log })).rejects.toMatchObject({ code: 'SIMULATED_DATA' });
    expect((await get('/control/health/ready')).status).toBe(200);
  });

  it('lets no second host work on its folder', async () => {
    await expect(HostProcess.start(dataDir, folder, NOW)).rejects.toThrow(/ended with 1: .*is in use by process/);
    expect((await get('/control/health/ready')).status).toBe(200);
  }, 60_000);

  it('is not ready without a transport, since nobody could hear it', async () => {
    const databaseUrl = await platform.postgres.createDatabase('control', readFileSync(join(dataDir, 'control-password'), 'utf8'));
    const alone = await createService(control, { databaseUrl, masterKey: randomBytes(32), clock: systemClock, verify: platform.issuer.verify, log });
    await alone.app.listen(0, '127.0.0.1');
    try {
      const response = await fetch(`${await alone.app.getUrl()}/health/ready`);
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ status: expect.stringMatching(/^not ready: no transport/), parts: expect.arrayContaining([{ name: 'transport', ready: false, detail: 'no transport' }]) });
    } finally {
      await alone.stop();
    }
  }, 30_000);

  it('notices that its PostgreSQL is gone: not ready, and its host is told to end', async () => {
    const told = platform.databaseLost.then(() => 'told');
    await platform.postgres.kill();
    expect((await get('/control/health/ready')).status).toBe(503);
    expect(await Promise.race([told, setTimeout(5_000, 'not told', { ref: false })])).toBe('told');
    await platform.stop();
    platform = await start();
    expect((await get('/control/health/ready')).status).toBe(200);
  }, 60_000);
});
