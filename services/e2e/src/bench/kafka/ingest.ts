import type { Message } from '@touchstone/messaging';
import { PARTITIONS } from '@touchstone/messaging/kafka';
import { countingReadModel, openCounting } from '../counting.js';
import { fillLog } from '../fill-log.js';
import { machine } from '../machine.js';
import type { Contender, Contest, Row } from '../measure.js';
import { once } from '../measure.js';
import { atLeast, rowOf, timesAsFastAs } from '../targets.js';
import type { KafkaGrounds } from './grounds.js';
import { newPrefix, recordOf, TOPIC } from './grounds.js';
import { ingestOf, joined, openReceiving } from './receiving.js';
import { EVENTS_A_STREAM } from './relay.js';

const BATCH = 1_000;
const PAGE = 500;
const WITHOUT_KAFKA = 'ingest and the read model, pages handed over in this process';
const [OURS, PROJECTION, CLIENT, STORE] = ['from Kafka, by ingest', 'this store, a counting read model', 'kafkajs alone', 'this store, the same pages'];

/** A topic from its beginning, into a log and a read model; against the same read model on a log that is there already. */
export async function ingestContest(grounds: KafkaGrounds, events: number): Promise<Contest> {
  const prefix = newPrefix();
  await publish(grounds, prefix, events);
  const filled = await grounds.log('projected');
  await fillLog(filled.database.ownerUrl, { from: 1, to: events, eventsAStream: EVENTS_A_STREAM });
  return {
    area: 'ingest', what: `take in and project ${events.toLocaleString('en-US')} events`, unit: 'events/s',
    contenders: [
      overKafka(grounds, prefix, events),
      counted(grounds, countingReadModel(filled.store, filled.keys, filled.database.url, events)),
      handedOver(grounds, events),
      readAlone(grounds, prefix, events),
      appendedAlone(grounds, events),
    ],
    causes: sumOfParts,
    targets: [
      atLeast(0.5, '≥ 0.5 × the bare projection, of a log that is there', timesAsFastAs(PROJECTION)),
      atLeast(0.5, '≥ 0.5 × ingest with projection without Kafka', timesAsFastAs(WITHOUT_KAFKA)),
    ],
  };
}

/** Puts so many events on a topic, as a relay would. */
export async function publish(grounds: KafkaGrounds, prefix: string, events: number): Promise<void> {
  const port = grounds.port();
  await port.admin.createTopic(prefix + TOPIC, PARTITIONS);
  const producer = await port.producer();
  for (let from = 0; from < events; from += BATCH) {
    await producer.send(prefix + TOPIC, Array.from({ length: Math.min(BATCH, events - from) }, (_, index) => recordOf(from + index + 1, EVENTS_A_STREAM)));
  }
  await producer.close();
  await port.close();
}

let runs = 0;

function overKafka(grounds: KafkaGrounds, prefix: string, events: number): Contender {
  return {
    name: `${OURS}, into the read model`,
    run: async () => {
      const log = await grounds.log(`taken_${(runs += 1)}`);
      const receiving = await openReceiving({ ...log, url: log.database.url, port: grounds.port(), prefix });
      try {
        return await grounds.counted(() => once(() => {
          receiving.listen();
          return receiving.counting.counted(events);
        }));
      } finally {
        await receiving.close();
      }
    },
  };
}

const counted = (grounds: KafkaGrounds, { name, run }: Contender): Contender => ({ name, run: () => grounds.counted(run) });

type LaneOfMessages = readonly [string, readonly Message[]];

/** The six lanes that there are with Kafka. */
function lanesOf(events: number): LaneOfMessages[] {
  const all = Array.from({ length: events }, (_, index) => recordOf(index + 1, EVENTS_A_STREAM));
  return [...Map.groupBy(all, ({ partition }) => partition)].map(([partition, records]) =>
    [`${TOPIC}/${partition}`, records.map(({ key, value, headers }, index) => ({ key, value, offset: index + 1, headers: headers as Message['headers'] }))]);
}

/** One page after the other in each. */
async function inPages(lanes: readonly LaneOfMessages[], take: (topic: string, messages: readonly Message[]) => Promise<unknown>): Promise<void> {
  await Promise.all(lanes.map(async ([topic, messages]) => {
    for (let at = 0; at < messages.length; at += PAGE) await take(topic, messages.slice(at, at + PAGE));
  }));
}

function handedOver(grounds: KafkaGrounds, events: number): Contender {
  const lanes = lanesOf(events);
  return {
    name: WITHOUT_KAFKA,
    run: async () => {
      const { store, keys, database } = await grounds.log(`handed_${(runs += 1)}`);
      const counting = await openCounting(store, keys, database.url, 'bench_received');
      const ingest = ingestOf(store);
      try {
        return await grounds.counted(() => once(async () => (await Promise.all([counting.counted(events), inPages(lanes, (topic, messages) => ingest.take({ topic, messages }))]))[0]));
      } finally {
        await counting.drop();
      }
    },
  };
}

/** The topic from its beginning, and nothing done with it. */
function readAlone(grounds: KafkaGrounds, prefix: string, events: number): Contender {
  return {
    name: `${CLIENT}, the topic read and let go`,
    run: async () => {
      const port = grounds.port();
      const { promise: all, resolve } = Promise.withResolvers<number>();
      let heard = 0;
      let close = (): Promise<void> => Promise.resolve();
      try {
        return await grounds.counted(() => once(async () => {
          const consumer = await joined(port, prefix + TOPIC, (count) => {
            if ((heard += count) >= events) resolve(heard);
          });
          close = () => consumer.close();
          return all;
        }));
      } finally {
        await close();
        await port.close();
      }
    },
  };
}

/** What is taken in anyway: rows with all their indexes, on disk, without looking into them. */
function appendedAlone(grounds: KafkaGrounds, events: number): Contender {
  const pages = lanesOf(events);
  return {
    name: `${STORE} appended`,
    run: async () => {
      const { store } = await grounds.log(`appended_${(runs += 1)}`);
      const append = (topic: string, messages: readonly Message[]) => store.ingestNew(messages.map(({ key, value, offset, headers }) =>
        ({ stream: `bench/${key}`, id: headers.ce_id, type: headers.ce_type, body: value, meta: headers.touchstone_meta, topic, offset })), 'bench');
      return grounds.counted(() => once(async () => {
        await inPages(pages, append);
        return events;
      }));
    },
  };
}

/** What the parts cost that nothing of it can do without, and the rate at which they fill the machine. */
function sumOfParts(rows: readonly Row[]): string[] {
  const [ours, ...parts] = [OURS, CLIENT, STORE, PROJECTION].map((name) => rowOf(rows, name)?.cpuUs?.median);
  if (ours === undefined || parts.some((part) => part === undefined)) return [];
  const sum = parts.reduce<number>((total, part) => total + (part ?? 0), 0);
  const { cores } = machine();
  return [
    `ingest: its parts alone, CPU an event: kafkajs ${parts[0]?.toFixed(1)} µs, rows and indexes ${parts[1]?.toFixed(1)} µs, the read model ${parts[2]?.toFixed(1)} µs, together ${sum.toFixed(1)} µs; ingest takes ${ours.toFixed(1)} µs. `
    + `Were all ${cores} cores always busy with nothing else, the parts alone would come to ${Math.round((cores * 1e6) / sum).toLocaleString('en-US')} events/s, which is ${((cores * 1e6) / sum / (rowOf(rows, PROJECTION)?.rate.median ?? NaN)).toFixed(2)} of the bare projection`,
  ];
}
