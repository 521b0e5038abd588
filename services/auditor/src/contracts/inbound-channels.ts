import type { Json, JsonSchema } from '@touchstone/contracts';
import { inboundTopicOf, replyTopicOf } from '@touchstone/messaging';
import { INBOUND_KEPT_MS, PARTITIONS } from '@touchstone/messaging/kafka';
import type { ServiceUse } from './landscape.js';

const text = (description: string): JsonSchema => ({ type: 'string', description });
const ref = (path: string): Json => ({ $ref: path });

/** Headers of a command that another system sends: CloudEvents 1.0 in binary mode, and who sends it. */
const commandHeaders: JsonSchema = {
  type: 'object', required: ['ce_id', 'ce_type', 'ce_source', 'authorization'],
  properties: {
    ce_specversion: { type: 'string', const: '1.0', description: 'version of CloudEvents' },
    ce_id: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$', description: 'key of the command, as Idempotency-Key over HTTP: repeated by the same actor it is carried out once' },
    ce_type: text('<service>.<command>'), ce_source: text('the sending system; told again in the reply'),
    authorization: text('Bearer and a token of the configured issuer: who sends is who the token says'),
    touchstone_occurred_at: { type: 'string', format: 'date-time', description: 'when it became true; now, when left out' },
  },
};

const replyHeaders: JsonSchema = {
  type: 'object', required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'content-type', 'touchstone_status', 'touchstone_command', 'touchstone_reply_to'],
  properties: {
    ce_specversion: { type: 'string', const: '1.0', description: 'version of CloudEvents' }, ce_id: { type: 'string', format: 'uuid', description: 'id of the reply' },
    ce_type: { type: 'string', enum: ['inbound.CommandAccepted.v1', 'inbound.CommandRefused.v1'], description: 'whether it was carried out' }, ce_source: text('id of the log of the service'),
    'content-type': { type: 'string', enum: ['application/json', 'application/problem+json'], description: 'of the value' },
    touchstone_status: { type: 'string', pattern: '^[2-5][0-9]{2}$', description: 'the status that HTTP would have' }, touchstone_command: text('ce_type of the command'), touchstone_reply_to: text('ce_source of the command'),
  },
};

const reply: JsonSchema = {
  type: 'object', required: ['status'],
  properties: {
    status: { type: 'integer', description: 'as over HTTP: 201 carried out, 200 had been before or nothing was left to do; else a problem' },
    code: text('of a problem: stable, listed in docs/reference/errors.md'), detail: text('of a problem: what to do'), stream: text('of what the command was about'),
    version: { type: 'integer', description: 'of the stream' }, position: text('where the log of the service stood after it'), events: { type: 'array', items: { type: 'object' }, description: 'id and type of what was recorded' },
  },
};

const keptFor: Json = { 'cleanup.policy': ['delete'], 'retention.ms': INBOUND_KEPT_MS };
const channel = (address: string, title: string, description: string, messages: Json): Json =>
  ({ address, title, description, messages, bindings: { kafka: { topic: address, partitions: PARTITIONS, topicConfiguration: keptFor, bindingVersion: '0.5.0' } } });

/** Topics on which other systems send commands and read the answers, where a service has them turned on. */
export function inboundChannels(services: readonly ServiceUse[]): { channels: [string, Json][]; operations: [string, Json][]; messages: [string, Json][]; schemas: [string, Json][] } {
  return {
    channels: services.flatMap(({ name, commands }): [string, Json][] => [
      [`${name}-commands`, channel(inboundTopicOf(name), `Commands to ${name}`, 'Written by registered senders. Commands with one key are carried out one after the other. Turned on by TOUCHSTONE_INBOUND.',
        Object.fromEntries([...commands.keys()].map((type) => [type, ref(`#/components/messages/${name}.${type}`)])))],
      [`${name}-replies`, channel(replyTopicOf(name), `Answers of ${name}`, 'The key is the ce_id of the command. The same reply may come twice.', { reply: ref('#/components/messages/inbound-reply') })],
    ]),
    operations: services.flatMap(({ name }): [string, Json][] => [
      [`${name}-takes-commands`, {
        action: 'receive', channel: ref(`#/channels/${name}-commands`), summary: `${name} carries out what others send, as over HTTP.`, reply: { channel: ref(`#/channels/${name}-replies`), messages: [ref(`#/channels/${name}-replies/messages/reply`)] },
      }],
    ]),
    messages: [
      ...services.flatMap(({ name, commands }) => [...commands.keys()].map((type): [string, Json] => [`${name}.${type}`, {
        name: `${name}.${type}`, title: `${name}.${type}`, contentType: 'application/json', headers: ref('#/components/schemas/inbound-command-headers'),
        payload: ref(`#/components/schemas/${name}.${type}`),
      }])),
      ['inbound-reply', { name: 'inbound-reply', title: 'Answer to a command', contentType: 'application/json', headers: ref('#/components/schemas/inbound-reply-headers'), payload: ref('#/components/schemas/inbound-reply') }],
    ],
    schemas: [
      ...services.flatMap(({ name, commands }) => [...commands].map(([type, schema]): [string, Json] => [`${name}.${type}`, { title: `${name}.${type}`, description: 'fields of the command, with the ids that stand in the path over HTTP', ...schema }])),
      ['inbound-command-headers', commandHeaders], ['inbound-reply-headers', replyHeaders], ['inbound-reply', reply],
    ],
  };
}
