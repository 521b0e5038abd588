import { LogFeed, noUpcasting } from '@touchstone/event-store';
import { relay } from '@touchstone/messaging';
import { KafkaTransport, PARTITIONS, PostgresLease } from '@touchstone/messaging/kafka';
import { openCounting } from '../counting.js';
import type { Contest, Row, Sample } from '../measure.js';
import { appendOf } from '../sample-event.js';
import { atMost, rowOf } from '../targets.js';
import type { KafkaGrounds } from './grounds.js';
import { newPrefix, recordOf, TOPIC } from './grounds.js';
import { ingestOf, joined, openReceiving } from './receiving.js';

const PATIENCE_MS = 30_000;
const STREAMS = 50;
const [OURS, BARE, DIRECT, FLUSH] = ['from an append until', 'kafkajs, produce', 'the same without relay and Kafka', 'a flush of the log'];
/** Offsets of a lane that no topic has. */
const LANE = `${TOPIC}/0`;

export interface OpenedTrips {
  readonly contest: Contest;
  close(): Promise<void>;
}

/** One event after the other: from an append in one service until it is in another's read model, against a bare record there. */
export async function tripsContest(grounds: KafkaGrounds, trips: number): Promise<OpenedTrips> {
  const [ours, bare, direct] = [await openTrip(grounds), await openBareTrip(grounds), await openDirectTrip(grounds)];
  const ratio = (of: (row: Row | undefined) => number | undefined) => (rows: readonly Row[]) => (of(rowOf(rows, OURS)) ?? NaN) / (of(rowOf(rows, BARE)) ?? NaN);
  const { store: flushed } = await grounds.log('trip_flushed');
  return {
    contest: {
      area: 'round trip', what: `${trips.toLocaleString('en-US')} events, one after the other`, unit: 'trips/s',
      contenders: [
        { name: `${OURS} another service's read model shows it`, run: () => grounds.counted(() => timed(trips, ours.trip)) },
        { name: `${BARE}, consume`, run: () => grounds.counted(() => timed(trips, bare.trip)) },
        { name: `${DIRECT}: append, ingest, read model`, run: () => grounds.counted(() => timed(trips, direct.trip)) },
        { name: `${FLUSH} to this disk`, run: () => grounds.counted(() => timed(trips, () => flushed.durable())) },
      ],
      targets: [
        atMost(3, 'p50 ≤ 3 × a bare round trip of the same client', ratio((row) => row?.p50Ms?.median)),
        atMost(5, 'p99 ≤ 5 ×', ratio((row) => row?.p99Ms?.median)),
      ],
      causes: sumOfParts,
    },
    close: async () => void (await Promise.all([ours.close(), bare.close(), direct.close()])),
  };
}

/** Both ways one after the other are what a trip cannot be shorter than, as long as each service has its log on disk first. */
function sumOfParts(rows: readonly Row[]): string[] {
  const [ours, bare, direct, flush] = [OURS, BARE, DIRECT, FLUSH].map((name) => rowOf(rows, name)?.p50Ms?.median ?? NaN) as [number, number, number, number];
  const shown = (ms: number) => ms.toFixed(2);
  return [
    `round trip: its parts alone, p50: through Kafka ${shown(bare)} ms, append, ingest and read model ${shown(direct)} ms, together ${shown(bare + direct)} ms; the whole trip took ${shown(ours / (bare + direct))} times that. `
    + `In it are two flushes, one a log, of ${shown(flush)} ms alone; a broker acknowledges from memory`,
  ];
}

async function timed(trips: number, trip: (n: number) => Promise<void>): Promise<Sample> {
  const latenciesMs: number[] = [];
  const began = performance.now();
  for (let n = 0; n < trips; n += 1) {
    const at = performance.now();
    await trip(n);
    latenciesMs.push(performance.now() - at);
  }
  return { count: trips, elapsedMs: performance.now() - began, latenciesMs };
}

interface Trip {
  readonly trip: (n: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Both services live in this process, with a database each; what they do is what service processes do. */
async function openTrip(grounds: KafkaGrounds): Promise<Trip> {
  const [from, to, prefix, port] = [await grounds.log('trip_from'), await grounds.log('trip_to'), newPrefix(), grounds.port()];
  await port.admin.createTopic(prefix + TOPIC, PARTITIONS);
  const transport = new KafkaTransport({ port: grounds.port(), group: 'none', prefix, lease: (topic) => new PostgresLease(from.database.url, topic) });
  const feed = new LogFeed(from.store, from.keys, noUpcasting);
  const relaying = relay({ store: from.store, feed, publisher: transport.publisher(TOPIC), isPublic: () => true });
  const receiving = await openReceiving({ ...to, url: to.database.url, port, prefix });
  const { follower } = receiving.counting.model;
  relaying.start();
  receiving.listen();
  follower.start();
  const versions = new Map<string, number>();
  let sent = 0;
  return {
    trip: async (n) => {
      const stream = `gauge-${n % STREAMS}`;
      const version = versions.get(stream) ?? 0;
      await from.store.append(appendOf(stream, version));
      versions.set(stream, version + 1);
      sent += 1;
      if (!(await follower.reached(sent, PATIENCE_MS))) throw new Error(`event ${sent} did not arrive: ${(relaying.failure ?? follower.failure)?.message ?? 'no error'}`);
    },
    close: async () => {
      feed.close();
      await relaying.stop();
      await transport.close();
      await receiving.close();
    },
  };
}

/** What both databases take of the way: two appends, each on disk before the next step, and a read model. */
async function openDirectTrip(grounds: KafkaGrounds): Promise<Trip> {
  const [from, to] = [await grounds.log('direct_from'), await grounds.log('direct_to')];
  const counting = await openCounting(to.store, to.keys, to.database.url, 'bench_direct');
  const ingest = ingestOf(to.store);
  const { follower } = counting.model;
  follower.start();
  let sent = 0;
  return {
    trip: async () => {
      sent += 1;
      const append = appendOf(`gauge-${sent}`, 0);
      await from.store.append(append);
      const messages = append.events.map(({ id, type, body, meta }) => ({ key: append.stream, offset: sent, value: body, headers: { ce_id: id, ce_type: type, ce_source: 'bench', touchstone_meta: meta } }));
      await Promise.all([ingest.take({ topic: LANE, messages }), follower.reached(sent, PATIENCE_MS)]);
    },
    close: () => counting.drop(),
  };
}

async function openBareTrip(grounds: KafkaGrounds): Promise<Trip> {
  const [port, topic] = [grounds.port(), newPrefix() + TOPIC];
  await port.admin.createTopic(topic, PARTITIONS);
  const producer = await port.producer();
  let heard = 0;
  let tell = (): void => undefined;
  const consumer = await joined(port, topic, (count) => {
    heard += count;
    tell();
  });
  let sent = 0;
  return {
    trip: async (n) => {
      const there = new Promise<void>((resolve) => { tell = () => { if (heard >= sent) resolve(); }; });
      sent += 1;
      await producer.send(topic, [recordOf(n + 1, 1)]);
      tell(); // it may have come before the acknowledgement
      await there;
    },
    close: async () => {
      await consumer.close();
      await producer.close();
      await port.close();
    },
  };
}
