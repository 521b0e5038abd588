import { slice } from '@touchstone/event-store';
import { nonconformityCommands } from './commands.js';
import { nonconformity } from './decider.js';
import { nonconformityStream } from './events.js';
import { nonconformityFacts } from './nonconformities.facts.js';

/** Nonconformities: their commands, who decides them, and on which stream. */
export const nonconformities = slice({
  decider: nonconformity,
  commands: nonconformityCommands,
  stream: (command) => nonconformityStream(command.nonconformityId),
  prepare: nonconformityFacts,
});
