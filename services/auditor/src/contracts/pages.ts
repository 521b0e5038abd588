// The browsable catalogue of public events, in Markdown: an entry page and a page for each service.
import { annotations, fieldsOf, publishedSchema, serviceOf, topicOfType } from '@touchstone/contracts';
import type { AnyPublicEvent, Field, JsonSchema } from '@touchstone/contracts';
import { bridged, rules } from '@touchstone/contracts/compatibility';
import type { Release } from '@touchstone/contracts/compatibility';
import { EVERY_SERVICE, headers } from './async-api.js';
import { contracts, services, usersOf } from './landscape.js';
import type { Handler, ServiceUse } from './landscape.js';
import type { Consumer } from './registry.js';

export interface Known {
  readonly releases: readonly Release[];
  readonly consumers: readonly Consumer[];
}

const plain = (text: string): string => text.replaceAll(/([\\`*_|<>[\]])/g, '\\$1').replaceAll('\n', ' ');
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
const table = (heading: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const anchor = (type: string): string => type.toLowerCase().replaceAll('.', '');
const WRITTEN = 'Written from the contracts by `npm run touchstone -- contracts write`; not edited by hand.';

/** `released 2026-11-22`, and what else there is to know about whether to build on it. */
export function stateOf({ type, planned, deprecated }: AnyPublicEvent, releases: readonly Release[]): string {
  const released = releases.find((each) => each.kind === 'version' && each.type === type);
  return [
    released ? `released ${released.on}` : 'not released: it may still change',
    ...(planned ? ['planned: nobody writes it yet'] : []),
    ...(contracts.isPublished(type) ? [] : ['not published any more']),
    ...(deprecated ? [`deprecated since ${deprecated.since}, published until ${deprecated.until}, then ${deprecated.successor}`] : []),
  ].join('; ');
}

export function entryPage(events: readonly AnyPublicEvent[], { releases, consumers }: Known): string {
  const fields = fieldsOf(headers);
  return `${[
    '# Public events',
    WRITTEN,
    `What the services tell each other and the world: ${events.length} events on ${services.length} topics. How an event may change is in [release an event version](../../how-to/release-an-event-version.md).`,
    'For programs: [AsyncAPI 3.0](asyncapi.json), one [JSON Schema](schemas) (2020-12) for each event with golden samples as examples, [rights on topics](acls.json), [registered consumers](consumers.json).',
    '## Topics',
    table(['service', 'topic', 'events', 'taken in by'], services.map(({ name }) => [
      `[${name}](${name}.md)`, code(topicOfType(`${name}.`)), String(events.filter(({ type }) => serviceOf(type) === name).length),
      services.filter(({ listensTo }) => listensTo.some((interest) => interest.startsWith(`${name}/`))).map((each) => each.name).join(', ') || 'nobody',
    ])),
    'Topics are kept from the beginning of history and never compacted: a new consumer can rebuild everything. The key is the stream, `<category>-<id>`; what shares a key keeps its order, other order is not promised. The same event may come twice: it has the same `ce_id`. What reads an unknown type passes over it.',
    '## Headers',
    'CloudEvents 1.0 in binary mode; the value is the body as canonical JSON (RFC 8785).',
    table(['header', 'type', 'meaning'], fields.map(({ path, type, description }) => [code(path), plain(type), description])),
    '## Marks in the schemas',
    table(['keyword', 'meaning'], Object.entries(annotations).map(([keyword, means]) => [code(keyword), means])),
    '## Personal fields',
    'A field with `x-personal` stands encrypted on the topic (AES-256-GCM, a key for each subject). Only its producer can read it, and after an erasure nobody. Nothing may be decided on it. The examples show the plain text; on the topic stands an object with `cipher`, `kid`, `subject`, `nonce` and `text` in its place. Whoever has such a text by another way, or derives anything from it, reads [feedback.CustomerErased.v1](feedback.md#feedbackcustomererasedv1) and deletes by `deleteBy` whatever is about its `subjects`; ids, and what stands in clear in events, may stay.',
    '## Events',
    table(['event', 'meaning', 'state'], events.map((event) => [`[${event.type}](${serviceOf(event.type)}.md#${anchor(event.type)})`, plain(event.meaning), stateOf(event, releases)])),
    '## Registered consumers',
    consumers.length === 0 ? 'Nobody yet.' : table(['consumer', 'reads', 'for', 'contact'], consumers.map(({ name, events: types, purpose, contact }) => [name, types.map((type) => `[${type}](${serviceOf(type)}.md#${anchor(type)})`).join(', '), plain(purpose), plain(contact)])),
    '## Rules of change',
    'What the check refuses, by the id it reports.',
    table(['rule', 'broken when'], Object.entries(rules).map(([rule, means]) => [code(rule), plain(means)])),
  ].join('\n\n')}\n`;
}

export function servicePage({ name }: Pick<ServiceUse, 'name'>, events: readonly AnyPublicEvent[], known: Known): string {
  const categories = Map.groupBy(events.filter(({ type }) => serviceOf(type) === name), ({ stream }) => stream);
  return `${[
    `# Events of ${name}`,
    WRITTEN,
    name === EVERY_SERVICE ? 'Any service publishes these, on its own topic. [All public events](README.md) says what the headers are and what is promised.' : `Topic ${code(topicOfType(`${name}.`))}. [All public events](README.md) says what the headers are and what is promised.`,
    ...[...categories].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([category, inCategory]) => [
      `## Streams: ${category}`,
      `Keys ${code(`${category}-<id>`)}; taken in by ${services.filter(({ listensTo }) => listensTo.includes(`${name}/${category}`)).map((each) => each.name).join(', ') || 'no other service'}.`,
      ...inCategory.flatMap((event) => eventSection(event, known)),
    ]),
  ].join('\n\n')}\n`;
}

function eventSection(event: AnyPublicEvent, { releases, consumers }: Known): string[] {
  const schema = publishedSchema(event);
  const outside = consumers.filter(({ events }) => events.includes(event.type)).map(({ name }) => name);
  const differences = bridged(event.type, contracts);
  return [
    `### ${event.type}`,
    plain(event.meaning),
    [
      `- State: ${stateOf(event, releases)}`,
      `- Produced by: ${event.planned ? `${serviceOf(event.type)}, later` : serviceOf(event.type)}`,
      `- Consumed by: ${[...usersOf(event).map(({ service, handlers }) => `${service}${inWords(handlers)}`), ...outside.map((name) => `${name} (registered)`)].join('; ') || 'nobody'}`,
      `- Schema: [${event.type}.schema.json](schemas/${event.type}.schema.json)`,
    ].join('\n'),
    table(['field', 'type', 'unit', 'meaning', ''], fieldsOf(schema).map(fieldRow)),
    ...(differences.length > 0 ? [`To read older versions as this one: ${differences.map(({ from, at, message }) => `${code(at)} of ${from}: ${plain(message)}`).join('; ')}.`] : []),
    ['```json', JSON.stringify((schema['examples'] as readonly JsonSchema[])[0], null, 2), '```'].join('\n'),
  ];
}

const fieldRow = ({ path, type, unit, description, required, personal }: Field): string[] =>
  [code(path), plain(type), plain(unit ?? ''), plain(description), [...(required ? [] : ['optional']), ...(personal ? [`personal, of ${code(personal)}`] : [])].join('; ')];

const inWords = (handlers: readonly Handler[]): string => (handlers.length === 0 ? '' : ` (${handlers.map(({ kind, name }) => `${kind} ${name}`).join(', ')})`);
