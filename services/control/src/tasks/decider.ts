import type { Decider } from '@touchstone/kernel';
import { isSystem, refuse, unreachable } from '@touchstone/kernel';
import { taskCompleted, taskOpened } from '@touchstone/contracts/control';
import type { TaskCommand } from './commands.js';
import type { TaskEvent } from './events.js';

export interface Task {
  readonly taskId: string;
  readonly subject: string;
  readonly causeId: string;
  readonly status: 'open' | 'completed';
}

export const task: Decider<Task | undefined, TaskCommand, TaskEvent> = {
  name: 'control.task',
  version: 1,
  initialState: () => undefined,
  evolve(state, event) {
    if (event.type === 'control.TaskOpened.v1') {
      const { taskId, subject, causeId } = event.data;
      return { taskId, subject, causeId, status: 'open' };
    }
    if (!state) throw new Error(`${event.type} before the task was opened`);
    return event.type === 'control.TaskCompleted.v1' ? { ...state, status: 'completed' } : unreachable(event);
  },
  decide(state, command, _facts, { actor }) {
    if (command.type === 'OpenTask') {
      const { type: _, ...asked } = command;
      if (state && isSystem(actor)) return []; // the next signal of the same inspection
      return state ? refuse('TASK_ALREADY_OPENED', { subject: state.subject }) : [taskOpened(asked)];
    }
    if (!state) return refuse('TASK_UNKNOWN', { taskId: command.taskId });
    if (isSystem(actor)) return refuse('PERSON_REQUIRED', { actor: actor.id });
    if (state.status === 'completed') return refuse('TASK_COMPLETED', { taskId: state.taskId });
    return [taskCompleted({ taskId: state.taskId, causeId: state.causeId, done: command.done, completedBy: actor.id })];
  },
};
