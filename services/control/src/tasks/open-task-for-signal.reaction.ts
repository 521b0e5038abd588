import { derivedId } from '@touchstone/kernel';
import type { ControlSignalRaised } from '@touchstone/contracts/control';
import { reaction } from '@touchstone/event-store';
import { OpenTask } from './commands.js';
import { tasks } from './slice.js';

/**
 * A signal starts the reaction plan of its characteristic, once for an inspection however many tests fire on its samples. It says
 * nothing about a requirement, so it opens nothing else.
 */
export const openTaskForSignal = reaction({
  name: 'open-task-for-signal',
  on: ['control.ControlSignalRaised.v1'],
  send: ({ id, data }) => {
    const { chartId, characteristicId, test, of, points, reaction: instructions } = data as ControlSignalRaised['data'];
    const subject = `Signal on ${characteristicId}: test ${test}${of === 'range' ? ' on the range' : ''} at sample ${points.at(-1)?.sample}`;
    const taskId = derivedId('task', chartId, points.at(-1)?.inspectionId ?? id);
    return [{ slice: tasks, command: Object.assign(new OpenTask(), { taskId, subject, causeId: id, instructions }) }];
  },
});
