import { derivedId } from '@touchstone/kernel';
import { taskCompleted, taskOpened } from '@touchstone/contracts/control';
import { atFirst, projectionSpec, recorded, testDatabase } from '@touchstone/testing';
import type { TaskEvent } from './events.js';
import { taskStream } from './events.js';
import { taskList, TaskRow } from './task-list.projection.js';

const first = derivedId('task', 1);
const second = derivedId('task', 2);
const asked = { subject: 'Signal on diameter: test 1 at sample 37', causeId: 'signal-1', instructions: 'check tool wear' };
const event = ({ type, data }: TaskEvent) => recorded(type, data, { stream: taskStream(data.taskId) });

/** Starting a PostgreSQL takes its time on a busy machine. */
const MOST_MS = 60_000;

describe('the list of tasks', () => {
  const spec = projectionSpec(taskList, { database: testDatabase() });
  const log = spec.given(
    event(taskOpened({ ...asked, taskId: first })), event(taskOpened({ ...asked, taskId: second, dueAt: '2026-03-03T08:00:00.000Z' })),
    event(taskCompleted({ taskId: first, causeId: 'signal-1', done: 'tool changed', completedBy: 'inspector-1' })),
  );

  it('shows what is open and by when, and what was done by whom', () => log.thenRows(TaskRow, [
    { ...asked, taskId: first, status: 'completed', dueAt: null, openedAt: atFirst, done: 'tool changed', completedBy: 'inspector-1', completedAt: atFirst },
    { ...asked, taskId: second, status: 'open', dueAt: '2026-03-03T08:00:00.000Z', openedAt: atFirst, done: null, completedBy: null, completedAt: null },
  ]), MOST_MS);
  it('is the same however the log is cut into batches', () => log.survivesRandomBatches(), MOST_MS);
  it('is the same when built again from nothing', () => log.rebuildEqualsLive(), MOST_MS);
});
