/**
 * Which customers received quantity of a lot with a nonconformity: a consumer that knows nothing but the public events of `control`. It writes
 * one line of JSON an exposure. Given brokers and a topic it reads that from its beginning up to now, else CloudEvents, one a line:
 *
 *   touchstone export --format jsonl --service control --data .data | node services/e2e/src/examples/customer-exposure.ts
 *   node services/e2e/src/examples/customer-exposure.ts kafka-1:9092 control.events.v1
 *
 * Events may come twice, and streams in any order among each other: nothing is decided before all is read.
 */
import { createInterface } from 'node:readline';
import { Kafka, logLevel } from 'kafkajs';

interface CloudEvent { readonly type: string; readonly time: string; readonly data: Readonly<Record<string, string>> }

const delivered = new Map<string, CloudEvent>();
const reported = new Map<string, CloudEvent>();
const voidedAt = new Map<string, string>();

function take(event: CloudEvent): void {
  const { type, time, data: { deliveryId = '', nonconformityId = '' } } = event;
  if (type === 'control.DeliveryDispatched.v1') delivered.set(deliveryId, event); // the quantity that left, even if less arrives
  if (type === 'control.NonconformityReported.v1') reported.set(nonconformityId, event);
  if (type === 'control.NonconformityVoided.v1') voidedAt.set(nonconformityId, time);
} // other types, and those that do not exist yet, are none of its business

/** What an inspection found before release was held, and reached nobody; what left after the report was voided exposes nobody. */
function* exposures(): Generator<object> {
  for (const { data: { nonconformityId = '', lotId, severity, source } } of reported.values()) {
    if (source === 'inspection') continue;
    for (const { time, data: { accountId, deliveryId, quantity, lotId: from } } of delivered.values()) {
      if (from === lotId && time < (voidedAt.get(nonconformityId) ?? '9')) yield { accountId, deliveryId, lotId, nonconformityId, quantity, severity };
    }
  }
}

async function readTopic(brokers: string, topic: string): Promise<void> {
  const kafka = new Kafka({ brokers: brokers.split(','), clientId: 'example-exposure', logLevel: logLevel.NOTHING });
  const [admin, consumer] = [kafka.admin(), kafka.consumer({ groupId: `example-exposure.${process.pid}` })];
  await Promise.all([admin.connect(), consumer.connect()]);
  const unread = new Map((await admin.fetchTopicOffsets(topic)).filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, Number(high)]));
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  if (unread.size > 0) await new Promise<void>((done) => void consumer.run({ autoCommit: false, eachMessage: ({ partition, message: { offset, value, headers } }) => {
    const { occurredAt } = JSON.parse(String(headers?.['touchstone_meta'])) as { occurredAt: string };
    take({ type: String(headers?.['ce_type']), time: occurredAt, data: JSON.parse(String(value)) as CloudEvent['data'] });
    if (Number(offset) + 1 >= (unread.get(partition) ?? Infinity)) unread.delete(partition);
    if (unread.size === 0) done();
    return Promise.resolve();
  } }));
  await Promise.all([admin.disconnect(), consumer.disconnect()]);
}

const [, , brokers, topic = 'control.events.v1'] = process.argv;
if (brokers) await readTopic(brokers, topic);
else for await (const line of createInterface({ input: process.stdin })) if (line.trim() !== '') take(JSON.parse(line) as CloudEvent);
process.stdout.write([...exposures()].map((each) => `${JSON.stringify(each)}\n`).toSorted().join(''));
