import type { AnyPublicEvent, Json, JsonSchema } from '@touchstone/contracts';
import { publishedSchema, serviceOf, topicOfType } from '@touchstone/contracts';
import { PARTITIONS } from '@touchstone/messaging/kafka';
import { groupOf } from './access-lists.js';
import { inboundChannels } from './inbound-channels.js';
import type { ServiceUse } from './landscape.js';
import type { Consumer } from './registry.js';

const uuid = (description: string): JsonSchema => ({ type: 'string', format: 'uuid', description });

/** Kafka headers of every event: CloudEvents 1.0 in binary mode, and ours. */
export const headers: JsonSchema = {
  type: 'object',
  required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'content-type', 'touchstone_meta', 'touchstone_seq'],
  properties: {
    ce_specversion: { type: 'string', const: '1.0', description: 'version of CloudEvents' },
    ce_id: uuid('id of the event; whoever gets it twice has a duplicate'),
    ce_type: { type: 'string', description: 'type of the event, with its version' },
    ce_source: { type: 'string', description: 'id of the log the event is in' },
    'content-type': { type: 'string', const: 'application/json', description: 'of the value' },
    touchstone_meta: {
      type: 'string', contentMediaType: 'application/json',
      description: 'canonical JSON with actor, commandId, causationId, correlationId, occurredAt (true from), recordedAt (known from), decider, reason and provenance; an event whose provenance has `migrated` starts nothing anywhere',
    },
    touchstone_derived_from: uuid('of an event that was made from a newer version while both are published: the ce_id of that one. The two are one fact'),
    touchstone_seq: { type: 'string', pattern: '^[1-9][0-9]*$', description: 'place in the log of the producer, as decimal digits; rises within a partition, with gaps where events are private' },
  },
};

/** In the types of events that any service may publish, on its own topic: about its log. */
export const EVERY_SERVICE = 'platform';

const ref = (path: string): Json => ({ $ref: path });

/** All topics, events and who sends and receives them, as an AsyncAPI 3.0 document that stands alone. */
export function asyncApi(events: readonly AnyPublicEvent[], services: readonly ServiceUse[], consumers: readonly Consumer[]): JsonSchema {
  const inbound = inboundChannels(services);
  const ofService = (service: string) => events.filter(({ type }) => [service, EVERY_SERVICE].includes(serviceOf(type)));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Public events of Touchstone', version: '1.0.0', license: { name: 'Apache-2.0' },
      description: 'What the services of Touchstone tell each other and the world. A released version of an event never changes; topics are kept from the beginning of history.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries([...services.map(({ name }): [string, Json] => [name, channel(name, ofService(name))]), ...inbound.channels]),
    operations: Object.fromEntries([
      ...services.map(({ name }): [string, Json] => [`${name}-publishes`, { action: 'send', channel: ref(`#/channels/${name}`), summary: `${name} publishes its own events, and nobody else does.`, 'x-service': name }]),
      ...services.flatMap(({ name, listensTo }) => [...Map.groupBy(listensTo, (interest) => interest.split('/', 1)[0] ?? '')].map(([producer, interests]) =>
        receiving(`${name}-takes-in-${producer}`, producer, groupOf(name), ofService(producer).filter(({ stream }) => interests.includes(`${producer}/${stream}`)), `${name} takes in ${interests.join(', ')}, whole categories.`))),
      ...consumers.flatMap(({ name, events: types, groups, purpose }) => [...Map.groupBy(events.filter(({ type }) => types.includes(type)), ({ type }) => serviceOf(type))].map(([producer, read]) =>
        receiving(`${name}-reads-${producer}`, producer, groups[0] ?? name, read, `Registered consumer outside: ${purpose}`))),
      ...inbound.operations,
    ]),
    components: {
      messages: Object.fromEntries([...events.map((event): [string, Json] => [event.type, message(event)]), ...inbound.messages]),
      schemas: { headers, ...Object.fromEntries([...events.map((event): [string, Json] => [event.type, payload(event)]), ...inbound.schemas]) },
    },
  };
}

const channel = (service: string, events: readonly AnyPublicEvent[]): Json => ({
  address: topicOfType(`${service}.`), title: `Events of ${service}`,
  description: 'The key is the stream, `<category>-<id>`; events with one key are in one partition and keep their order. Kept without limit; partitions are never added.',
  messages: Object.fromEntries(events.map(({ type }) => [type, ref(`#/components/messages/${type}`)])),
  bindings: { kafka: { topic: topicOfType(`${service}.`), partitions: PARTITIONS, topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': -1, 'retention.bytes': -1 }, bindingVersion: '0.5.0' } },
});

const receiving = (id: string, producer: string, group: string, events: readonly AnyPublicEvent[], summary: string): [string, Json] => [id, {
  action: 'receive', channel: ref(`#/channels/${producer}`), summary,
  messages: events.map(({ type }) => ref(`#/channels/${producer}/messages/${type}`)),
  bindings: { kafka: { groupId: { type: 'string', description: `${group}, or begins with ${group}.` }, bindingVersion: '0.5.0' } },
}];

const message = (event: AnyPublicEvent): Json => ({
  name: event.type, title: event.type, summary: event.meaning, contentType: 'application/json', tags: [{ name: event.stream, description: 'category of streams' }],
  headers: ref('#/components/schemas/headers'), payload: ref(`#/components/schemas/${event.type}`),
  bindings: { kafka: { key: { type: 'string', pattern: `^${event.stream}-`, description: 'the stream' }, bindingVersion: '0.5.0' } },
  examples: (JSON.parse(JSON.stringify(event.samples)) as JsonSchema[]).map((sample, index) => ({ name: `golden-${index + 1}`, payload: sample })),
});

/** In the document's own schema format; the keywords we use mean the same in it and in draft 2020-12. */
function payload(event: AnyPublicEvent): JsonSchema {
  const { $schema: _dialect, $id: id, examples: _samples, ...schema } = publishedSchema(event);
  return { ...schema, ...(id !== undefined && { 'x-schema-id': id }) };
}
