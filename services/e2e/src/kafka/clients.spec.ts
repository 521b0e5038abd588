import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import type { Consumer } from '@touchstone/messaging';
import type { KafkaAccess, KafkaPort, Published } from '@touchstone/messaging/kafka';
import { kafkajsPort, KafkaTransport } from '@touchstone/messaging/kafka';
import { transportChecks } from '@touchstone/messaging/transport-checks';
import { kafkaForSpecs } from '@touchstone/testing/kafka-for-specs';
import { compareClient } from './client-comparison.js';
import { platformaticPort } from './platformatic-port.js';

const kafka = await kafkaForSpecs();
const SLOW_MS = 45_000;
const clients: Record<string, (access: KafkaAccess) => KafkaPort> = { kafkajs: kafkajsPort, '@platformatic/kafka': platformaticPort };

kafka.describe('the port of Kafka clients', () => {
  const access = (): KafkaAccess => ({ brokers: kafka.brokers(), clientId: 'clients-spec' });

  describe.each(Object.entries(clients))('on %s', (_name, portOf) => {
    it.each(transportChecks.map(({ name, run }) => [name, run] as const))('%s', async (_check, run) => {
      let published: Published = { seq: 0, records: 0 };
      const groups = new Map<Consumer, string>();
      const transport = new KafkaTransport({
        port: portOf(access()), prefix: `${randomBytes(4).toString('hex')}.`,
        group: (consumer) => groups.get(consumer) ?? groups.set(consumer, randomBytes(6).toString('hex')).get(consumer) ?? '',
        lease: () => ({ losses: 0, acquire: () => Promise.resolve(published), confirm: () => Promise.resolve(), note: (noted) => Promise.resolve(void (published = noted)), release: () => Promise.resolve() }),
      });
      try {
        await run(transport, SLOW_MS);
      } finally {
        await transport.close();
      }
    }, 60_000);

    it('carries a few thousand records there and back, each once', async () => {
      const figures = await compareClient(portOf(access()), { records: 2_000, trips: 20 });
      expect(figures).toMatchObject({ sent: 2_000, received: 2_000 });
      expect(figures.tripMs.p50).toBeLessThanOrEqual(figures.tripMs.p99);
    }, 60_000);
  });
});
