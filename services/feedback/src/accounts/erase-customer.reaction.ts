import { reaction } from '@touchstone/event-store';
import { ConfirmErasure } from './commands.js';
import type { ErasureOrdered } from './events.js';
import { accounts } from './slice.js';

/**
 * What was ordered is done: the keys are destroyed, then it is confirmed. After a crash in between both are done again, which changes
 * nothing but the time that is told.
 */
export const eraseCustomer = reaction({
  name: 'erase-customer',
  on: ['feedback.ErasureOrdered.v1'],
  from: 'beginning',
  destroysKeysOf: ({ data }) => (data as ErasureOrdered['data']).subjects,
  send: ({ data }) => {
    const { accountId, number } = data as ErasureOrdered['data'];
    return [{ slice: accounts, command: Object.assign(new ConfirmErasure(), { accountId, number }) }];
  },
});
