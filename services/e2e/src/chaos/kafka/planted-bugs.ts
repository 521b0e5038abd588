import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Consumer, Delivered, Message, Publisher } from '@touchstone/messaging';
import type { KafkaPort, OutgoingRecord, RelayLease } from '@touchstone/messaging/kafka';
import { PARTITIONS, partitionOf } from '@touchstone/messaging/kafka';

/** What a transport is given of a consumer. */
export interface Taking extends Consumer {
  take(delivered: Delivered): Promise<void>;
}

/** Commits first: its place is noted in a file before the events are in the log, and it begins there again. */
export function committingFirst(ingest: Taking, folder: string): Taking {
  const fileOf = (lane: string) => join(folder, `committed-${lane.replaceAll('/', '-')}`);
  const committed = (lane: string) => (existsSync(fileOf(lane)) ? Number(readFileSync(fileOf(lane), 'utf8')) : 0);
  return {
    takenFrom: async (lane) => {
      await ingest.takenFrom(lane);
      return committed(lane);
    },
    startOver: (lane) => ingest.startOver?.(lane),
    take: async (delivered) => {
      const last = delivered.messages.at(-1)?.offset ?? 0;
      writeFileSync(fileOf(delivered.topic), String(Math.max(last, committed(delivered.topic))));
      await ingest.take(delivered);
    },
  };
}

/** Passes over whatever follows something that cannot be taken in, and forgets it. */
export function skippingWhatFollows(ingest: Taking, isPoison: (message: Message) => boolean): Taking {
  const stopped = new Set<string>();
  return {
    takenFrom: (lane) => ingest.takenFrom(lane), notedAt: (lane, offset) => ingest.notedAt?.(lane, offset) ?? Promise.resolve(undefined), startOver: (lane) => ingest.startOver?.(lane),
    take: ({ topic, messages }) => ingest.take({
      topic,
      messages: messages.filter((message) => {
        const passed = stopped.has(message.key);
        if (isPoison(message)) stopped.add(message.key);
        return !passed;
      }),
    }),
  };
}

/** Notes how far it came before the broker has acknowledged it. */
export const notingFirst = (publisher: Publisher, lease: RelayLease): Publisher => ({
  startAfter: () => publisher.startAfter(), get epoch() { return publisher.epoch; },
  publish: async (messages) => {
    await lease.note({ seq: messages.at(-1)?.offset ?? 0, records: 0 });
    await publisher.publish(messages);
  },
});

const OVERTAKEN_BY_MS = 15;

/** Has no lease, and two requests on their way at a time, of which the second may be faster. */
export function withoutOrder(port: KafkaPort, topic: string, lease: RelayLease): Publisher {
  const record = ({ key, value, headers, offset }: Message): OutgoingRecord => ({ partition: partitionOf(key, PARTITIONS), key, value, headers: { ...headers, touchstone_seq: String(offset) } });
  return {
    startAfter: async () => {
      if ((await port.admin.partitions(topic)) === undefined) await port.admin.createTopic(topic, PARTITIONS);
      return (await lease.acquire()).seq;
    },
    publish: async (messages) => {
      const [one, other] = await Promise.all([port.producer(), port.producer()]);
      const half = Math.ceil(messages.length / 2);
      try {
        await Promise.all([
          pause(OVERTAKEN_BY_MS).then(() => one.send(topic, messages.slice(0, half).map(record))),
          half < messages.length ? other.send(topic, messages.slice(half).map(record)) : undefined,
        ]);
      } finally {
        await Promise.all([one.close(), other.close()]);
      }
      await lease.note({ seq: messages.at(-1)?.offset ?? 0, records: 0 });
    },
  };
}
