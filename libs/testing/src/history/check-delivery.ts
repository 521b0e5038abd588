import { categoryOf } from '@touchstone/kernel';
import type { DeliveryViolation, DeliveryViolationKind, ServiceEvidence, TopicRecord } from './delivery.js';
import { some } from './evidence.js';
import type { LoggedEvent } from './history.js';

/**
 * What services between them show that correct ones could not have done; empty when all is as promised. Every public event of a log
 * is on its topic, first occurrences in the order of their stream, and once in the log of whoever listens, in that order; what
 * cannot be taken in is put aside with what follows on its stream, and nothing else; what was discarded stays away, what was replayed
 * stands where it would have stood; each reaction acted once; read models equal
 * their rebuild. Pure: the same evidence, the same list.
 */
export function checkDelivery(services: readonly ServiceEvidence[]): readonly DeliveryViolation[] {
  const byName = new Map(services.map((service) => [service.service, service]));
  return services.flatMap((service) => [
    ...acknowledged(service), ...published(service), ...takenIn(service, byName), ...reacted(service), ...rebuilt(service),
  ]);
}

const isOwn = ({ stream }: LoggedEvent): boolean => !stream.includes('/');
const publicOf = ({ log, publicTypes }: ServiceEvidence): LoggedEvent[] => log.filter((event) => isOwn(event) && publicTypes.includes(event.type));

/** One violation of a kind, naming what it concerns; none when that is nothing. */
function about(service: string, kind: DeliveryViolationKind, ids: readonly string[], what: string): DeliveryViolation[] {
  return ids.length === 0 ? [] : [{ kind, service, what: `${service}: ${ids.length} ${what}: ${some(ids)}` }];
}

function acknowledged({ service, acknowledged: told, log }: ServiceEvidence): DeliveryViolation[] {
  const stored = new Set(log.map(({ id }) => id));
  return about(service, 'acknowledged-lost', told.filter((id) => !stored.has(id)), 'acknowledged events are not in the log');
}

function published(evidence: ServiceEvidence): DeliveryViolation[] {
  const { service, topic } = evidence;
  const own = new Map(publicOf(evidence).map((event) => [event.id, event]));
  const there = new Set(topic.map(({ id }) => id));
  const changed = topic.filter(({ id, key, digest }) => own.has(id) && (own.get(id)?.stream !== key || own.get(id)?.digest !== digest));
  return [
    ...about(service, 'never-published', [...own.keys()].filter((id) => !there.has(id)), 'public events are not on the topic'),
    ...about(service, 'published-unasked', topic.filter(({ id }) => !own.has(id)).map(({ id }) => id), 'records on the topic are no public events of the log'),
    ...about(service, 'published-otherwise', changed.map(({ id }) => id), 'records on the topic are not what the log has under their ids'),
    ...[...Map.groupBy(topic, ({ key }) => key)].flatMap(([key, records]) => streamOnTopic(service, key, records, own)),
  ];
}

function streamOnTopic(service: string, key: string, records: readonly TopicRecord[], own: ReadonlyMap<string, LoggedEvent>): DeliveryViolation[] {
  const found: DeliveryViolation[] = [];
  const partitions = new Set(records.map(({ partition }) => partition));
  if (partitions.size > 1) found.push({ kind: 'partition-changed', service, what: `${service}: stream ${key} is in partitions ${some([...partitions])}` });
  const seen = new Set<string>();
  let highest = 0;
  for (const { id, offset } of records.toSorted((a, b) => a.offset - b.offset)) {
    const seq = own.get(id)?.seq;
    if (seq === undefined || seen.has(id)) continue;
    seen.add(id);
    if (seq < highest) found.push({ kind: 'published-out-of-order', service, what: `${service}: on ${key}, seq ${seq} comes first at offset ${offset}, behind seq ${highest}` });
    highest = Math.max(highest, seq);
  }
  return found;
}

function takenIn(consumer: ServiceEvidence, services: ReadonlyMap<string, ServiceEvidence>): DeliveryViolation[] {
  const { service, log, parked, listensTo } = consumer;
  const foreign = Map.groupBy(log.filter((event) => !isOwn(event)), ({ stream }) => stream);
  const aside = Map.groupBy(parked, ({ producer, stream }) => `${producer}/${stream}`);
  const wanted = new Map([...new Set(listensTo.map(producerIn))].flatMap((producer) => {
    const evidence = services.get(producer);
    const events = evidence ? publicOf(evidence).filter(({ stream }) => listensTo.includes(`${producer}/${categoryOf(stream)}`)) : [];
    return [...Map.groupBy(events, ({ stream }) => `${producer}/${stream}`)];
  }));
  return [...new Set([...wanted.keys(), ...foreign.keys(), ...aside.keys()])].flatMap((stream) => {
    const said = wanted.get(stream) ?? [];
    const taken = (foreign.get(stream) ?? []).toSorted((a, b) => a.version - b.version);
    const discarded = taken.filter(({ id }) => consumer.discarded.has(id)).map(({ id }) => id);
    return [
      ...streamTakenIn(service, stream, said, taken), ...about(service, 'discarded-and-taken-in', discarded, `events of ${stream} were discarded, and are in the log`),
      ...streamParked(consumer, stream, said.filter(({ id }) => !consumer.discarded.has(id)), taken, (aside.get(stream) ?? []).map(({ id }) => id)),
    ];
  });
}

