import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startKafka } from '@touchstone/messaging/local-kafka';
import { kafkajsPort } from '@touchstone/messaging/kafka';
import { openLog } from '@touchstone/platform';
import { describeWithKafka } from './cluster.spec-kit.js';
import { keepAlive, openKafka } from './kafka.js';

const WAIT_MS = 60_000;

describe('a Kafka that is lent to a cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-lent-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const log = openLog('silent');

  it('is told to the services as it was told to us, with topics of this folder, the same at each start', async () => {
    const env = { TOUCHSTONE_KAFKA_BROKERS: 'kafka:9092', TOUCHSTONE_KAFKA_TLS: 'off', HOME: '/root' };
    const { environment, where } = await openKafka(folder, env, log);
    expect(environment).toEqual({ TOUCHSTONE_KAFKA_BROKERS: 'kafka:9092', TOUCHSTONE_KAFKA_TLS: 'off', TOUCHSTONE_KAFKA_PREFIX: expect.stringMatching(/^[0-9a-f]{8}\.$/) });
    expect(where).toBe('kafka:9092');
    expect((await openKafka(folder, env, log)).environment).toEqual(environment);
    expect((await openKafka(folder, { ...env, TOUCHSTONE_KAFKA_PREFIX: 'mine.' }, log)).environment['TOUCHSTONE_KAFKA_PREFIX']).toBe('mine.');
  });
});

describeWithKafka('a Kafka of the cluster\'s own', () => {
  it('is started again when it was killed, at the same address and with what it had', async () => {
    const found = await startKafka();
    if ('why' in found) throw new Error(found.why);
    const { broker } = found;
    const port = kafkajsPort({ brokers: broker.brokers, clientId: 'spec' });
    const watch = keepAlive(broker, openLog('silent'));
    try {
      await port.admin.createTopic('kept', 2);
      const before = broker.pid;
      process.kill(before, 'SIGKILL');
      for (const until = Date.now() + WAIT_MS; (broker.pid === before || (await port.admin.partitions('kept').catch(() => undefined)) !== 2) && Date.now() < until; ) await pause(100);
      expect(broker.pid).not.toBe(before);
      expect(await port.admin.partitions('kept')).toBe(2);
    } finally {
      await watch.end();
      await port.close();
      await broker.remove();
    }
  }, 2 * WAIT_MS);
});
