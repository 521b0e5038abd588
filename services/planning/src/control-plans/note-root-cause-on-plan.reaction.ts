import type { RootCauseConfirmed } from '@touchstone/contracts/assurance';
import { reaction } from '@touchstone/event-store';
import { NoteCharacteristic } from './commands.js';
import { controlPlans } from './slice.js';

/** What a corrective action found out about a characteristic stands beside it in the plan: the loop from assurance to planning. */
export const noteRootCauseOnPlan = reaction({
  name: 'note-root-cause-on-plan',
  on: ['assurance.RootCauseConfirmed.v1'],
  send: ({ data }) => {
    const { capaId, itemId, characteristicId, rootCause, method } = data as RootCauseConfirmed['data'];
    if (characteristicId === undefined) return [];
    const command = { itemId, characteristicId, note: `Root cause (${method}): ${rootCause}`, causeId: capaId };
    return [{ slice: controlPlans, command: Object.assign(new NoteCharacteristic(), command) }];
  },
});
