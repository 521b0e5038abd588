import { slice } from '@touchstone/event-store';
import { loyaltyCommands } from './commands.js';
import { loyalty } from './decider.js';
import { loyaltyStream } from './events.js';
import { loyaltyFacts } from './loyalty.facts.js';

/** Loyalty: one an account; its command, who decides it, and on which stream. */
export const loyalties = slice({
  decider: loyalty,
  commands: loyaltyCommands,
  stream: (command) => loyaltyStream(command.accountId),
  prepare: loyaltyFacts,
});
