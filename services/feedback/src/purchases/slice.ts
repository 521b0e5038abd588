import { slice } from '@touchstone/event-store';
import { purchaseCommands } from './commands.js';
import { purchaseDecider } from './decider.js';
import { purchaseStream } from './events.js';
import { purchaseFacts } from './purchases.facts.js';

/** Purchases: their command, who decides it, and on which stream. */
export const purchases = slice({
  decider: purchaseDecider,
  commands: purchaseCommands,
  stream: (command) => purchaseStream(command.purchaseId),
  prepare: purchaseFacts,
});
