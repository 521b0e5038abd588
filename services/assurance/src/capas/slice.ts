import { slice } from '@touchstone/event-store';
import { capaCommands } from './commands.js';
import { capa } from './decider.js';
import { capaStream } from './events.js';

/** Corrective actions: their commands, who decides them, and on which stream. */
export const capas = slice({
  decider: capa,
  commands: capaCommands,
  stream: (command) => capaStream(command.capaId),
});
