import { Type } from '@sinclair/typebox';
import type { Static } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Finding } from '@touchstone/contracts/compatibility';

const Consumer = Type.Object({
  name: Type.String({ pattern: '^[a-z][a-z0-9-]{2,59}$', description: 'of the consumer; the name it logs in to Kafka with, too' }),
  contact: Type.String({ minLength: 3, maxLength: 200, description: 'who is told when an event they read goes: an address that is read, of a team rather than a person' }),
  purpose: Type.String({ minLength: 10, maxLength: 500, description: 'what the events are read for' }),
  events: Type.Array(Type.String({ pattern: '^[a-z]+\\.[A-Z][A-Za-z]+\\.v[1-9][0-9]*$' }), { minItems: 1, uniqueItems: true, description: 'types that are read, with their versions' }),
  groups: Type.Array(Type.String({ pattern: '^[a-z][a-z0-9.-]{2,99}$' }), { minItems: 1, uniqueItems: true, description: 'its consumer groups: these, and whatever begins with one of them and a dot; each is its name, or begins with its name and a dot' }),
  readsPersonal: Type.Boolean({ description: 'whether it keeps personal fields it got by another way, and so deletes them when CustomerErased says so' }),
  since: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'day of the registration, ISO 8601' }),
}, { additionalProperties: false });
export type Consumer = Static<typeof Consumer>;

const Registry = Type.Object(
  { $schema: Type.Optional(Type.String()), consumers: Type.Array(Consumer, { description: 'in the order of their registration' }) },
  { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'urn:touchstone:events:consumers', title: 'Consumers of public events', description: 'Who reads public events outside of Touchstone: whom to tell, and what their rights on topics follow from.', additionalProperties: false },
);
export const registrySchema: unknown = JSON.parse(JSON.stringify(Registry));

/** The registered consumers. Throws with the first thing that is wrong in the file, by its place. */
export function parseConsumers(text: string): readonly Consumer[] {
  const parsed: unknown = JSON.parse(text);
  const wrong = Value.Errors(Registry, parsed).First();
  if (wrong) throw new Error(`${wrong.path || '/'}: ${wrong.message.toLowerCase()}`);
  const { consumers } = parsed as Static<typeof Registry>;
  const [twice] = consumers.filter(({ name }, index) => consumers.findIndex((other) => other.name === name) < index);
  if (twice) throw new Error(`${twice.name} is registered twice`);
  const [stranger] = consumers.filter(({ name, groups }) => groups.some((group) => group !== name && !group.startsWith(`${name}.`)));
  if (stranger) throw new Error(`groups of ${stranger.name} are ${stranger.name} or begin with ${stranger.name}.`);
  return consumers;
}

/** Consumers that read what there is not. */
export const unknownEvents = (consumers: readonly Consumer[], types: readonly string[]): Finding[] =>
  consumers.flatMap(({ name, events }) => events.filter((type) => !types.includes(type))
    .map((type) => ({ rule: 'CONSUMER_OF_UNKNOWN_EVENT' as const, of: name, at: '/events', message: `there is no event ${type}` })));
