import { slice } from '@touchstone/event-store';
import { lotCommands } from './commands.js';
import { lot } from './decider.js';
import { lotStream } from './events.js';
import { lotFacts } from './lots.facts.js';

/** Lots: their commands, who decides them, and on which stream. A lot's number is unique in the deployment. */
export const lots = slice({
  decider: lot,
  commands: lotCommands,
  stream: (command) => lotStream(command.lotId),
  prepare: lotFacts,
  claims: (event) => (event.type === 'control.LotRegistered.v1' ? [`lot-number:${event.data.number}`] : []),
});
