import { slice } from '@touchstone/event-store';
import { policyCommands } from './commands.js';
import { policy } from './decider.js';
import { policyStream } from './events.js';
import { policyFacts } from './policies.facts.js';

/** Policies: their commands, who decides them, and on which stream. */
export const policies = slice({
  decider: policy,
  commands: policyCommands,
  stream: (command) => policyStream(command.policyId),
  prepare: policyFacts,
});
