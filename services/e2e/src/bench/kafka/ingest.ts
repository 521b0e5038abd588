import type { Message } from '@touchstone/messaging';
import { PARTITIONS } from '@touchstone/messaging/kafka';
import { countingReadModel, openCounting } from '../counting.js';
import { fillLog } from '../fill-log.js';
import type { Contender, Contest } from '../measure.js';
import { once } from '../measure.js';
import { atLeast, timesAsFastAs } from '../targets.js';
import type { KafkaGrounds } from './grounds.js';
import { newPrefix, recordOf, TOPIC } from './grounds.js';
import { ingestOf, openReceiving } from './receiving.js';
import { EVENTS_A_STREAM } from './relay.js';

const BATCH = 1_000;
const PAGE = 500;
const WITHOUT_KAFKA = 'ingest and the read model, pages handed over in this process';

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
    ],
    targets: [
      atLeast(0.5, '≥ 0.5 × the bare projection, of a log that is there', timesAsFastAs('this store, a counting read model')),
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
    name: 'from Kafka, by ingest, into the read model',
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

/** The six lanes that there are with Kafka, one page after the other in each. */
function handedOver(grounds: KafkaGrounds, events: number): Contender {
  const all = Array.from({ length: events }, (_, index) => recordOf(index + 1, EVENTS_A_STREAM));
  const lanes = [...Map.groupBy(all, ({ partition }) => partition)].map(([partition, records]): [string, Message[]] =>
    [`${TOPIC}/${partition}`, records.map(({ key, value, headers }, index) => ({ key, value, offset: index + 1, headers: headers as Message['headers'] }))]);
  return {
    name: WITHOUT_KAFKA,
    run: async () => {
      const { store, keys, database } = await grounds.log(`handed_${(runs += 1)}`);
      const counting = await openCounting(store, keys, database.url, 'bench_received');
      const ingest = ingestOf(store);
      const take = async ([topic, messages]: [string, Message[]]) => {
        for (let at = 0; at < messages.length; at += PAGE) await ingest.take({ topic, messages: messages.slice(at, at + PAGE) });
      };
      try {
        return await grounds.counted(() => once(async () => (await Promise.all([counting.counted(events), ...lanes.map(take)]))[0]));
      } finally {
        await counting.drop();
      }
    },
  };
}
