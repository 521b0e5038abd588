import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumerListener, KafkaConsumer, KafkaPort, KafkaRecord, OutgoingRecord } from '@touchstone/messaging/kafka';

export interface ClientFigures {
  readonly sent: number;
  readonly received: number;
  readonly sentPerSecond: number;
  readonly receivedPerSecond: number;
  /** From handing one record to the producer until the consumer hands it on. */
  readonly tripMs: { readonly p50: number; readonly p99: number };
}

const PARTITIONS = 6;
/** As the relay sends: so many in one request, the next after the acknowledgement. */
const BATCH = 500;
/** About the size of an event with its metadata. */
const BODY = JSON.stringify({ lotId: '00000000-0000-4000-8000-000000000000', quantity: '12.5', note: 'x'.repeat(250) });

const recordOf = (n: number): OutgoingRecord => ({ partition: n % PARTITIONS, key: `lot-${n % 100}`, value: BODY, headers: { ce_id: String(n), ce_type: 'control.QuantityReleased.v1', ce_source: 'bench' } });

/** Rates and round trips of a client through the port, on a topic of its own that is deleted afterwards. Closes the port. */
export async function compareClient(port: KafkaPort, { records, trips }: { records: number; trips: number }): Promise<ClientFigures> {
  const topic = `comparison-${randomBytes(4).toString('hex')}`;
  await port.admin.createTopic(topic, PARTITIONS);
  const producer = await port.producer();
  const sendingAt = performance.now();
  for (let from = 0; from < records; from += BATCH) await producer.send(topic, Array.from({ length: Math.min(BATCH, records - from) }, (_, index) => recordOf(from + index)));
  const sendingMs = performance.now() - sendingAt;

  const heard: { count: number; first?: number; last: number; wanted: number; tell?: () => void } = { count: 0, last: 0, wanted: records };
  const ids = new Set<string>();
  const consumer = await joined(port, topic, (got) => {
    heard.first ??= performance.now();
    heard.last = performance.now();
    heard.count += got.length;
    for (const { headers } of got) ids.add(headers['ce_id'] ?? '');
    if (heard.count >= heard.wanted) heard.tell?.();
  });
  const until = (count: number) => new Promise<void>((resolve) => {
    Object.assign(heard, { wanted: count, tell: resolve });
    if (heard.count >= count) resolve();
  });
  await until(records);
  const [received, receivingMs] = [ids.size, heard.last - (heard.first ?? 0)];

  const tripsMs: number[] = [];
  for (let trip = 0; trip < trips; trip += 1) {
    const startedAt = performance.now();
    const there = until(records + trip + 1);
    await producer.send(topic, [recordOf(trip)]);
    await there;
    tripsMs.push(performance.now() - startedAt);
  }
  await consumer.close();
  await producer.close();
  await port.admin.deleteTopic(topic);
  await port.close();
  tripsMs.sort((a, b) => a - b);
  const quantile = (q: number) => tripsMs[Math.min(tripsMs.length - 1, Math.floor(q * tripsMs.length))] ?? 0;
  const perSecond = (ms: number) => Math.round((records * 1_000) / ms);
  return { sent: records, received, sentPerSecond: perSecond(sendingMs), receivedPerSecond: perSecond(receivingMs), tripMs: { p50: quantile(0.5), p99: quantile(0.99) } };
}

/** A member of a group of its own; tried again, since a coordinator that is new to the group says so first. */
async function joined(port: KafkaPort, topic: string, received: (records: readonly KafkaRecord[]) => void): Promise<KafkaConsumer> {
  for (let attempts = 1; ; attempts += 1) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => undefined);
    const listener: ConsumerListener = {
      assigned: (places, opened) => {
        for (const place of places) opened.seek(place, 0);
        resolve();
      },
      alive: () => undefined, failed: reject, received: (_, records) => received(records),
    };
    const consumer = await port.consumer(`${topic}-group`, [topic], listener);
    try {
      await promise;
      return consumer;
    } catch (error) {
      await consumer.close();
      if (attempts === 20) throw error;
      await pause(200);
    }
  }
}
