import type { ResultOutOfSpecification } from '@touchstone/contracts/control';
import { reaction } from '@touchstone/event-store';
import { HoldQuantity } from './commands.js';
import { lots } from './slice.js';

/** A sample may have a hundred values, a reason has 500 characters. */
const SHOWN = 3;
const REASON_LENGTH = 500;

/** A result out of specification holds the quantity that its sample stands for, and no more. */
export const holdOutOfSpecification = reaction({
  name: 'hold-out-of-specification',
  on: ['control.ResultOutOfSpecification.v1'],
  send: ({ id, data }) => {
    const { lotId, represents, characteristicId, values, unit, lower, upper, inspectionId } = data as ResultOutOfSpecification['data'];
    const shown = values.length > SHOWN ? `${values.slice(0, SHOWN).join(', ')} and ${values.length - SHOWN} more` : values.join(', ');
    const reason = `${characteristicId} ${shown} ${unit}, limits ${lower ?? '−'} to ${upper ?? '−'} ${unit}`.slice(0, REASON_LENGTH);
    const command = Object.assign(new HoldQuantity(), { lotId, holdId: id, quantity: represents, cause: 'out-of-specification', causeId: inspectionId, reason });
    return [{ slice: lots, command }];
  },
});