const producerIn = (stream: string): string => stream.slice(0, stream.indexOf('/'));

/** Each at most once, as it was said, in the order in which it was said. */
function streamTakenIn(service: string, stream: string, said: readonly LoggedEvent[], taken: readonly LoggedEvent[]): DeliveryViolation[] {
  const place = new Map(said.map(({ id }, index) => [id, index]));
  const digests = new Map(said.map(({ id, digest }) => [id, digest]));
  const ids = taken.map(({ id }) => id);
  const order = ids.filter((id, index) => ids.indexOf(id) === index && place.has(id));
  const behind = order.filter((id, index) => index > 0 && (place.get(id) ?? 0) < (place.get(order[index - 1] ?? '') ?? 0));
  return [
    ...about(service, 'taken-in-twice', ids.filter((id, index) => ids.indexOf(id) !== index), `events of ${stream} are in the log again`),
    ...about(service, 'invented', ids.filter((id) => !place.has(id)), `events of ${stream} were said by nobody, or not to it`),
    ...about(service, 'changed-on-the-way', taken.filter(({ id, digest }) => place.has(id) && digests.get(id) !== digest).map(({ id }) => id), `events of ${stream} are not what was said`),
    ...about(service, 'taken-in-out-of-order', behind, `events of ${stream} stand behind what was said after them`),
  ];
}

/** Up to the first that cannot be taken in, all is in the log; from there on, all is put aside. `said`: but for what was discarded. */
function streamParked(
  { service, poisoned }: ServiceEvidence, stream: string, said: readonly LoggedEvent[], taken: readonly LoggedEvent[], parked: readonly string[],
): DeliveryViolation[] {
  const has = new Set(taken.map(({ id }) => id));
  const aside = new Set(parked);
  const first = said.findIndex(({ id }) => poisoned.has(id));
  const until = first < 0 ? said.length : first;
  const before = said.slice(0, until).map(({ id }) => id);
  const after = said.slice(until).map(({ id }) => id);
  const known = new Set(after);
  return [
    ...about(service, 'never-taken-in', before.filter((id) => !has.has(id) && !aside.has(id)), `events of ${stream} are neither in the log nor parked`),
    ...about(service, 'went-past-parked', after.filter((id) => has.has(id)), `events of ${stream} were taken in although one before them, or they themselves, cannot be`),
    ...about(service, 'vanished', after.filter((id) => !has.has(id) && !aside.has(id)), `events of ${stream} cannot be taken in, or follow such a one, and are not parked`),
    ...about(service, 'parked-without-reason', parked.filter((id) => !known.has(id)), `events of ${stream} are parked, and nothing keeps them from being taken in`),
    ...about(service, 'parked-and-taken-in', parked.filter((id) => has.has(id) && !known.has(id)), `events of ${stream} are parked, and in the log`),
  ];
}

function reacted({ service, reactions, log }: ServiceEvidence): DeliveryViolation[] {
  return reactions.flatMap(({ name, on, causes }) => {
    const expected = new Set(log.filter(({ type }) => on.includes(type)).map(({ id }) => id));
    const times = new Map<string, number>();
    for (const id of causes) times.set(id, (times.get(id) ?? 0) + 1);
    return [
      ...about(service, 'reaction-missing', [...expected].filter((id) => !times.has(id)), `events were not answered by ${name}`),
      ...about(service, 'reaction-twice', [...times].filter(([, count]) => count > 1).map(([id]) => id), `events were answered more than once by ${name}`),
      ...about(service, 'reaction-unfounded', [...times.keys()].filter((id) => !expected.has(id)), `answers of ${name} answer nothing in the log`),
    ];
  });
}

const rebuilt = ({ service, readModels }: ServiceEvidence): DeliveryViolation[] => readModels.flatMap(({ name, served, rebuilt: again }): DeliveryViolation[] =>
  (served === again ? [] : [{ kind: 'rebuilt-otherwise', service, what: `${service}: ${name} was served with hash ${served}, and is rebuilt with ${again}` }]));
