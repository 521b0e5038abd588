import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Api, people } from '@touchstone/infra';
import { derivedId } from '@touchstone/kernel';
import { rebuildAll } from '../demo/rebuild.js';
import type { Cluster } from './cluster.js';
import { ClusterFolder, describeWithKafka } from './cluster.spec-kit.js';
import { Flows } from './flows.spec-kit.js';

const START_MS = 240_000;
const WAIT_MS = 60_000;
const WORKERS = 5;

/** Real processes, Kafka and PostgreSQL, as npm run cluster starts them. */
describeWithKafka('a cluster', () => {
  let folder: ClusterFolder;
  let cluster: Cluster;

  beforeAll(async () => {
    folder = new ClusterFolder();
    cluster = await folder.start('cluster', { requestsPerMinute: 1_000_000, deployment: 'cluster' });
  }, START_MS);

  afterAll(async () => {
    await cluster.stop();
    rmSync(folder.path, { recursive: true, force: true, maxRetries: 5 });
  }, 60_000);

  async function until(done: () => Promise<boolean> | boolean, what: string): Promise<void> {
    for (const end = Date.now() + WAIT_MS; Date.now() < end; await pause(50)) if (await done()) return;
    throw new Error(`not within ${WAIT_MS} ms: ${what}\n${folder.log('cluster').slice(-2_000)}`);
  }

  const get = async (path: string) => {
    const response = await fetch(cluster.url + path);
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body: (await response.json()) as Record<string, unknown> };
  };
  const service = (name: string) => {
    const found = cluster.processes.get(name);
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  const allReady = async () => (await Promise.all([...cluster.processes.keys()].map((name) => get(`/${name}/health/ready`)))).every(({ status }) => status === 200);
  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  it('tells at its address what runs there, each in a process of its own', async () => {
    const { body } = await get('/');
    expect((body['services'] as { name: string; state: string }[]).map(({ name, state }) => [name, state])).toEqual(
      ['planning', 'control', 'assurance', 'feedback', 'analytics'].map((name) => [name, 'running']));
    expect(new Set([...cluster.processes.values()].map(({ pid }) => pid)).size).toBe(5);
    await until(allReady, 'all are ready');
  });

  it('has no route to move the clock, which is the real one', async () => {
    const token = await cluster.issuer.issue({ id: 'one-operator', roles: ['operator'] });
    expect((await fetch(`${cluster.url}/control/clock`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(404);
  });

  it('shows that a service has died, goes on with the others, and starts it again', async () => {
    const before = service('assurance').pid;
    service('assurance').kill();
    await until(() => service('assurance').port === undefined, 'its end is noticed');
    expect(await get('/assurance/health/ready')).toMatchObject({ status: 503, retryAfter: '1', body: { code: 'SERVICE_AWAY', detail: expect.stringContaining('by SIGKILL') } });
    expect((await get('/')).body['services']).toContainEqual(expect.objectContaining({ name: 'assurance', state: 'ended by SIGKILL, to be started again' }));
    expect(await get('/control/health/live')).toMatchObject({ status: 200 });
    await service('assurance').ready(WAIT_MS);
    expect(service('assurance').pid).not.toBe(before);
  }, 120_000);

  it('loses and doubles nothing when each service in turn is asked to end and is started again under load', async () => {
    const flows = new Flows(cluster);
    let restarted = false;
    const work = Promise.all(Array.from({ length: WORKERS }, (_, number) => flows.work(number, () => restarted)));
    try {
      await Promise.race([work, cluster.restartInTurn()]); // the work ends before it only when it fails
    } finally {
      restarted = true;
    }
    await work;
    expect(flows.away.get('SERVICE_AWAY') ?? 0).toBeGreaterThan(0); // it was under load
    await until(async () => (await flows.all('customer-care', '/feedback/cases')).length >= flows.done.length && (await flows.all('quality-manager', '/assurance/capas')).length >= flows.done.length
      && (await flows.all('quality-engineer', '/control/control-charts')).length >= flows.done.length, 'all that follows has happened');

    // What was acknowledged is in its stream, once.
    for (const [place, told] of Map.groupBy(flows.acknowledged, (each) => `/${each.service}/history/${each.stream}`)) {
      const { body } = await flows.call('auditor', 'GET', place);
      const ids = (body['events'] as { id: string }[]).map(({ id }) => id);
      expect(told.filter(({ id }) => ids.filter((each) => each === id).length !== 1)).toEqual([]);
    }
    // What was derived is there once for each flow, as without a restart.
    const expected = flows.done.map((name) => ({ accountId: derivedId('flow', name, 'account'), lotId: derivedId('flow', name, 'lot'), deliveryId: derivedId('flow', name, 'delivery'), nonconformityId: derivedId('flow', name, 'nonconformity') }));
    const sorted = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).toSorted();
    const exposures = await flows.all('analyst', '/analytics/exposures');
    expect(sorted(exposures.map(({ accountId, lotId, deliveryId, nonconformityId }) => ({ accountId, lotId, deliveryId, nonconformityId })))).toEqual(sorted(expected));
    const cases = await flows.all('customer-care', '/feedback/cases');
    expect(sorted(cases.map(({ accountId, causeId }) => ({ accountId, causeId })))).toEqual(sorted(expected.map(({ accountId, nonconformityId }) => ({ accountId, causeId: nonconformityId }))));
    const capas = await flows.all('quality-manager', '/assurance/capas');
    expect(sorted(capas.map(({ nonconformityId }) => ({ nonconformityId })))).toEqual(sorted(expected.map(({ nonconformityId }) => ({ nonconformityId }))));
    for (const name of flows.done) {
      const { body } = await flows.call('auditor', 'GET', `/control/history/lot-${derivedId('flow', name, 'lot')}`);
      expect((body['events'] as { type: string }[]).map(({ type }) => type)).toEqual(['control.LotRegistered.v1', 'control.ConcessionGranted.v1', 'control.QuantityReleased.v1', 'control.QuantityAllocated.v1']);
    }
    const rebuilt = await rebuildAll(new Api(cluster.url, new Map([['auditor', await cluster.issuer.issue(people.auditor)]])), [...cluster.processes.keys()]);
    expect(rebuilt.filter(({ equal }) => !equal)).toEqual([]);
  }, 300_000);

  it('ends with all that it started, and goes on from its data when it is started again', async () => {
    const pids = [...cluster.processes.values()].map(({ pid }) => pid ?? 0);
    const position = async () => {
      const token = await cluster.issuer.issue(people.auditor);
      return ((await (await fetch(`${cluster.url}/feedback/position`, { headers: { authorization: `Bearer ${token}` } })).json()) as { position: string }).position;
    };
    let stood = await position();
    await until(async () => stood === (stood = await pause(500).then(position)), 'feedback has taken all in');
    await cluster.stop();
    expect([...pids, cluster.postgres.pid].filter(isAlive)).toEqual([]);
    expect(folder.log('cluster')).not.toMatch(/"level":60/);
    cluster = await folder.start('cluster', { requestsPerMinute: 1_000_000 });
    expect(await position()).toBe(stood);
    await until(allReady, 'all are ready');
  }, START_MS);

  it('says what to do where there is no Kafka', async () => {
    const home = process.env['JAVA_HOME'];
    process.env['JAVA_HOME'] = folder.path; // holds no java
    try {
      await expect(folder.start('without', { env: {} })).rejects.toMatchObject({ code: 'NO_KAFKA', message: expect.stringContaining('TOUCHSTONE_KAFKA_BROKERS') });
    } finally {
      if (home === undefined) delete process.env['JAVA_HOME'];
      else process.env['JAVA_HOME'] = home;
    }
  }, 60_000);
});
