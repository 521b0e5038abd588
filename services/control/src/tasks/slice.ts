import { slice } from '@touchstone/event-store';
import { taskCommands } from './commands.js';
import { task } from './decider.js';
import { taskStream } from './events.js';

/** Tasks: their commands, who decides them, and on which stream. */
export const tasks = slice({
  decider: task,
  commands: taskCommands,
  stream: (command) => taskStream(command.taskId),
});
