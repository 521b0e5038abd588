import { slice } from '@touchstone/event-store';
import { caseCommands } from './commands.js';
import { caseDecider } from './decider.js';
import { caseStream } from './events.js';

/** Cases: their commands, who decides them, and on which stream. */
export const cases = slice({
  decider: caseDecider,
  commands: caseCommands,
  stream: (command) => caseStream(command.caseId),
});
