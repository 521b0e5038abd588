import type { DispositionDecided } from '@touchstone/contracts/control';
import { reaction } from '@touchstone/event-store';
import { ApplyDisposition } from './commands.js';
import { lots } from './slice.js';

/** What was decided about a nonconforming quantity is carried out on its lot, each decision once. */
export const applyDisposition = reaction({
  name: 'apply-disposition',
  on: ['control.DispositionDecided.v1'],
  send: ({ id, data }) => {
    const { lotId, nonconformityId, disposition, quantity } = data as DispositionDecided['data'];
    return [{ slice: lots, command: Object.assign(new ApplyDisposition(), { lotId, nonconformityId, dispositionId: id, disposition, quantity }) }];
  },
});
