import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { kafkajsPort } from '@touchstone/messaging/kafka';
import { testDatabase } from '@touchstone/testing';
import type { KafkaBroker } from '@touchstone/testing/kafka';
import { kafkaPrograms, startKafka } from '@touchstone/testing/kafka';
import { Door } from '../chaos/door.js';
import { kafkaProtocol } from '../chaos/kafka-requests.js';
import type { IssuerOverHttp } from './service-process.spec-kit.js';
import { issuerOverHttp, ServiceProcess } from './service-process.spec-kit.js';

const programs = await kafkaPrograms();
const where = 'why' in programs ? (name: string, specs: () => void) => describe.skip(`${name} (skipped: ${programs.why})`, specs) : describe;
const START_MS = 60_000;

where('a service as a process of its own', () => {
  const databases = testDatabase();
  let folder: string;
  let issuer: IssuerOverHttp;
  let door: Door;
  let broker: KafkaBroker;
  let control: ServiceProcess;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-life-'));
    issuer = await issuerOverHttp(folder);
    door = await Door.open(kafkaProtocol);
    const found = await startKafka({ doorPort: door.port });
    if ('why' in found) throw new Error(found.why);
    ({ broker } = found);
    door.lead(broker.port);
    const port = kafkajsPort({ brokers: broker.brokers, clientId: 'life-spec' });
    await port.admin.createTopic('planning.events.v1', 6); // what control listens to
    await port.close();
    const { url } = await databases.fresh({ service: 'control' });
    control = await ServiceProcess.start('control', { ...issuer.environment, TOUCHSTONE_DATABASE_URL: url, TOUCHSTONE_KAFKA_BROKERS: broker.brokers.join(',') });
  }, 180_000);

  afterAll(async () => {
    await control.end('SIGKILL');
    await broker.remove();
    door.close();
    issuer.close();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  /** Waits until readiness is this, and says this. */
  async function readyIs(status: number, saying: string, withinMs: number): Promise<void> {
    for (const since = Date.now(); (await control.ready()) !== status || !control.lastStatus.includes(saying); await pause(50)) {
      if (Date.now() - since > withinMs) throw new Error(`not ${status} ${saying} within ${withinMs} ms: ${control.lastStatus} ${control.log.slice(-1_000)}`);
    }
  }

  /** Readiness does not wait for the group to be joined: only who fetches has done so. */
  async function fetches(): Promise<void> {
    let seen = false;
    door.holdUp = { concerns: (request) => { seen ||= request === 'fetch'; return false; }, byMs: 0 };
    for (const since = Date.now(); !seen; await pause(50)) {
      if (Date.now() - since > START_MS) throw new Error(`no fetch within ${START_MS} ms: ${control.log.slice(-1_000)}`);
    }
    await readyIs(200, '', START_MS);
  }

  it('is not ready within ten seconds when its fetch loop hangs while the broker answers, and ends with 1 after a minute', async () => {
    await fetches();
    door.holdUp = { concerns: (request) => request === 'fetch', byMs: 600_000 };
    await readyIs(503, 'fetch loop', 20_000); // ten, and as much again for a machine that is busy
    const since = Date.now();
    expect(await Promise.race([control.exited, pause(120_000, 'still there', { ref: false })])).toBe(1);
    expect(Date.now() - since).toBeGreaterThan(40_000);
    expect(control.log).toContain('the transport cannot recover');
  }, 240_000);

  it('goes on when it was started again, and ends within half a minute of SIGTERM also while the broker hangs', async () => {
    door.holdUp = undefined;
    await control.start();
    await readyIs(200, '', START_MS);
    broker.freeze();
    try {
      const ended = control.end('SIGTERM');
      expect(await Promise.race([ended.then(() => 'ended'), pause(30_000, 'still there', { ref: false })])).toBe('ended');
    } finally {
      broker.thaw();
    }
  }, 180_000);
});
