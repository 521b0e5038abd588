import { slice } from '@touchstone/event-store';
import { complaintCommands } from './commands.js';
import { complaintFacts } from './complaints.facts.js';
import { complaintDecider } from './decider.js';
import { complaintStream } from './events.js';

/** Complaints: their commands, who decides them, and on which stream. */
export const complaints = slice({
  decider: complaintDecider,
  commands: complaintCommands,
  stream: (command) => complaintStream(command.complaintId),
  prepare: complaintFacts,
});
