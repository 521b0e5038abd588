import { slice } from '@touchstone/event-store';
import { inspectionCommands } from './commands.js';
import { inspection } from './decider.js';
import { inspectionStream } from './events.js';
import { inspectionFacts } from './inspections.facts.js';

/** Inspections: their commands, who decides them, and on which stream. */
export const inspections = slice({
  decider: inspection,
  commands: inspectionCommands,
  stream: (command) => inspectionStream(command.inspectionId),
  prepare: inspectionFacts,
  privateEvents: ['control.InspectionVoided.v1'],
});
