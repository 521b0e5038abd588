import { publishedSchema } from '@touchstone/contracts';
import type { Finding } from '@touchstone/contracts/compatibility';
import { accessRules } from './access-lists.js';
import { inboundRules, senderRules } from './inbound-access.js';
import { EVERY_SERVICE, asyncApi } from './async-api.js';
import { contracts, services } from './landscape.js';
import type { Known } from './pages.js';
import { entryPage, servicePage } from './pages.js';
import { registrySchema } from './registry.js';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** All that is written from the contracts, by its path in the folder of the reference. */
export function reference(known: Known): ReadonlyMap<string, string> {
  const events = contracts.events.toSorted((a, b) => (a.type < b.type ? -1 : 1));
  return new Map([
    ['README.md', entryPage(events, known)],
    ...[...services, { name: EVERY_SERVICE, listensTo: [] }].map((service): [string, string] => [`${service.name}.md`, servicePage(service, events, known)]),
    ['asyncapi.json', json(asyncApi(events, services, known.consumers))],
    ['acls.json', json({ principals: 'a SASL user has the name of the service or consumer', broker: { 'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer', 'allow.everyone.if.no.acl.found': false, 'auto.create.topics.enable': false }, rules: accessRules(services, known.consumers), inbound: { rules: services.flatMap(({ name }) => inboundRules(name)), templateOfSender: senderRules('<sender>', '<service>') } })],
    ['consumers.schema.json', json(registrySchema)],
    ...events.map((event): [string, string] => [`schemas/${event.type}.schema.json`, json(publishedSchema(event))]),
  ]);
}

/** Files that say something else than the contracts do, are missing, or belong to no event. */
export function outOfDate(expected: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): Finding[] {
  const finding = (of: string, message: string): Finding => ({ rule: 'REFERENCE_OUT_OF_DATE', of, at: '', message: `${message}: write the reference again` });
  return [
    ...[...expected].flatMap(([path, text]) => (found.get(path) === text ? [] : [finding(path, found.has(path) ? 'says something else than the contracts' : 'is missing')])),
    ...[...found.keys()].filter((path) => path !== 'consumers.json' && !expected.has(path)).map((path) => finding(path, 'belongs to nothing')),
  ];
}
