import { inboundTopicOf, replyTopicOf } from '@touchstone/messaging';
import type { AccessRule } from './access-lists.js';

const topic = (principal: string, name: string, operations: AccessRule['operations']): AccessRule => ({ principal: `User:${principal}`, resource: 'topic', name, pattern: 'literal', operations });
const groups = (principal: string): AccessRule => ({ principal: `User:${principal}`, resource: 'group', name: `${principal}.`, pattern: 'prefixed', operations: ['Read'] });

/** What a service needs to take commands in: nobody else may read them, for they carry tokens. */
export const inboundRules = (service: string): AccessRule[] =>
  [topic(service, inboundTopicOf(service), ['Read', 'Describe', 'Create']), topic(service, replyTopicOf(service), ['Write', 'Describe', 'Create']), groups(service)];

/** What a sender of commands to a service needs: to write them and to read the answers, in groups that begin with its name and a dot. */
export const senderRules = (sender: string, service: string): AccessRule[] =>
  [topic(sender, inboundTopicOf(service), ['Write', 'Describe']), topic(sender, replyTopicOf(service), ['Read', 'Describe']), groups(sender)];
