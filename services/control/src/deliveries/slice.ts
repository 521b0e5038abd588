import { slice } from '@touchstone/event-store';
import { deliveryCommands } from './commands.js';
import { delivery } from './decider.js';
import { deliveryFacts } from './deliveries.facts.js';
import { deliveryStream } from './events.js';

/** Deliveries: their commands, who decides them, and on which stream. */
export const deliveries = slice({
  decider: delivery,
  commands: deliveryCommands,
  stream: (command) => deliveryStream(command.deliveryId),
  prepare: deliveryFacts,
});
