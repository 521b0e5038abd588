/**
 * A task: what somebody is asked to do, e.g. by the reaction plan of a characteristic whose chart signals. Guards: it is done
 * when a person says what was done, and says so once. Stream: task-<taskId>. All its events are public.
 */
import type { TaskCompleted, TaskOpened } from '@touchstone/contracts/control';

export const taskStream = (taskId: string): string => `task-${taskId}`;

export type TaskEvent = TaskOpened | TaskCompleted;
