import { kafkajsPort } from '@touchstone/messaging/kafka';
import { startKafka } from '@touchstone/testing/kafka';
import { compareClient } from './client-comparison.js';
import { platformaticPort } from './platformatic-port.js';

// `node … services/e2e/src/kafka/compare-clients.ts [records]`: the figures of ADR 22, on a broker of its own.
const records = Number(process.argv[2] ?? 100_000);
const found = await startKafka();
if ('why' in found) throw new Error(found.why);
try {
  for (let round = 1; round <= 3; round += 1) {
    for (const portOf of [kafkajsPort, platformaticPort]) {
      const port = portOf({ brokers: found.broker.brokers, clientId: 'comparison' });
      const { sentPerSecond, receivedPerSecond, tripMs } = await compareClient(port, { records, trips: 500 });
      process.stdout.write(`round ${round}, ${port.client}: ${sentPerSecond} records/s out, ${receivedPerSecond} in, round trip p50 ${tripMs.p50.toFixed(2)} ms, p99 ${tripMs.p99.toFixed(2)} ms\n`);
    }
  }
} finally {
  await found.broker.remove();
}
