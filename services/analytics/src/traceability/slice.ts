import { slice } from '@touchstone/event-store';
import { exposureCommands } from './commands.js';
import { exposure } from './decider.js';
import { exposureStream } from './events.js';
import { exposureFacts } from './traceability.facts.js';

/** Exposures: one a nonconformity; its command, who decides it, and on which stream. */
export const exposures = slice({
  decider: exposure,
  commands: exposureCommands,
  stream: (command) => exposureStream(command.nonconformityId),
  prepare: exposureFacts,
});
