import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { LogFeed, noUpcasting } from '@touchstone/event-store';
import { relay } from '@touchstone/messaging';
import type { OutgoingRecord } from '@touchstone/messaging/kafka';
import { KafkaTransport, PARTITIONS, PostgresLease } from '@touchstone/messaging/kafka';
import { fillLog } from '../fill-log.js';
import type { Contender, Contest, Row } from '../measure.js';
import { once } from '../measure.js';
import { atLeast, rowOf } from '../targets.js';
import type { KafkaGrounds, OpenedLog } from './grounds.js';
import { newPrefix, recordOf, TOPIC } from './grounds.js';

export const EVENTS_A_STREAM = 20;
const BATCH = 1_000;
const PATIENCE_MS = 300_000;
const [PRODUCE, READ] = ['kafkajs, idempotent', 'this store'];

/** From the log to the topic, against what the client sends by itself and what the store is read with. */
export async function relayContest(grounds: KafkaGrounds, events: number): Promise<Contest> {
  const log = await grounds.log('relay');
  await fillLog(log.database.ownerUrl, { from: 1, to: events, eventsAStream: EVENTS_A_STREAM, onlyReadInOrder: true });
  const records = Array.from({ length: events }, (_, index) => recordOf(index + 1, EVENTS_A_STREAM));
  return {
    area: 'relay', what: `publish ${events.toLocaleString('en-US')} events`, unit: 'events/s',
    contenders: [
      relaying(grounds, log, events),
      producing(`${PRODUCE}, ${BATCH.toLocaleString('en-US')} a send, one send at a time`, grounds, records, true, 1),
      producing(`kafkajs, not idempotent, ${BATCH.toLocaleString('en-US')} a send, 5 sends at once`, grounds, records, false, 5),
      { name: `${READ}, read through the feed`, run: () => grounds.counted(() => once(() => readThrough(log, events))) },
    ],
    targets: [atLeast(0.6, "≥ 0.6 × the client's own batched rate, up to the store's reading rate", slowerOf)],
  };
}

/** Ours, compared with the slower of the two parts. */
function slowerOf(rows: readonly Row[]): number | undefined {
  const ratios = [PRODUCE, READ].map((name) => rowOf(rows, name)?.ours?.median);
  return ratios.some((ratio) => ratio === undefined) ? undefined : Math.max(...ratios.map((ratio) => ratio ?? NaN));
}

function relaying(grounds: KafkaGrounds, { store, keys, database }: OpenedLog, events: number): Contender {
  return {
    name: 'this relay, under its lease, each request noted',
    run: () => onTopic(grounds, events, async (topic, prefix) => {
      const transport = new KafkaTransport({ port: grounds.port(), group: 'none', prefix, lease: (name) => new PostgresLease(database.url, name) });
      const feed = new LogFeed(store, keys, noUpcasting);
      const follower = relay({ store, feed, publisher: transport.publisher(TOPIC), isPublic: () => true });
      try {
        return await grounds.counted(() => once(async () => {
          follower.start();
          if (!(await follower.reached(events, PATIENCE_MS))) throw new Error(`the relay to ${topic} stands still: ${follower.failure?.message ?? 'no error'}`);
          return events;
        }));
      } finally {
        feed.close();
        await follower.stop();
        await transport.close();
      }
    }),
  };
}

function producing(name: string, grounds: KafkaGrounds, records: readonly OutgoingRecord[], idempotent: boolean, atOnce: number): Contender {
  return {
    name,
    run: () => onTopic(grounds, records.length, async (topic) => {
      const client = new Kafka({ brokers: [...grounds.broker.brokers], clientId: 'bench-bare', logLevel: logLevel.NOTHING });
      const producer = client.producer({ idempotent, maxInFlightRequests: atOnce, allowAutoTopicCreation: false, createPartitioner: () => ({ message }) => message.partition ?? 0 });
      await producer.connect();
      try {
        return await grounds.counted(() => once(async () => {
          let next = 0;
          const send = async () => {
            for (let from = next; from < records.length; from = next) {
              next += BATCH;
              await producer.send({ topic, acks: -1, compression: CompressionTypes.None, messages: records.slice(from, from + BATCH).map((record) => ({ ...record })) });
            }
          };
          await Promise.all(Array.from({ length: atOnce }, send));
          return records.length;
        }));
      } finally {
        await producer.disconnect();
      }
    }),
  };
}

/** A topic that is there before the clock starts; afterwards all must be on it, each once. */
async function onTopic<T>(grounds: KafkaGrounds, events: number, job: (topic: string, prefix: string) => Promise<T>): Promise<T> {
  const [port, prefix] = [grounds.port(), newPrefix()];
  const topic = prefix + TOPIC;
  try {
    await port.admin.createTopic(topic, PARTITIONS);
    const result = await job(topic, prefix);
    const there = [...(await port.admin.ends(topic)).values()].reduce((sum, end) => sum + end, 0);
    if (there !== events) throw new Error(`${there} records of ${events} are on the topic`);
    await port.admin.deleteTopic(topic);
    return result;
  } finally {
    await port.close();
  }
}

async function readThrough({ store, keys }: OpenedLog, events: number): Promise<number> {
  const feed = new LogFeed(store, keys, noUpcasting);
  try {
    let seq = 0;
    while (seq < events) {
      const last = (await feed.readStored(seq)).at(-1);
      if (!last) throw new Error('the log ended before it was read');
      seq = last.seq;
    }
    return seq;
  } finally {
    feed.close();
  }
}
