import { systemClock } from '@touchstone/kernel';
import type { StoredEvent } from '@touchstone/event-store';
import { openPostgresStore, PostgresSubjectKeys, Runtime } from '@touchstone/event-store';
import { producerOf } from '@touchstone/messaging';
import type { KafkaPort } from '@touchstone/messaging/kafka';
import { kafkajsPort } from '@touchstone/messaging/kafka';
import type { ParkedRecord, ServiceEvidence, TopicRecord } from '@touchstone/testing/history';
import { askedOf, checkDelivery, loggedOf } from '@touchstone/testing/history';
import { readJournal } from '../journal-file.js';
import type { ToldEntry } from './clients.js';
import type { KafkaGrounds, KafkaOutcome } from './grounds.js';
import type { Inspected, Service, Stamped } from './presses.js';
import { INSPECTED, partContracts, partsOf, services, STAMPED } from './presses.js';
import type { KafkaTrial } from './trial.js';

const PAGE = 5_000;
const READ_WITHIN_MS = 30_000;

/** Ends a trial and adds what was found to the outcome of its fault. */
export async function judge(trial: KafkaTrial, outcome: KafkaOutcome, grounds: KafkaGrounds): Promise<void> {
  await trial.end();
  const port = kafkajsPort({ brokers: grounds.broker.brokers, clientId: 'judge' });
  try {
    const evidence = await evidenceOf(trial, port);
    const found = [...trial.failures, ...(await parkedReactions(trial)), ...checkDelivery(evidence).map(({ kind, what }) => `${kind}: ${what}`)];
    const path = found.length > 0 && !outcome.planted ? ` [${grounds.keepEvidence(trial.options.name, { found, evidence })}]` : '';
    outcome.violations.push(...found.map((what) => `${trial.options.name}: ${what}${path}`));
    outcome.trials += 1;
    for (const { log, publicTypes, topic, parked } of evidence) {
      const own = log.filter(({ stream, type }) => !stream.includes('/') && publicTypes.includes(type)).length;
      outcome.published += own;
      outcome.duplicates += topic.length - new Set(topic.map(({ id }) => id)).size;
      outcome.takenIn += log.filter(({ stream }) => stream.includes('/')).length;
      outcome.parked += parked.length;
    }
  } finally {
    await port.close();
  }
}

async function evidenceOf(trial: KafkaTrial, port: KafkaPort): Promise<ServiceEvidence[]> {
  const logs: Record<Service, StoredEvent[]> = { pressing: await logOf(trial, 'pressing'), inspecting: await logOf(trial, 'inspecting') };
  const told = trial.journals.flatMap((path) => readJournal<ToldEntry>(path)).flatMap(({ events }) => events);
  const flawed = new Set(logs.pressing.filter(({ type, body }) => type === STAMPED && (JSON.parse(body) as Stamped).flawed).map(({ id }) => id));
  const inspected = logs.inspecting.filter(({ type }) => type === INSPECTED).map(({ body }) => (JSON.parse(body) as Inspected).of);
  return Promise.all(services.map(async (service) => ({
    service, log: logs[service].map(loggedOf), acknowledged: service === 'pressing' ? told : [],
    publicTypes: partsOf[service].publicTypes, topic: await topicIn(port, trial.topicOf(service)), listensTo: partsOf[service].listensTo,
    parked: await parkedIn(trial, service), poisoned: service === 'inspecting' ? flawed : new Set<string>(),
    reactions: service === 'inspecting' ? [{ name: 'inspect-stamped', on: [STAMPED], causes: inspected }] : [],
    readModels: await readModelsOf(trial, service),
  })));
}

async function logOf(trial: KafkaTrial, service: Service): Promise<StoredEvent[]> {
  const store = await openPostgresStore({ url: trial.databases[service].directUrl() });
  try {
    const events: StoredEvent[] = [];
    for (let page = await store.readAll(0, PAGE); page.length > 0; page = await store.readAll(events.length, PAGE)) events.push(...page);
    return events;
  } finally {
    await store.close();
  }
}

async function parkedIn(trial: KafkaTrial, service: Service): Promise<ParkedRecord[]> {
  const { rows } = await trial.pool(service).query<{ consumer: string; stream: string; id: string }>(`select consumer, stream, event_id as id from parked where state = 'parked' and consumer like 'ingest:%'`);
  return rows.map(({ consumer, stream, id }) => ({ producer: producerOf(consumer.slice('ingest:'.length)), stream, id }));
}

/** No reaction here may fail: each that was put aside is a finding, and its reason is worth more than that its effect is missing. */
async function parkedReactions(trial: KafkaTrial): Promise<string[]> {
  const { rows } = await trial.pool('inspecting').query<{ error: string; count: number }>(`select error, count(*)::int as count from parked where consumer like 'reaction:%' group by error order by count desc limit 5`);
  return rows.map(({ error, count }) => `reaction-parked: ${count} times: ${error}`);
}

/** As they were served when their processes ended, and from zero. */
async function readModelsOf(trial: KafkaTrial, service: Service): Promise<ServiceEvidence['readModels']> {
  const url = trial.databases[service].directUrl();
  const { slices, projections } = partsOf[service];
  const store = await openPostgresStore({ url });
  const runtime = new Runtime({ service, url, store, keys: new PostgresSubjectKeys(store.pool, trial.masterKey), clock: systemClock, contracts: partContracts, slices, projections, reactions: [], deadlines: [] });
  try {
    await runtime.start();
    const hashes: ServiceEvidence['readModels'][number][] = [];
    for (const { name } of projections) {
      const { liveHash, rebuiltHash } = await runtime.rebuild(name);
      hashes.push({ name, served: String(liveHash), rebuilt: String(rebuiltHash) });
    }
    return hashes;
  } finally {
    await runtime.stop();
  }
}

/** All records of a topic, as a stranger would read them. */
async function topicIn(port: KafkaPort, topic: string): Promise<TopicRecord[]> {
  const ends = await port.admin.ends(topic);
  const records: TopicRecord[] = [];
  const next = new Map([...ends].map(([partition]) => [partition, 0]));
  const { promise: complete, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`${topic} was not read within ${READ_WITHIN_MS} ms: ${JSON.stringify([...next])} of ${JSON.stringify([...ends])}`)), READ_WITHIN_MS);
  const look = () => { if ([...ends].every(([partition, end]) => (next.get(partition) ?? 0) >= end)) resolve(); };
  const consumer = await port.consumer(`judge-${topic}`, [topic], {
    assigned: (places, kafka) => { for (const place of places) kafka.seek(place, 0); },
    received: ({ partition }, page) => {
      for (const { offset, key, value, headers } of page) {
        if (offset < (next.get(partition) ?? 0)) continue;
        next.set(partition, offset + 1);
        records.push({ partition, offset, key, ...askedOf({ id: headers['ce_id'] ?? '', type: headers['ce_type'] ?? '', body: value, meta: headers['touchstone_meta'] ?? '' }) });
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
