import type { KafkaPort, KafkaRecord } from '@touchstone/messaging/kafka';

const READ_WITHIN_MS = 30_000;

export interface PlacedRecord extends KafkaRecord {
  readonly partition: number;
}

/** All records of a topic up to where its partitions end now, as a stranger would read them. */
export async function wholeTopic(port: KafkaPort, topic: string): Promise<PlacedRecord[]> {
  const ends = await port.admin.ends(topic);
  const records: PlacedRecord[] = [];
  const next = new Map([...ends].map(([partition]) => [partition, 0]));
  const { promise: complete, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`${topic} was not read within ${READ_WITHIN_MS} ms: ${JSON.stringify([...next])} of ${JSON.stringify([...ends])}`)), READ_WITHIN_MS);
  const look = () => { if ([...ends].every(([partition, end]) => (next.get(partition) ?? 0) >= end)) resolve(); };
  const consumer = await port.consumer(`reader-of-${topic}`, [topic], {
    assigned: (places, kafka) => { for (const place of places) kafka.seek(place, 0); },
    received: ({ partition }, page) => {
      for (const record of page) {
        if (record.offset < (next.get(partition) ?? 0)) continue;
        next.set(partition, record.offset + 1);
        records.push({ partition, ...record });
      }
      look();
    },
    alive: look, failed: reject,
  });
  try {
    await complete;
    return records;
  } finally {
    clearTimeout(timer);
    await consumer.close();
  }
}
