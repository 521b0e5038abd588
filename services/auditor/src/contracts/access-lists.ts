import { serviceOf, topicOfType } from '@touchstone/contracts';
import type { ServiceUse } from './landscape.js';
import type { Consumer } from './registry.js';

/** One entry of Kafka's access lists. What is not allowed is denied (`allow.everyone.if.no.acl.found=false`). */
export interface AccessRule {
  readonly principal: string;
  readonly resource: 'topic' | 'group';
  readonly name: string;
  readonly pattern: 'literal' | 'prefixed';
  readonly operations: readonly ('Read' | 'Write' | 'Describe' | 'Create')[];
}

/** The consumer group in which a service takes events in; further ones of its own begin with `<service>.` as well. */
export const groupOf = (service: string): string => `${service}.ingest`;

/**
 * The least rights each needs. A service writes and creates its own topic only, and reads it, to see what others were told, and those it listens to with groups of its
 * own; a registered consumer reads the topics of its events. Nobody may delete, alter or use others' groups.
 */
export function accessRules(services: readonly ServiceUse[], consumers: readonly Consumer[]): AccessRule[] {
  return [
    ...services.flatMap(({ name, listensTo }): AccessRule[] => [
      { principal: `User:${name}`, resource: 'topic', name: topicOfType(`${name}.`), pattern: 'literal', operations: ['Write', 'Read', 'Describe', 'Create'] },
      ...reading(name, [...new Set(listensTo.map((interest) => topicOfType(interest.replace('/', '.'))))]),
      own(name),
    ]),
    ...consumers.flatMap(({ name, events, groups }) => [
      ...reading(name, [...new Set(events.map((type) => `${serviceOf(type)}.events.v1`))]),
      ...groups.flatMap((group): AccessRule[] => [{ principal: `User:${name}`, resource: 'group', name: group, pattern: 'literal', operations: ['Read'] }, own(name, group)]),
    ]),
  ];
}

const reading = (name: string, topics: readonly string[]): AccessRule[] =>
  topics.toSorted().map((topic) => ({ principal: `User:${name}`, resource: 'topic', name: topic, pattern: 'literal', operations: ['Read', 'Describe'] }));

/** Groups below a name, with the dot, so that the prefix of one is never the beginning of another's name. */
const own = (name: string, group = name): AccessRule => ({ principal: `User:${name}`, resource: 'group', name: `${group}.`, pattern: 'prefixed', operations: ['Read'] });

/** The same for a deployment whose topics and groups begin with `prefix`. */
export const withPrefix = (rules: readonly AccessRule[], prefix: string): AccessRule[] => rules.map((rule) => ({ ...rule, name: prefix + rule.name }));

/** The commands of Kafka's own tool that put the rules in force. */
export const aclCommands = (rules: readonly AccessRule[], bootstrap: string): string[] =>
  rules.map(({ principal, resource, name, pattern, operations }) =>
    `kafka-acls --bootstrap-server ${bootstrap} --command-config admin.properties --add --allow-principal ${principal} ${operations.map((each) => `--operation ${each}`).join(' ')} --${resource} ${name} --resource-pattern-type ${pattern}`);
