import type { ResultOutOfSpecification } from '@touchstone/contracts/control';
import { reaction } from '@touchstone/event-store';
import { HoldQuantity } from './commands.js';
import { lots } from './slice.js';

/** A result out of specification holds the quantity that its sample stands for, and no more. */
export const holdOutOfSpecification = reaction({
  name: 'hold-out-of-specification',
  on: ['control.ResultOutOfSpecification.v1'],
  send: ({ id, data }) => {
    const { lotId, represents, characteristicId, values, unit, lower, upper, inspectionId } = data as ResultOutOfSpecification['data'];
    const reason = `${characteristicId} ${values.join(', ')} ${unit}, limits ${lower ?? '−'} to ${upper ?? '−'} ${unit}`;
    const command = Object.assign(new HoldQuantity(), { lotId, holdId: id, quantity: represents, cause: 'out-of-specification', causeId: inspectionId, reason });
    return [{ slice: lots, command }];
  },
});
