import { derivedId } from '@touchstone/kernel';
import type { ControlSignalRaised } from '@touchstone/contracts/control';
import { reaction } from '@touchstone/event-store';
import { OpenTask } from './commands.js';
import { tasks } from './slice.js';

/** A signal starts the reaction plan of its characteristic. It says nothing about a requirement, so it opens nothing else. */
export const openTaskForSignal = reaction({
  name: 'open-task-for-signal',
  on: ['control.ControlSignalRaised.v1'],
  send: ({ id, data }) => {
    const { characteristicId, test, of, points, reaction: instructions } = data as ControlSignalRaised['data'];
    const subject = `Signal on ${characteristicId}: test ${test}${of === 'range' ? ' on the range' : ''} at sample ${points.at(-1)?.sample}`;
    return [{ slice: tasks, command: Object.assign(new OpenTask(), { taskId: derivedId('task', id), subject, causeId: id, instructions }) }];
  },
});
