import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { contracts } from '@touchstone/contracts';
import { partitionOf } from '@touchstone/messaging/kafka';
import { inboundTopicOf, replyTopicOf, topicOf } from '@touchstone/messaging';
import { filesUnder, read } from './docs/repository.js';

const at = 'docs/reference/events/asyncapi.json';
const official = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0.json'), 'utf8')) as object;
/** A place in the document; what is a text there is looked at as one where it is used. */
interface Node {
  readonly [name: string]: Node;
}
const document = JSON.parse(read(at)) as Node;
const everywhere = (node: unknown): Node[] => (typeof node === 'object' && node !== null ? [node as Node, ...Object.values(node).flatMap(everywhere)] : []);
const resolved = (ref: string): unknown => ref.slice(2).split('/').reduce<Node | undefined>((node, part) => node?.[part], document);

describe(at, () => {
  const validate = new Ajv({ strict: false, logger: false, validateFormats: false, meta: false, validateSchema: false }).compile(official);

  it('is an AsyncAPI 3.0 document, by the schema of AsyncAPI', () => {
    validate(document);
    expect(validate.errors).toBeNull();
  }, 60_000);
  it('would not be, with a wrong action or a channel without an address that is a text', () => {
    const [operation = ''] = Object.keys(document['operations'] ?? {});
    const [channel = ''] = Object.keys(document['channels'] ?? {});
    const wrong = [{ ...document, operations: { [operation]: { action: 'shout', channel: {} } } }, { ...document, channels: { [channel]: { address: 7 } } }];
    expect(wrong.map((each) => validate(each))).toEqual([false, false]);
  }, 60_000);
  it('refers only to what stands in it', () => {
    const refs = everywhere(document).flatMap(({ $ref }: { readonly $ref?: unknown }) => (typeof $ref === 'string' ? [$ref] : []));
    expect(refs.filter((ref) => resolved(ref) === undefined)).toEqual([]);
    expect(refs.length).toBeGreaterThan(contracts.events.length);
  });
  it('has a channel for each topic, with the events of its service', () => {
    const channels = Object.entries(document['channels'] ?? {}).filter(([name]) => !name.includes('-'));
    expect(channels.map(([service, { address }]) => [service, address])).toEqual(channels.map(([service]) => [service, topicOf(service)]));
    expect(channels.flatMap(([service, { messages }]) => Object.keys(messages ?? {}).filter((type) => type.startsWith(`${service}.`) || service === 'planning')).toSorted()).toEqual(contracts.events.map(({ type }) => type).toSorted());
    expect(channels.flatMap(([, { messages }]) => Object.keys(messages ?? {})).filter((type) => type === 'platform.LogEpochStarted.v1')).toHaveLength(channels.length);
  });
  it('has two more for the commands that a service takes, and their answers', () => {
    const channels = Object.entries(document['channels'] ?? {}).filter(([name]) => name.includes('-'));
    expect(channels.map(([name, { address }]) => [name, address])).toEqual(['planning', 'control', 'assurance', 'feedback', 'analytics'].flatMap((service) =>
      [[`${service}-commands`, inboundTopicOf(service)], [`${service}-replies`, replyTopicOf(service)]]));
  });
  it('says in how many partitions a key can land', () => {
    const counts = Object.values(document['channels'] ?? {}).map((channel) => Number(channel['bindings']?.['kafka']?.['partitions']));
    expect(new Set(counts).size).toBe(1);
    expect(partitionOf('lot-1', counts[0] ?? 0)).toBeLessThan(counts[0] ?? 0);
  });
  it('uses in bodies only keywords that mean the same in its schema format as in draft 2020-12', () => {
    const known = ['additionalProperties', 'anyOf', 'const', 'default', 'description', 'enum', 'format', 'items', 'maxItems', 'maxLength', 'maximum', 'minItems', 'minLength', 'minimum', 'pattern', 'properties', 'required', 'title', 'type', 'uniqueItems', 'deprecated'];
    const keywords = (schema: Node): string[] => [
      ...Object.keys(schema),
      ...Object.values(schema['properties'] ?? {}).flatMap(keywords), ...(schema['items'] ? keywords(schema['items']) : []), ...Object.values(schema['anyOf'] ?? {}).flatMap(keywords),
    ];
    const schemas = Object.entries(document['components']?.['schemas'] ?? {}).filter(([name]) => !name.includes('headers') && name !== 'inbound-reply');
    expect(schemas.length).toBeGreaterThan(contracts.events.length);
    const used = new Set(schemas.flatMap(([, schema]) => keywords(schema)));
    expect([...used].filter((keyword) => !known.includes(keyword) && !keyword.startsWith('x-'))).toEqual([]);
  });
});

describe('the JSON Schemas for outsiders', () => {
  it('are one for each event, and lie beside', () => {
    expect(filesUnder('docs/reference/events/schemas', () => true).map((path) => path.slice(path.lastIndexOf('/') + 1))).toEqual(contracts.events.map(({ type }) => `${type}.schema.json`).toSorted());
  });
});
