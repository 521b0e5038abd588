import { derivedId } from '@touchstone/kernel';
import { contracts } from '@touchstone/contracts';
import { taskCompleted, taskOpened } from '@touchstone/contracts/control';
import { deciderSpec } from '@touchstone/testing';
import type { CompleteTask, OpenTask } from './commands.js';
import { task } from './decider.js';

const taskId = derivedId('task', 1);
const asked = { taskId, subject: 'Signal on diameter: test 1 at sample 37', causeId: 'signal-1', instructions: 'check tool wear', dueAt: '2026-03-03T08:00:00.000Z' };
const open: OpenTask = { type: 'OpenTask', ...asked };
const complete: CompleteTask = { type: 'CompleteTask', taskId, done: 'tool changed' };
const completed = taskCompleted({ taskId, causeId: 'signal-1', done: 'tool changed', completedBy: 'inspector-1' });
const spec = deciderSpec(task, { contracts });

describe('a task', () => {
  it('is opened with what to do', () => spec.when(open).then(taskOpened(asked)));
  it('is opened once', () => {
    spec.repeating(open);
    spec.given(taskOpened(asked)).when({ ...open, subject: 'other' }).thenRefused('TASK_ALREADY_OPENED', { subject: asked.subject });
  });
  it('is not opened again by the next signal of the same inspection', () =>
    spec.given(taskOpened(asked)).when({ ...open, subject: 'other' }, { actor: { id: 'system:control:x', roles: ['system'] } }).thenNothing());
  it('is completed by the person who did it, saying what was done', () => spec.given(taskOpened(asked)).when(complete).then(completed));
  it('is completed once', () => {
    spec.given(taskOpened(asked)).repeating(complete);
    spec.given(taskOpened(asked), completed).when(complete).thenRefused('TASK_COMPLETED', { taskId });
  });
  it('is not completed by the platform', () =>
    spec.given(taskOpened(asked)).when(complete, { actor: { id: 'system:control:x', roles: ['system'] } }).thenRefused('PERSON_REQUIRED', { actor: 'system:control:x' }));
  it('must be known to be completed', () => spec.when(complete).thenRefused('TASK_UNKNOWN', { taskId }));
});
