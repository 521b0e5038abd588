import type { KafkaAdmin } from '@touchstone/messaging/kafka';
import { kafkajsPort } from '@touchstone/messaging/kafka';
import type { KafkaGrounds } from './grounds.js';

/** As whoever administers the cluster. */
export async function administer(grounds: KafkaGrounds, job: (admin: KafkaAdmin) => Promise<void>): Promise<void> {
  const port = kafkajsPort({ brokers: grounds.broker.brokers, clientId: 'operator' });
  try {
    await job(port.admin);
  } finally {
    await port.close();
  }
}
