import { slice } from '@touchstone/event-store';
import { itemCommands } from './commands.js';
import { item } from './decider.js';
import { itemStream } from './events.js';

/** Items: their commands, who decides them, and on which stream. An item's number is unique in the deployment. */
export const items = slice({
  decider: item,
  commands: itemCommands,
  stream: (command) => itemStream(command.itemId),
  claims: (event) => (event.type === 'planning.ItemRegistered.v1' ? [`item-number:${event.data.number}`] : []),
});
