import { derivedId } from '@touchstone/kernel';
import type { ControlSignalRaised } from '@touchstone/contracts/control';
import { reaction } from '@touchstone/event-store';
import { HoldQuantity } from './commands.js';
import { lots } from './slice.js';

/**
 * Where the control plan wants it, a signal holds the quantity that its sample stands for. Several signals of one sample hold it
 * once: the hold is named for the sample.
 */
export const holdForSignal = reaction({
  name: 'hold-for-signal',
  on: ['control.ControlSignalRaised.v1'],
  send: ({ id, data }) => {
    const { chartId, characteristicId, lotId, test, of, points, onSignal, represents } = data as ControlSignalRaised['data'];
    const last = points.at(-1);
    if (onSignal !== 'task-and-hold' || !last) return [];
    const reason = `signal on ${characteristicId}: test ${test}${of === 'range' ? ' on the range' : ''} at sample ${last.sample}`;
    const holdId = derivedId('hold', chartId, last.inspectionId, last.sample);
    return [{ slice: lots, command: Object.assign(new HoldQuantity(), { lotId, holdId, quantity: represents, cause: 'signal', causeId: id, reason }) }];
  },
});
