import { sliceModule } from '@touchstone/platform';
import { openTaskForSignal } from './open-task-for-signal.reaction.js';
import { tasks } from './slice.js';
import { taskList } from './task-list.projection.js';
import { TasksController } from './tasks.controller.js';

export const tasksModule = sliceModule({
  slice: tasks,
  projections: [taskList],
  reactions: [openTaskForSignal],
  controllers: [TasksController],
});
