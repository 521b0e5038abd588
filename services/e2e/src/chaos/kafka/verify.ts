import { systemClock } from '@touchstone/kernel';
import type { StoredEvent } from '@touchstone/event-store';
import { openPostgresStore, PostgresSubjectKeys, Runtime } from '@touchstone/event-store';
import { producerOf } from '@touchstone/messaging';
import type { KafkaPort } from '@touchstone/messaging/kafka';
import { kafkajsPort } from '@touchstone/messaging/kafka';
import type { ParkedRecord, ServiceEvidence, TopicRecord } from '@touchstone/testing/history';
import { askedOf, checkDelivery, loggedOf } from '@touchstone/testing/history';
import { wholeTopic } from '../../kafka/whole-topic.js';
import { readJournal } from '../journal-file.js';
import type { ToldEntry } from './clients.js';
import type { KafkaGrounds, KafkaOutcome } from './grounds.js';
import type { Inspected, Service, Stamped } from './presses.js';
import { INSPECTED, partContracts, partsOf, services, STAMPED } from './presses.js';
import type { KafkaTrial } from './trial.js';

const PAGE = 5_000;

/** Ends a trial and adds what was found to the outcome of its fault. */
export async function judge(trial: KafkaTrial, outcome: KafkaOutcome, grounds: KafkaGrounds): Promise<void> {
  await trial.end();
  const port = kafkajsPort({ brokers: grounds.broker.brokers, clientId: 'judge' });
  try {
    const evidence = await evidenceOf(trial, port);
    const found = [...trial.failures, ...(await parkedReactions(trial)), ...(await decisionsOf(trial)), ...checkDelivery(evidence).map(({ kind, what }) => `${kind}: ${what}`)];
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
    publicTypes: partsOf[service].publicTypes, topic: await published(port, trial.topicOf(service)), listensTo: partsOf[service].listensTo,
    parked: await parkedIn(trial, service), poisoned: service === 'inspecting' && !trial.newer ? flawed : new Set<string>(), discarded: service === 'inspecting' ? trial.discarded : new Set<string>(),
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

const published = async (port: KafkaPort, topic: string): Promise<TopicRecord[]> => (await wholeTopic(port, topic)).map(({ partition, offset, key, value, headers }) =>
  ({ partition, offset, key, ...askedOf({ id: headers['ce_id'] ?? '', type: headers['ce_type'] ?? '', body: value, meta: headers['touchstone_meta'] ?? '' }) }));

async function parkedIn(trial: KafkaTrial, service: Service): Promise<ParkedRecord[]> {
  const { rows } = await trial.pool(service).query<{ consumer: string; stream: string; id: string }>(`select consumer, stream, event_id as id from parked where state = 'parked' and consumer like 'ingest:%'`);
  return rows.map(({ consumer, stream, id }) => ({ producer: producerOf(consumer.slice('ingest:'.length)), stream, id }));
}

/** No reaction here may fail: each that was put aside is a finding, and its reason is worth more than that its effect is missing. */
async function parkedReactions(trial: KafkaTrial): Promise<string[]> {
  const { rows } = await trial.pool('inspecting').query<{ error: string; count: number }>(`select error, count(*)::int as count from parked where consumer like 'reaction:%' group by error order by count desc limit 5`);
  return rows.map(({ error, count }) => `reaction-parked: ${count} times: ${error}`);
}

/** What the operator decided is kept with his name, the time and the reason, and nothing that he did not decide. */
async function decisionsOf(trial: KafkaTrial): Promise<string[]> {
  const { rows } = await trial.pool('inspecting').query<{ id: string; state: string; told: boolean }>(`select event_id as id, state, decided_by is not null and decided_at is not null and reason is not null as told from parked where state <> 'parked'`);
  const discarded = new Set(rows.filter(({ state }) => state === 'discarded').map(({ id }) => id));
  return [
    ...rows.filter(({ told }) => !told).map(({ id }) => `decision-unsigned: nobody, or no reason, is noted with ${id}`),
    ...[...trial.discarded].filter((id) => !discarded.has(id)).map((id) => `decision-lost: ${id} was discarded, and is not marked so`),
    ...[...discarded].filter((id) => !trial.discarded.has(id)).map((id) => `decision-invented: ${id} was discarded by nobody`),
  ];
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
